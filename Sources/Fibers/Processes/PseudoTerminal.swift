// SPDX-License-Identifier: MIT
import SystemPackage

/// The side of a pseudo-terminal at which a user would sit: what the child prints can be read, what is written it takes for
/// keys pressed. Made by ``Command/terminal``.
public final class PseudoTerminal: ByteStream, CustomStringConvertible {
    private let stream: DescriptorStream

    /// - Parameter descriptor: Is taken over, and closed if this fails.
    init(_ descriptor: CInt, of name: String) throws {
        stream = try DescriptorStream(descriptor: descriptor, subject: "terminal of \(name)")
    }

    /// See ``ByteStream/read(into:)``. Input ends when every process has closed the terminal, after all that they wrote.
    @available(*, noasync)
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        do {
            return try stream.read(into: buffer)
        } catch let error as IOError where error.code == .ioError {
            return 0  // how Linux says that nobody has the other side open
        }
    }

    /// See ``ByteSink/write(_:)-(UnsafeRawBufferPointer)``.
    @available(*, noasync)
    public func write(_ bytes: UnsafeRawBufferPointer) throws { try stream.write(bytes) }

    /// See ``ByteSink/write(gathering:)-([UnsafeRawBufferPointer])``.
    @available(*, noasync)
    public func write(gathering parts: [UnsafeRawBufferPointer]) throws { try stream.write(gathering: parts) }

    /// Tells the processes on the terminal that its size is another one now, by SIGWINCH. Never parks.
    ///
    /// - Throws: ``ClosedError``; ``IOError``.
    public func resize(to size: Command.TerminalSize) throws {
        guard !isClosed else { throw ClosedError(subject: stream.poll.subject) }
        try SpawnPlan.resize(stream.poll.descriptor, to: size)
    }

    /// Presses Ctrl-D, which a program that reads lines takes for the end of its input; a terminal has no other.
    @available(*, noasync)
    public func closeWrite() throws { try stream.write([4]) }

    /// Hangs up: the processes on the terminal get SIGHUP. See ``ByteStream/close()``.
    public func close() { stream.close() }

    /// Whether ``close()`` was called, or the event loop has ended.
    public var isClosed: Bool { stream.isClosed }

    /// Whether it is not closed.
    public var isReadable: Bool { stream.isReadable }

    /// Whether it is not closed.
    public var isWritable: Bool { stream.isWritable }

    /// Says what it is.
    public var description: String { "PseudoTerminal(\(stream.poll.subject))" }
}
