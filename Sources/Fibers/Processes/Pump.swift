// SPDX-License-Identifier: MIT
import SystemPackage

/// Moves what a program writes.
struct Pump {
    let source: DescriptorStream
    private let sink: any ByteSink

    init(from source: DescriptorStream, to sink: any ByteSink) {
        self.source = source
        self.sink = sink
    }

    /// Parks until the end, or until the source is closed.
    func run() throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { buffer.deallocate() }
        while let count = try read(into: buffer) { try sink.write(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        do {
            let count = try source.read(into: buffer)
            return count == 0 ? nil : count
        } catch is ClosedError {
            return nil
        }
    }
}

extension DescriptorStream {
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
    fileprivate var isBrokenPipe: Bool {
        let cause = (self as? PartialWriteError)?.cause ?? self
        return (cause as? IOError)?.code == .brokenPipe
    }
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
                feeder.cancel()
                return (results, try !areDone(movers, within: patience, closing: pumps))
            }
        } catch let error as CompositeError {
            throw error.rootCause
        }
    }

    private func feed(_ sink: DescriptorStream, from source: any ByteStream) throws {
        do { try sink.feed(from: source) } catch is CancellationError where !isRunning {}
    }

    /// Closes what is not done then.
    private func areDone(_ movers: [Fiber<Void>], within patience: Duration, closing pumps: [Pump]) throws -> Bool {
        do {
            try withTimeout(patience) { for mover in movers { try mover.wait() } }
            return true
        } catch is TimeoutError {
            for pump in pumps { pump.source.close() }
            return false
        }
    }
}
