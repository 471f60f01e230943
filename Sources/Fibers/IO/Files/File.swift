// SPDX-License-Identifier: MIT
public import SystemPackage

/// An open file, and what can be done with files and folders by their paths.
///
/// ```swift
/// let reader = BufferedReader(try File.open("/var/log/messages"))
/// try reader.forEachLine { line in … }
/// try File.replace("state.json", with: bytes)          // either the old or the new, whatever happens
/// ```
///
/// It is a stream of bytes: reads and writes begin where the last one ended, at a position that ``seek(offset:from:)`` moves.
/// Those that are given an offset neither use nor move it. Descriptors are close-on-exec; errors of the system name the
/// path.
///
/// Each call is made on a thread of libuv's pool, which ``offload(_:)`` describes, while other fibers run. A thread cannot
/// take back a system call that it has begun, and that nothing be lost decides what an interrupted fiber does:
///
/// | interrupted in | what happens |
/// |---|---|
/// | any call that no thread has begun | it is never made, and throws |
/// | a call that only asks: `stat`, `exists`, `readLink`, `open` of a file that is there already | it throws at once; its late result is dropped, and a descriptor closed |
/// | any other, such as `read`, `write`, `rename` | it is waited for and returns what it did; the next call that parks throws |
///
/// Calls that take long are made in pieces, between which the fiber is interrupted: see there what they leave.
///
/// A fifo, a terminal or another device can be opened as well: what is not a regular file is waited for, as a socket is.
///
/// It is closed by ``ByteStream/close()`` or when it goes away, and belongs to the event loop of the fiber that opened it.
public final class File: DescriptorStream {
    /// By which it was opened.
    public let path: FilePath

    /// - Parameter descriptor: Is taken over, and closed if this fails.
    init(_ descriptor: CInt, _ mode: FileDescriptor.AccessMode, at path: FilePath) throws(IOError) {
        self.path = path
        try super.init(opened: descriptor, mode, subject: "file \(path)")
    }

    /// Opens a file.
    ///
    /// Parks the calling fiber until it is open. A fifo does not wait for its other end: to open one for writing that nobody
    /// reads fails with `ENXIO`.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - mode: What it is opened for.
    ///   - options: Such as `.create`, `.exclusiveCreate`, `.truncate`, `.append` and `.noFollow`.
    ///   - permissions: Of the file if it is made, but for those that the umask takes away.
    /// - Throws: ``IOError`` that names the path, such as `ENOENT`, `EACCES` or `EEXIST`; `CancellationError` if the fiber is
    ///   cancelled.
    @available(*, noasync)
    public static func open(
        _ path: FilePath, _ mode: FileDescriptor.AccessMode = .readOnly, options: FileDescriptor.OpenOptions = [],
        permissions: FilePermissions = [.ownerReadWrite, .groupReadWrite, .otherReadWrite]
    ) throws -> File {
        let open: @Sendable () throws -> CInt = {
            try FileCalls.open(path, mode, options: options, permissions: permissions)
        }
        let onlyAsks = options.isDisjoint(with: [.create, .truncate])
        return try File(onlyAsks ? PoolOpen(open).run() : PoolCall.attempt(open), mode, at: path)
    }

    override var name: String { path.string }

    /// Names the path.
    override public var description: String { "File(\(path))" }
}

// MARK: The open file

extension File {
    /// What the system knows of it: size, type, permissions, times, and more.
    ///
    /// Parks the calling fiber until the system has answered.
    ///
    /// - Throws: ``ClosedError``; ``IOError``; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func stat() throws -> Stat { try call("stat") { try $0.stat() } }

    /// How many bytes it has; 0 for what is not a regular file.
    ///
    /// Parks the calling fiber until the system has answered.
    ///
    /// - Throws: As ``stat()``.
    @available(*, noasync)
    public func size() throws -> Int64 { try stat().size }

    /// Moves the position.
    ///
    /// Parks the calling fiber until that is done.
    ///
    /// - Parameters:
    ///   - offset: How far, in bytes.
    ///   - origin: From where.
    /// - Returns: The new position, from the start of the file.
    /// - Throws: ``ClosedError``; ``IOError`` such as `EINVAL` before the start, or `ESPIPE` for what has no position;
    ///   `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    @discardableResult
    public func seek(offset: Int64, from origin: FileDescriptor.SeekOrigin = .start) throws -> Int64 {
        try call("seek") { try $0.seek(offset: offset, from: origin) }
    }

    /// Cuts the file off, or extends it with zeros. The position stays.
    ///
    /// Parks the calling fiber until that is done.
    ///
    /// - Parameter size: How many bytes it then has.
    /// - Throws: ``ClosedError``; ``ArgumentError`` if the size is negative; ``IOError`` such as `EINVAL` if the file is not
    ///   open for writing; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func truncate(to size: Int64 = 0) throws {
        guard size >= 0 else { throw ArgumentError("size \(size) is negative: a file has at least 0 bytes") }
        try call("truncate") { try $0.resize(to: size) }
    }

    /// Waits until the device has what was written.
    ///
    /// Parks the calling fiber until then.
    ///
    /// - Parameter dataOnly: Not what else is known of the file, such as its times.
    /// - Throws: ``ClosedError``; ``IOError`` such as `EIO` or `ENOSPC`, of any write since the last time; `CancellationError`
    ///   if the fiber is cancelled.
    @available(*, noasync)
    public func sync(dataOnly: Bool = false) throws {
        try check(poll.callOnPool { FileCalls.sync($0, dataOnly: dataOnly) }, "sync", name)
    }

    private func call<Output>(_ operation: String, _ body: (FileDescriptor) throws -> Output) throws -> Output {
        try poll.callOnPool { descriptor in
            Result { try FileCalls.naming(operation, path) { try body(FileDescriptor(rawValue: descriptor)) } }
        }.get()
    }
}
