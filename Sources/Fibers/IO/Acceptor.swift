// SPDX-License-Identifier: MIT

/// What listeners share: accepting one connection after the other, with pauses where the system or the listener is short of
/// something.
final class Acceptor {
    let poll: DescriptorPoll
    /// Fibers in `accept` that wait for something else than a connection.
    private var pausing: [AnyFiber] = []

    init(_ poll: DescriptorPoll) { self.poll = poll }

    /// The next connection. Parks the calling fiber until there is one.
    ///
    /// - Parameter attempt: The system call on the listening descriptor: a connection or a negative code.
    func accept(_ subject: @autoclosure () -> String, _ attempt: (CInt) -> CInt) throws -> CInt {
        var pause = Duration.milliseconds(5)
        while true {
            let result = try poll.retry(.reading, attempt)
            if result >= 0 { return result }
            if Socket.isShortage(result) {
                try pausing { try Fiber.sleep(for: pause) }
                pause = Swift.min(pause * 2, .seconds(1))
            } else if !Socket.isLostConnection(result) {
                try check(result, "accept", subject())
            }
        }
    }

    /// Fibers in `accept` get `ClosedError`.
    func close() {
        poll.close()
        for fiber in pausing where fiber.state == .waiting {
            fiber.schedule(throwing: ClosedError(subject: poll.subject))
        }
    }

    /// Parks the calling fiber in `body`, out of which `close` throws.
    func pausing<Result>(_ body: () throws -> Result) throws -> Result {
        guard !poll.isClosed else { throw ClosedError(subject: poll.subject) }
        let fiber = Fiber.current
        pausing.append(fiber)
        defer { pausing.removeAll { $0 === fiber } }
        return try body()
    }
}
