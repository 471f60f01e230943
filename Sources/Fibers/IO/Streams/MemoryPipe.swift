// SPDX-License-Identifier: MIT
import SystemPackage

/// One direction of a stream in memory: what was written and not yet read.
final class MemoryPipe {
    /// Those before `start` were read.
    @exclusivity(unchecked) private var bytes: [UInt8]
    @exclusivity(unchecked) private var start = 0
    private let capacity: Int
    /// The writer has sent the end of input.
    private(set) var hasEnded = false
    /// The reader is gone: nobody will ever take what is written.
    private(set) var isAbandoned = false
    private let readers = WaitQueue()
    private let writers = WaitQueue()
    private let turns = Turns()

    init(_ bytes: [UInt8] = [], capacity: Int) {
        self.bytes = bytes
        self.capacity = capacity
    }

    deinit {
        readers.destroy()
        writers.destroy()
    }

    private var count: Int { bytes.count - start }

    /// What was written and not yet read.
    var content: [UInt8] { Array(bytes[start...]) }

    // MARK: Reading

    func read(into buffer: UnsafeMutableRawBufferPointer, for stream: MemoryStream) throws -> Int {
        while count == 0, !hasEnded {
            guard !isAbandoned else { throw ClosedError(subject: "\(stream)") }
            try readers.wait(for: .streamInput, subject: stream)
        }
        guard !isAbandoned else { throw ClosedError(subject: "\(stream)") }
        let taken = min(count, buffer.count)
        bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + taken])) }
        start += taken
        writers.wakeAll()
        return taken
    }

    /// Fibers that read get `error`, those that write will find nobody there.
    func abandon(throwing error: ClosedError) {
        isAbandoned = true
        readers.interruptAll(throwing: error)
        writers.wakeAll()
    }

    // MARK: Writing

    func write(gathering parts: [UnsafeRawBufferPointer], for stream: MemoryStream) throws {
        try turns.begin(for: .turnToWrite, subject: stream)
        defer { turns.end() }
        var written = 0
        do {
            try checkWritable(stream)
            for part in parts {
                var offset = 0
                while offset < part.count {
                    let count = min(try waitForRoom(stream), part.count - offset)
                    append(UnsafeRawBufferPointer(rebasing: part[offset..<offset + count]))
                    offset += count
                    written += count
                }
            }
        } catch  where written > 0 {
            throw PartialWriteError(bytesWritten: written, cause: error)
        }
    }

    private func waitForRoom(_ stream: MemoryStream) throws -> Int {
        while true {
            try checkWritable(stream)
            if count < capacity { return capacity - count }
            try writers.wait(for: .streamRoom, subject: stream)
        }
    }

    private func checkWritable(_ stream: MemoryStream) throws {
        guard !hasEnded else { throw ClosedError(subject: "write half of \(stream)") }
        guard !isAbandoned else { throw IOError(operation: "write", subject: "\(stream)", code: .brokenPipe) }
    }

    private func append(_ more: UnsafeRawBufferPointer) {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            start = 0
        } else if start > max(4096, bytes.count / 2) {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(contentsOf: more)
        readers.wakeAll()
    }

    /// The reader gets the end of input behind what was written. Fibers that write get `error`.
    func end(throwing error: ClosedError) {
        hasEnded = true
        readers.wakeAll()
        turns.interruptAll(throwing: error)
        writers.interruptAll(throwing: error)
    }
}
