// SPDX-License-Identifier: MIT
import Fibers

/// Runs a synchronous test body as the root fiber of a loop of its own, so that tests can run side by side.
func inFiber<Result>(_ body: () throws -> Result) throws -> Result {
    try EventLoop.run(body)
}

/// Lets everything that is ready run, and what that makes ready, until nothing changes in practice.
func drain(rounds: Int = 20) throws {
    for _ in 0..<rounds { try Fiber.yield() }
}
