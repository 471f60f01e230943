// SPDX-License-Identifier: MIT

/// The input and the output of a running program as one stream: see ``Runnable/open(_:_:)``.
public final class ProcessStream: ByteStream, CustomStringConvertible {
    /// The program.
    public let processes: ProcessChain
    let input: DescriptorStream?
    let output: DescriptorStream?

    init(_ processes: ProcessChain, input: DescriptorStream?, output: DescriptorStream?) {
        self.processes = processes
        self.input = input
        self.output = output
    }

    /// Reads what the program writes: see ``ByteStream/read(into:)``.
    ///
    /// - Throws: Also ``ArgumentError`` if the stream is for writing only.
    @available(*, noasync)
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let output else { throw ArgumentError("\(self) is for writing only: open it for reading, too") }
        return try output.read(into: buffer)
    }

    /// Writes what the program reads: see ``ByteSink/write(_:)-(UnsafeRawBufferPointer)``.
    ///
    /// - Throws: Also ``ArgumentError`` if the stream is for reading only.
    @available(*, noasync)
    public func write(_ bytes: UnsafeRawBufferPointer) throws { try writable.write(bytes) }

    /// See ``ByteSink/write(gathering:)-([UnsafeRawBufferPointer])``.
    @available(*, noasync)
    public func write(gathering parts: [UnsafeRawBufferPointer]) throws { try writable.write(gathering: parts) }

    private var writable: DescriptorStream {
        get throws {
            guard let input else { throw ArgumentError("\(self) is for reading only: open it for writing, too") }
            return input
        }
    }

    /// Ends the program's input. See ``ByteStream/closeWrite()``.
    public func closeWrite() { input?.close() }

    /// Ends the program's input, and takes no more of its output. The program goes on. See ``ByteStream/close()``.
    public func close() {
        input?.close()
        output?.close()
    }

    /// Whether both directions are closed.
    public var isClosed: Bool { input?.isClosed ?? true && output?.isClosed ?? true }

    /// Whether there can be output.
    public var isReadable: Bool { output?.isReadable ?? false }

    /// Whether there can be input.
    public var isWritable: Bool { input?.isWritable ?? false }

    /// Names the commands.
    public var description: String {
        "ProcessStream(\(processes.processes.map(\.command.description).joined(separator: " | ")))"
    }
}
