// SPDX-License-Identifier: MIT
import Fibers

/// A connection: reads commands, executes all that have come, and answers them with one write.
final class Client {
    let store: Store
    let number: Int
    var name: Bytes?
    /// Commands behind MULTI, which will not be run if one of them was refused.
    @exclusivity(unchecked) var queue: [[Bytes]]?
    var isQueueBroken = false
    /// What the client has subscribed to.
    @exclusivity(unchecked) var channels: Set<Bytes> = []
    /// What the last command waits for: an element of one of these lists.
    @exclusivity(unchecked) var wait: (lists: ArraySlice<Bytes>, limit: Duration)?
    @exclusivity(unchecked) var isQuitting = false
    /// For answers, and for messages to subscribers: who lets too many of these wait is disconnected.
    let outbox: Outbox
    private let request = Request()
    private let reader: BufferedReader

    init(_ stream: any ByteStream, of store: Store, outboxLimit: Int = 8 << 20) {
        (self.store, reader, outbox) = (store, BufferedReader(stream), Outbox(stream, limit: outboxLimit))
        store.clientCount += 1
        number = store.clientCount
    }

    /// Parks until the client has had enough or `waiting` returns `nil`. What it has begun has to be complete in `patience`.
    func serve(patience: Duration = .seconds(60), waiting: (() throws -> Bool?) throws -> Bool?) throws {
        defer { for channel in channels { store.subscribers.remove(self, from: channel) } }
        while !isQuitting, try waiting({ try executeNext(patience) }) == true { try outbox.flush() }
        try outbox.flush()
    }

    /// Parks until something was to be done; false if the client has gone.
    private func executeNext(_ patience: Duration) throws -> Bool {
        if let wait { return try takeElement(of: wait.lists, within: wait.limit) }
        return try reader.withBytes(patience: patience) { $0.withUnsafeBytes { execute(allOf: $0) } } > 0
    }

    /// Executes what is complete, until a command waits or much is to be sent; returns how many bytes were used.
    private func execute(allOf bytes: UnsafeRawBufferPointer) -> Int {
        let limit = outbox.bytesWaiting + 65_536
        var used = 0
        do throws(Reply) {
            while !isQuitting, wait == nil, outbox.bytesWaiting < limit,
                let count = try request.parse(UnsafeRawBufferPointer(rebasing: bytes[used...]))
            {
                used += count
                guard !request.words.isEmpty else { continue }
                let reply = execute(request.words)
                if wait == nil { outbox.append { reply.append(to: &$0) } }
                store.handOver()
            }
            return used
        } catch {
            isQuitting = true
            outbox.append { error.append(to: &$0) }
            return bytes.count
        }
    }

    /// Executes a command, or queues it.
    func execute(_ words: [Bytes]) -> Reply {
        do {
            let verb = try Verb.find(for: words)
            if queue != nil, !verb.traits.contains(.isImmediate) {
                queue?.append(words)
                return .line("+QUEUED\r\n")
            }
            let isAllowed = channels.isEmpty || verb.traits.contains(.isForSubscribers)
            return isAllowed ? try verb.run(self, words) : .notForSubscribers(verb.name)
        } catch {
            isQueueBroken = true
            return error as? Reply ?? .error("ERR \(error)")
        }
    }

    /// Parks until an element comes, the time is up or, which takes nothing, the client has gone.
    private func takeElement(of lists: ArraySlice<Bytes>, within limit: Duration) throws -> Bool {
        wait = nil
        let arrival = Channel<[Bytes]>()
        for list in lists { store.takers[list, default: []].append(arrival) }
        defer { for list in lists { store.takers.remove(arrival, from: list) } }
        do {
            // While earlier answers were sent, an element may have come.
            let there = try? store.popFirst(ofAny: lists)
            let taken = try there ?? reader.untilEnd { try withTimeout(limit) { try arrival.take() } }
            guard let taken else { return false }
            outbox.append { Reply.bulks(taken).append(to: &$0) }
        } catch is TimeoutError {
            outbox.append { Reply.array(nil).append(to: &$0) }
        }
        return true
    }
}
