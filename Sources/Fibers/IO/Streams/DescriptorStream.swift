// SPDX-License-Identifier: MIT
public import SystemPackage

/// A byte stream on a descriptor of the system: a ``TCPConnection``, a ``UnixConnection``, a pipe, a terminal, or a
/// regular file, whose reads and writes go through libuv's thread pool.
///
/// It is closed by ``close()`` or when it goes away, and belongs to the event loop of the fiber that made it.
public class DescriptorStream: ByteStream, CustomStringConvertible {
    let poll: DescriptorPoll
    let isSocket: Bool
    private let access: (isReadable: Bool, isWritable: Bool)
    /// The last read got less than it had room for: the descriptor is drained, so the next one parks first.
    @exclusivity(unchecked) var isDrained = false
    /// This side has sent the end of its output.
    @exclusivity(unchecked) var isWriteClosed = false
    /// Held while the stream is open.
    @exclusivity(unchecked) var permit: ConnectionPermit?
    /// Whole writes never interleave.
    let writers = Turns()

    init(socket poll: DescriptorPoll) {
        self.poll = poll
        isSocket = true
        access = (true, true)
    }

    /// - Parameter descriptor: Is taken over, and closed if this fails.
    init(descriptor: CInt, subject: String) throws(IOError) {
        poll = try DescriptorPoll(descriptor, subject: subject, allowingFiles: true)
        isSocket = StreamCalls.isSocket(descriptor)
        access = try StreamCalls.access(to: descriptor, name: subject)
    }

    /// - Parameters:
    ///   - descriptor: Of what was opened by a path. Is taken over, and closed if this fails.
    ///   - mode: What it was opened for.
    init(opened descriptor: CInt, _ mode: FileDescriptor.AccessMode, subject: String) throws(IOError) {
        poll = try DescriptorPoll(descriptor, subject: subject, allowingFiles: true)
        isSocket = false
        access = (mode != .writeOnly, mode != .readOnly)
    }

    /// Takes a descriptor of any kind over, such as one that was inherited: a fifo, a pseudo-terminal, a serial port.
    ///
    /// The descriptor becomes close-on-exec and, unless it is a regular file, non-blocking: so does every other that
    /// shares its open file, in other processes too. It is closed with the stream. Never parks.
    ///
    /// - Parameters:
    ///   - descriptor: Nobody else is to use or close it any more.
    ///   - name: What errors call it.
    /// - Throws: ``IOError`` such as `EBADF` if it is not open, or `EEXIST` if a stream of this loop has it already.
    public convenience init(adopting descriptor: FileDescriptor, name: String? = nil) throws {
        let name = name ?? "descriptor \(descriptor.rawValue)"
        try StreamCalls.adopt(descriptor.rawValue, name: name)
        try self.init(descriptor: descriptor.rawValue, subject: name)
    }

    /// Makes a pipe: what is written to one end can be read from the other, and closing that for writing ends the input.
    ///
    /// Never parks.
    ///
    /// - Returns: The two ends.
    /// - Throws: ``IOError`` such as `EMFILE`.
    public static func makePipe() throws -> (reading: DescriptorStream, writing: DescriptorStream) {
        let ends = try StreamCalls.pipe()
        let reading = Result { try DescriptorStream(descriptor: ends.read, subject: "reading end of a pipe") }
        let writing = try DescriptorStream(descriptor: ends.write, subject: "writing end of a pipe")
        return (try reading.get(), writing)
    }

    /// What errors of the system are about.
    var name: String { poll.subject }

    /// Whether the error says no more than that the other side is gone, or that this side has closed the stream.
    func isGone(accordingTo error: any Error) -> Bool {
        if let error = error as? ClosedError { return isClosed && error.subject == poll.subject }
        guard let error = error as? IOError, error.subject == name else { return false }
        return error.code == .connectionReset || error.code == .brokenPipe
    }

    /// Whether ``close()`` was called, or the event loop has ended.
    public final var isClosed: Bool { poll.isClosed }

    /// Whether it was opened for reading and is not closed.
    public final var isReadable: Bool { access.isReadable && !isClosed }

    /// Whether it was opened for writing, and neither it nor its write half is closed.
    public final var isWritable: Bool { access.isWritable && !isClosed && !isWriteClosed }

    /// Whether it is a terminal.
    public final var isTerminal: Bool { !isClosed && StreamCalls.isTerminal(poll.descriptor) }

    /// Says what it is.
    public var description: String { "DescriptorStream(\(poll.subject))" }
}
