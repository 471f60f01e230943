// SPDX-License-Identifier: MIT
// Manual of 2014, "Control Flow": what a task's state says.

import Fibers

/// The five states of the manual's table, one after the other.
func visitTaskStates() throws {
    let event = Condition<Void>()
    let task = Fiber { try event.wait() }
    print(task.state)
    task.schedule()
    print(task.state)
    try Fiber.yield()
    print(task.state)
    event.notify()
    try task.wait()
    print(task.state)
    let failing = Fiber.spawn { throw Failure("not caught") }
    try failing.waitUntilDone()
    print(failing.state)
}
