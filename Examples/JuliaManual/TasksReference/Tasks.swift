// SPDX-License-Identifier: MIT
// API page, "Tasks" and "Scheduling": making tasks, scheduling them, asking about them.

import Fibers

private func sum() -> Int { (1...1000).reduce(0, +) }

/// A task of a function: it could run, and has not started.
func makeTaskOfFunction() throws {
    let b = Fiber(sum)
    print(b.state, b.isStarted)
}

/// A task of an expression, which is evaluated when the task is scheduled and its turn comes.
func makeTaskOfExpression() throws {
    let b = Fiber { sum() }
    print(b.isStarted)
    b.schedule()
    try Fiber.yield()
    print(b.isDone, try b.fetch())
}

/// Whether it has finished.
func askWhetherDone() throws {
    let b = Fiber(sum)
    print(b.isDone)
    b.schedule()
    try Fiber.yield()
    print(b.isDone)
}

/// Whether it has started.
func askWhetherStarted() throws {
    let b = Fiber(sum)
    print(b.isStarted)
}

/// Whether it ended with an error. Nobody here waits for it; so the error is also reported, on standard error.
func askWhetherFailed() throws {
    let b = Fiber { throw Failure("the task failed") }
    print(b.isFailed)
    b.schedule()
    try Fiber.yield()
    print(b.isFailed)
}

/// Scheduling only queues it; the next yield runs it.
func scheduleAndYield() throws {
    let b = Fiber(sum)
    print(b.isStarted)
    b.schedule()
    print(b.isStarted)
    try Fiber.yield()
    print(b.isStarted, b.isDone)
}
