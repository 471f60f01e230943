// SPDX-License-Identifier: MIT
import Foundation

@testable import Fibers

/// Name servers that answer a look-up only when told to, whatever the name.
final class SlowServers: Sendable {
    let mayAnswer = DispatchSemaphore(value: 0)
    private let counts = Locked((begun: 0, running: 0, peak: 0))

    var begun: Int { counts.withLock { $0.begun } }
    var peak: Int { counts.withLock { $0.peak } }

    @Sendable func addresses(of host: String) -> [SocketAddress] {
        counts.withLock { counts in
            counts.begun += 1
            counts.running += 1
            counts.peak = max(counts.peak, counts.running)
        }
        mayAnswer.wait()
        counts.withLock { $0.running -= 1 }
        return SocketAddress(numericHost: "127.0.0.1", port: 0).map { [$0] } ?? []
    }

    func answer(_ count: Int) { for _ in 0..<count { mayAnswer.signal() } }

    /// Parks until so many look-ups have begun.
    func waitUntilBegun(_ count: Int) throws { while begun < count { try Fiber.sleep(for: .microseconds(100)) } }
}
