// SPDX-License-Identifier: MIT

/// Attempts at several addresses of one host, of which the first that succeeds wins (RFC 8305).
///
/// An attempt begins when the one before has failed, or has taken so long that its address may be dead; it goes on
/// meanwhile, since it may only be slow.
struct HappyEyeballs {
    /// How long an attempt is alone.
    var delay = Duration.milliseconds(250)

    /// Addresses of both kinds by turns, so that where one kind is broken at most every second attempt is in vain. Begins
    /// with the kind that the system put first, and keeps its order within each kind.
    static func interleaved(_ addresses: [SocketAddress]) -> [SocketAddress] {
        let favoured = addresses.filter { $0.isIPv6 == addresses[0].isIPv6 }
        let others = addresses.filter { $0.isIPv6 != addresses[0].isIPv6 }
        return (0..<max(favoured.count, others.count)).flatMap { index in
            [favoured, others].compactMap { index < $0.count ? $0[index] : nil }
        }
    }

    /// What the first attempt to succeed returns. The others are cancelled, and what they return nevertheless is dropped.
    ///
    /// Parks the calling fiber until no attempt is left.
    ///
    /// - Throws: The error of the attempt that failed last.
    func first<Success>(
        of addresses: [SocketAddress], _ attempt: @escaping (SocketAddress) throws -> Success
    ) throws -> Success {
        let race = Race<Success>()
        return try withFiberGroup(onFailure: .cancelOthers) { group in
            for address in Self.interleaved(addresses) where race.winner == nil {
                race.runningCount += 1
                group.spawn(name: "connect to \(address)") { try race.run { try attempt(address) } }
                try race.waitForChange(atMost: delay)
            }
            while race.winner == nil, race.runningCount > 0 { try race.change.wait() }
            group.cancelAll()
            return try race.result()
        }
    }
}

private final class Race<Success> {
    var winner: Success?
    var runningCount = 0
    /// An attempt has ended.
    let change = Event(autoReset: true, name: "a connection")
    private var lastError: IOError?

    func run(_ attempt: () throws -> Success) throws {
        defer {
            runningCount -= 1
            change.notify()
        }
        do {
            let success = try attempt()
            if winner == nil { winner = success }
        } catch let error as IOError {
            lastError = error
        }
    }

    func waitForChange(atMost delay: Duration) throws {
        let deadline = LoopClock.now.advanced(by: delay)
        do {
            try withTimeout(delay, change.wait)
        } catch let error as TimeoutError {
            // A time limit of the caller throws the same error.
            guard LoopClock.now >= deadline else { throw error }
        }
    }

    func result() throws -> Success {
        if let winner { return winner }
        throw lastError ?? CancellationError()  // where an attempt failed to begin, which is what the group throws
    }
}
