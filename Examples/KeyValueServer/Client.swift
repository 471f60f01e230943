// SPDX-License-Identifier: MIT
import Fibers

/// A connection: reads commands, executes all that have come, and answers them with one write.
final class Client {
    let service: Service
    let number: Int
    var name = Bytes("")
    /// Between MULTI and EXEC.
    @exclusivity(unchecked) var transaction: Transaction?
    var isInExec = false
    /// What the client has subscribed to.
    @exclusivity(unchecked) var channels: Set<Bytes> = []
    /// Through which everything goes, once the client has subscribed to anything.
    private(set) var outbox: Outbox?
    /// A BLPOP that found nothing.
    @exclusivity(unchecked) var waiter: Waiter?
    @exclusivity(unchecked) var isQuitting = false
    @exclusivity(unchecked) var request = Request()
    @exclusivity(unchecked) private var output: [UInt8] = []
    private let stream: any ByteStream
    private let reader: BufferedReader

    var store: Store { service.store }

    init(_ stream: any ByteStream, of service: Service) {
        self.service = service
        self.stream = stream
        reader = BufferedReader(stream)
        service.clientCount += 1
        number = service.clientCount
    }

    /// Parks until the client has had enough, or what waits for its next command returns `nil`.
    func serve(waiting: (() throws -> Bool?) throws -> Bool?) throws {
        defer {
            for channel in channels { service.hub.remove(self, from: channel) }
            outbox?.close()
        }
        while !isQuitting, try waiting({ try executeBuffered() }) == true {
            try flush()
            if waiter != nil, try waiting({ try waitForElement() }) != nil { try flush() }
        }
        outbox?.close()
        try outbox?.writer?.waitUntilDone()
    }

    /// False at the end of input. A client may be idle for as long as it likes, but has to complete what it has begun.
    private func executeBuffered() throws -> Bool {
        do {
            return try reader.withBytes { bytes in
                let used = bytes.withUnsafeBytes { execute(allOf: $0) }
                if used == 0 { throw IncompleteCommand() }
                return used
            } > 0
        } catch is IncompleteCommand {
            return try withTimeout(service.patience) {
                try reader.withBytes { $0.withUnsafeBytes { execute(allOf: $0) } } > 0
            }
        }
    }

    private struct IncompleteCommand: Error {}

    /// Executes what is complete in `bytes`, up to a command that parks or until much is to be sent; returns how many bytes
    /// were used.
    private func execute(allOf bytes: UnsafeRawBufferPointer) -> Int {
        var used = 0
        do {
            while !isQuitting, waiter == nil, output.count < 65_536,
                let count = try request.parse(UnsafeRawBufferPointer(rebasing: bytes[used...]))
            {
                used += count
                if request.count > 0 { execute().append(to: &output) }
                service.queues.serve(from: store)
            }
            return used
        } catch {
            isQuitting = true
            Reply.error("ERR Protocol error: \((error as? ProtocolError)?.message ?? "")").append(to: &output)
            return bytes.count
        }
    }

    /// Executes, or queues, the command that was parsed.
    func execute() -> Reply {
        do {
            let verb = try Verb.find(for: request)
            if transaction != nil, !verb.isForTransactions {
                try transaction?.queue(request.bytes)
                return .line("QUEUED")
            }
            guard channels.isEmpty || verb.isForSubscribers else {
                let allowed = "(P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET"
                throw CommandError("ERR Can't execute '\(verb.name)': only \(allowed) are allowed in this context")
            }
            return try verb.run(self)
        } catch {
            transaction?.isBroken = true
            return .error((error as? CommandError)?.message ?? "ERR \(error)")
        }
    }

    /// Sends the answers.
    private func flush() throws {
        if !channels.isEmpty, outbox == nil { outbox = Outbox(for: stream, limit: service.outboxLimit) }
        guard !output.isEmpty else { return }
        if let outbox { outbox.send(output) } else { try stream.write(output) }
        output.removeAll(keepingCapacity: output.capacity < 1 << 20)
    }

    /// Parks until an element comes, the time is up or the client has gone, which takes nothing.
    private func waitForElement() throws -> Bool {
        guard let waiter else { return true }
        self.waiter = nil
        service.queues.add(waiter)
        let watcher = Fiber.spawn(name: "watcher of client \(number)") { try self.closeAtEnd(waiter) }
        defer {
            watcher.cancel()
            service.queues.remove(waiter)
        }
        do {
            let (key, element) = try withTimeout(waiter.timeout) { try waiter.arrival.take() }
            Reply.bulks([key, element]).append(to: &output)
        } catch is TimeoutError {
            Reply.noArray.append(to: &output)
        } catch is ChannelClosedError {
            isQuitting = true
        }
        return true
    }

    /// Parks until the client has gone; gives up on one that has sent very much in advance.
    private func closeAtEnd(_ waiter: Waiter) throws {
        var count = 0
        repeat { count = reader.bytesAvailable + 1 } while try count < 1 << 20 && reader.peek(count).count == count
        if count < 1 << 20 { waiter.arrival.close() }
    }
}
