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
    private let stream: any ByteStream
    private let limit: Int
    private let messages = Channel<[UInt8]>(capacity: .unbounded)
    private var bytesWaiting = 0
    private(set) var writer: AnyFiber?

    init(for stream: any ByteStream, limit: Int) {
        (self.stream, self.limit) = (stream, limit)
        writer = Fiber.spawn(name: "writer to \(stream)") { [self] in
            defer { stream.close() }
            try? messages.forEach { bytes in
                try stream.write(bytes)
                bytesWaiting -= bytes.count
            }
        }
    }

    /// Never parks.
    func send(_ bytes: [UInt8]) {
        bytesWaiting += bytes.count
        if bytesWaiting > limit { stream.close() } else { messages.putIfAvailable(bytes) }
    }

    /// What was sent is the last.
    func close() { messages.close() }
}
