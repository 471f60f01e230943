// SPDX-License-Identifier: MIT
import Fibers

/// What all clients share.
final class Service {
    let store = Store()
    let queues = ListQueues()
    let hub = Hub()
    var clientCount = 0
    private let start = LoopClock.now
    /// How many bytes may wait for a subscriber.
    let outboxLimit: Int
    /// How long a client may take for a command that it has begun.
    let patience: Duration

    init(outboxLimit: Int = 8 << 20, patience: Duration = .seconds(60)) {
        (self.outboxLimit, self.patience) = (outboxLimit, patience)
    }

    /// What INFO tells.
    var information: String {
        [
            "# Server", "redis_version:7.0.0",
            "uptime_in_seconds:\(start.duration(to: LoopClock.now).components.seconds)", "",
            "# Stats", "total_connections_received:\(clientCount)", "",
            "# Keyspace", store.count == 0 ? "" : "db0:keys=\(store.count),expires=0,avg_ttl=0",
        ].joined(separator: "\r\n")
    }
}
