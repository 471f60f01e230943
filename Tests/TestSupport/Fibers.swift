// SPDX-License-Identifier: MIT
package import Fibers
package import SystemPackage

/// Runs a synchronous test body as the root fiber of a loop of its own, so that tests can run side by side.
package func inFiber<Result>(_ body: () throws -> Result) throws -> Result {
    try EventLoop.run(isolated: true, body)
}

/// Lets everything that is ready run, and what that makes ready, until nothing changes in practice.
package func drain(rounds: Int = 20) throws {
    for _ in 0..<rounds { try Fiber.yield() }
}

/// What `body` throws; `nil` if it returns.
package func failure<Result>(of body: () throws -> Result) -> (any Error)? {
    do {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

/// What a fiber fails with; `nil` if it returns. Parks until it has finished.
package func failure<Value>(of fiber: Fiber<Value>) -> (any Error)? {
    try? fiber.wait()
    return fiber.failure
}

/// What the system said, also if it said so in the midst of a write.
package func code(of error: (any Error)?) -> Errno? {
    ((error as? PartialWriteError)?.cause as? IOError ?? error as? IOError)?.code
}
