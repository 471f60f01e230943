// SPDX-License-Identifier: MIT
// Manual, "Asynchronous Programming": basic operations on tasks. The sleeps are shorter than the manual's.

import Fibers

private func sleepThenPrint() throws {
    try Fiber.sleep(for: .milliseconds(20))
    print("done")
}

/// A task is made of what it is to do, and does not begin.
func createTask() throws {
    let task = Fiber { try sleepThenPrint() }
    print(task)
    print("started:", task.isStarted)
}

/// Scheduling it returns at once: the task starts when the current one waits, as the REPL does for its next input.
func scheduleTask() throws {
    let task = Fiber { try sleepThenPrint() }
    task.schedule()
    print("scheduled")
    try Fiber.sleep(for: .milliseconds(50))
    print("the next input")
}

/// Waiting for it makes the pause visible: what comes next comes after it.
func waitForTask() throws {
    let task = Fiber { try sleepThenPrint() }
    try task.schedule().wait()
    print("the next input")
}

/// To create and schedule in one call. The manual uses another thread, which is for later.
func spawnTask() throws {
    let task = Fiber.spawn { try sleepThenPrint() }
    print("spawned")
    try task.wait()
}
