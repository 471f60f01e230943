// SPDX-License-Identifier: MIT

/// What listeners share: accepting one connection after the other, with pauses where the system is short of something.
final class Acceptor {
    let poll: DescriptorPoll
    /// Fibers in `accept` that give the system time to free descriptors.
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
                try sleep(for: pause)
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

    private func sleep(for pause: Duration) throws {
        let fiber = Fiber.current
        pausing.append(fiber)
        defer { pausing.removeAll { $0 === fiber } }
        try Fiber.sleep(for: pause)
    }
}
