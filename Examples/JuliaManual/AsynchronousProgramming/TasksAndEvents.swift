// SPDX-License-Identifier: MIT
// Manual, "Asynchronous Programming" and "Control Flow": tasks and events. Both describe it in words; the programs are
// ours.

import Fibers

/// Waiting for a process: the others go on until it exits.
func waitForProcess() throws {
    let process = try Command("sh", "-c", "sleep 0.02; exit 3").spawn()
    Fiber.spawn { print("another task runs meanwhile") }
    print(try process.wait())
}

/// A read waits by itself until there is something to read.
func waitInsideRead() throws {
    let listener = try TCPListener.listen(on: 0)
    defer { listener.close() }
    let connection = try TCPConnection.connect(to: "127.0.0.1", port: listener.address.port)
    defer { connection.close() }
    Fiber.spawn {
        let peer = try listener.accept()
        defer { peer.close() }
        print("another task writes")
        try peer.write("hello")
    }
    print("reading")
    print(String(decoding: try connection.read(), as: UTF8.self))
}

/// Every wait comes down to a condition: those that wait stand in its queue, and an event makes them runnable again.
func waitForCondition() throws {
    let condition = Condition<String>()
    let tasks = (1...2).map { number in
        Fiber.spawn { print("task \(number) got", try condition.wait()) }
    }
    try Fiber.yield()
    print(tasks.map(\.state), condition.notify("news"), tasks.map(\.state))
    try waitAll(tasks)
}

/// The scheduler does not know a task until it waits for an event, which then makes it go on.
func waitInTaskEnteredByHand() throws {
    let main = Fiber.current
    let task = Fiber {
        print("entered by a switch")
        try Fiber.sleep(for: .milliseconds(1))
        print("restarted by its timer")
        main.schedule()
    }
    try Fiber.switch(to: task)
    print("scheduled by the task")
}
