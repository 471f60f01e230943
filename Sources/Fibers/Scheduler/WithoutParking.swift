// SPDX-License-Identifier: MIT

/// Runs `body`, in which every park throws at once: what can be done without parking is done. What others threw into
/// the fiber stays for its next park after that.
///
/// - Throws: What `body` throws, which is `CancellationError` where it would have parked.
package func withoutParking<Result>(_ body: () throws -> Result) throws -> Result {
    let fiber = Scheduler.current.current
    guard !fiber.interruption.contains(.noParking) else { throw CancellationError() }
    let handed = fiber.interruption.contains(.error) ? fiber.takeInterruption() : nil
    defer { if let handed { fiber.interrupt(throwing: handed) } }
    return try fiber.inScope(.group) { scope in
        scope.cancel()
        return try body()
    }
}

extension AnyFiber {
    /// Throws `error` out of the fiber's present park. Does nothing if it is not parked or its wait was decided
    /// already.
    package final func interruptIfUndecided(throwing error: any Error) { record.interruptIfUndecided(throwing: error) }
}
