// SPDX-License-Identifier: MIT
import Fibers

/// Who has subscribed to what.
final class Hub {
    private var subscribers: [Bytes: [Client]] = [:]

    func add(_ client: Client, to channel: Bytes) {
        if client.channels.insert(channel).inserted { subscribers[channel, default: []].append(client) }
    }

    func remove(_ client: Client, from channel: Bytes) {
        client.channels.remove(channel)
        subscribers[channel]?.removeAll { $0 === client }
        if subscribers[channel]?.isEmpty == true { subscribers[channel] = nil }
    }

    /// Sends to all at once, and returns how many they are. Never parks.
    func publish(_ message: Bytes, to channel: Bytes) -> Int {
        var bytes: [UInt8] = []
        Reply.bulks([Bytes("message"), channel, message]).append(to: &bytes)
        let clients = subscribers[channel] ?? []
        for client in clients { client.outbox?.send(bytes) }
        return clients.count
    }
}

/// What waits to be sent to a subscriber, by a fiber of its own: nobody waits for slow readers. Who lets too much wait is
/// disconnected.
final class Outbox {
    private static let limit = 8 << 20
    private let connection: any ByteStream
    private let messages = Channel<[UInt8]>(capacity: .unbounded)
    private var bytesWaiting = 0
    private(set) var writer: AnyFiber?

    init(for connection: any ByteStream) {
        self.connection = connection
        writer = Fiber.spawn(name: "writer to \(connection)") { [self] in
            defer { connection.close() }
            try? messages.forEach { bytes in
                try connection.write(bytes)
                bytesWaiting -= bytes.count
            }
        }
    }

    /// Never parks.
    func send(_ bytes: [UInt8]) {
        bytesWaiting += bytes.count
        if bytesWaiting > Self.limit { connection.close() } else { messages.putIfAvailable(bytes) }
    }

    /// What was sent is the last.
    func close() { messages.close() }
}
