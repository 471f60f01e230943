// SPDX-License-Identifier: MIT
// API page, "Tasks": a map whose calls run in several tasks at once. The results show who ran them.

import Fibers

private func taskID() -> ObjectIdentifier { ObjectIdentifier(Fiber.current) }

/// Unless asked otherwise, each element has a task of its own.
func mapEachInItsTask() throws {
    let ids = try asyncMap(over: 1...5) { _ in taskID() }
    for id in ids { print(id) }
    print(Set(ids).count, "tasks")
}

/// Two tasks take turns.
func mapInTwoTasks() throws {
    let ids = try asyncMap(over: 1...5, concurrency: 2) { _ in taskID() }
    for id in ids { print(id) }
    print(Set(ids).count, "tasks")
}

/// In batches: the function gets several elements, and returns as many results. Batches are neighbours here, whereas
/// Julia deals elements out in turn, so the tasks come in another order.
func mapInBatches() throws {
    let lines = try asyncMap(over: 1...5, batchSize: 2, concurrency: 2) { batch in
        batch.map { "element \($0) of \(batch), task \(taskID())" }
    }
    for line in lines { print(line) }
}

/// The results go where they are wanted instead of into a new array. The page has no program for this one.
func mapIntoStore() throws {
    var squares = [Int](repeating: 0, count: 5)
    try asyncMap(over: 1...5, into: { squares[$0] = $1 }) { $0 * $0 }
    print(squares)
}
