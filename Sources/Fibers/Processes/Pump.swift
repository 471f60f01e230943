// SPDX-License-Identifier: MIT
import SystemPackage

/// Moves what a program writes.
final class Pump {
    /// A pipe holds no more than that many times what is read at once.
    private static let mostReadsLeft = 16

    private struct NoMoreWaiting: Error {}

    private let source: DescriptorStream
    private let sink: any ByteSink
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
    private var isWaitedFor = true
    /// The end of the source was not reached.
    private(set) var isCutOff = false

    init(from source: DescriptorStream, to sink: any ByteSink) {
        self.source = source
        self.sink = sink
    }

    deinit { buffer.deallocate() }

    /// Parks until the end, or until there is no more although nobody waits for it. Then closes the source.
    func run() throws {
        defer { source.close() }
        do {
            while isWaitedFor { guard try move(source.read(into: buffer)) else { return } }
        } catch is NoMoreWaiting {}
        for _ in 0..<Self.mostReadsLeft {
            guard try move(source.readIfAvailable(into: buffer)) else { return }
        }
        isCutOff = true
    }

    /// - Parameter count: Of bytes that were read; `nil` if there are none now.
    /// - Returns: Whether to go on.
    private func move(_ count: Int?) throws -> Bool {
        isCutOff = count == nil
        guard let count, count > 0 else { return false }
        try sink.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return true
    }

    /// What is in the pipe is still moved.
    func stopWaiting() {
        isWaitedFor = false
        source.poll.interruptReaders(throwing: NoMoreWaiting())
    }
}

extension DescriptorStream {
    /// Reads what is there; `nil` if there is nothing yet.
    fileprivate func readIfAvailable(into buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        let count = Socket.read(poll.descriptor, into: buffer)
        return errno(of: count) == .wouldBlock ? nil : try check(count, "read", name)
    }

    /// Writes all the bytes to a program and closes its input. That the program does not want them is no error.
    func feed(_ bytes: [UInt8]) throws {
        defer { close() }
        try untilRefused { try write(bytes) }
    }

    /// Writes all there is to a program, and closes its input. That the program does not want it is no error.
    func feed(from source: any ByteStream) throws {
        defer { close() }
        try untilRefused {
            while case let bytes = try source.read(upTo: 65_536), !bytes.isEmpty { try write(bytes) }
        }
    }

    private func untilRefused(_ body: () throws -> Void) throws {
        do { try body() } catch let error where error.isBrokenPipe {}
    }
}

extension Error {
    fileprivate var isBrokenPipe: Bool { (endOfWrite as? IOError)?.code == .brokenPipe }

    /// Why a write ended, if it is one that did.
    fileprivate var endOfWrite: any Error { (self as? PartialWriteError)?.cause ?? self }
}

extension ProcessChain {
    /// Parks until all processes have exited, and all they wrote was moved; but no longer than `patience` after the exit if
    /// somebody else has their output open. What fails on the way is thrown at once.
    func finish(
        feeding sink: DescriptorStream? = nil, from source: (any ByteStream)? = nil, _ pumps: [Pump], patience: Duration
    ) throws -> (results: [ProcessResult], isCutOff: Bool) {
        guard sink != nil || !pumps.isEmpty else { return (try wait(), false) }
        do {
            return try inFiberGroup(onFailure: .cancelOthers) { group in
                let movers = pumps.map { pump in group.spawn { try pump.run() } }
                let feeder = group.spawn { if let sink, let source { try feed(sink, from: source) } }
                let results = try wait()
                if feeder.isStarted { feeder.cancel() }
                try waitFor(movers, patience, of: pumps)
                return (results, pumps.contains { $0.isCutOff })
            }
        } catch let error as CompositeError {
            throw error.rootCause
        }
    }

    private func feed(_ sink: DescriptorStream, from source: any ByteStream) throws {
        guard isRunning else { return }
        do { try sink.feed(from: source) } catch  where !isRunning && error.endOfWrite is CancellationError {}
    }

    /// A limit around this one, which may have passed instead, ends the second wait.
    private func waitFor(_ movers: [Fiber<Void>], _ patience: Duration, of pumps: [Pump]) throws {
        do {
            try withTimeout(patience) { for mover in movers { try mover.wait() } }
        } catch is TimeoutError {
            for pump in pumps { pump.stopWaiting() }
            for mover in movers { try mover.wait() }
        }
    }
}
