// SPDX-License-Identifier: MIT
public import SystemPackage

/// A socket that accepts connections of this machine (row SK6).
///
/// ```swift
/// let listener = try UnixListener.listen(on: "/run/counter.sock", permissions: [.ownerReadWrite, .groupReadWrite])
/// for connection in listener {
///     Fiber.spawn { try serve(connection) }
/// }
/// ```
///
/// The file of a path has its permissions before anybody can connect, and never more. A file that a dead process left is
/// replaced, but only a socket on which nobody answers; nothing else is ever removed, and a symbolic link in its place is
/// not followed. When the listener closes, it removes the file, if that is still its own.
///
/// Iteration is single-pass; several fibers may accept from one listener, and each connection goes to one of them.
public final class UnixListener: Sequence, IteratorProtocol, CustomStringConvertible {
    /// Where it listens.
    public let address: UnixAddress
    private let acceptor: Acceptor
    /// `nil` for an abstract name, or once removed.
    private var file: SocketFile?

    private init(_ descriptor: CInt, _ address: UnixAddress) throws {
        self.address = address
        acceptor = Acceptor(try DescriptorPoll(descriptor, subject: "listener on \(address)"))
    }

    deinit { close() }

    /// Starts to listen.
    ///
    /// Parks the calling fiber only while others start to listen in the same folder.
    ///
    /// - Parameters:
    ///   - address: The path, or the abstract name. A path must not be a symbolic link; those of its folders are followed.
    ///   - permissions: Who may connect to the file, which takes the permission to write; the umask takes nothing away.
    ///   - backlog: Connections the kernel completes before they are accepted.
    /// - Throws: ``IOError`` that names the address: `EADDRINUSE` if somebody listens there, or if there is a file that is no
    ///   socket; `ENOENT` or `EACCES` if its folder does not exist or may not be written to; ``ArgumentError`` if the name is
    ///   too long, which tells the limit, or empty; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func listen(
        on address: UnixAddress, permissions: FilePermissions = .ownerReadWrite, backlog: Int = 511
    ) throws -> UnixListener {
        try address.validate()
        let listener = try UnixListener(UnixSocket.make(for: address), address)
        let backlog = CInt(clamping: backlog)
        guard case .path(let path) = address else {
            try listener.bind(permissions)
            try listener.start(backlog)
            return listener
        }
        try FolderLock.hold(forFileAt: path) { isLocked in
            try listener.makeFile(at: path, permissions, replacingDead: isLocked)
            try listener.start(backlog)  // who gets the lock next sees that somebody answers
        }
        return listener
    }

    private func makeFile(at path: FilePath, _ permissions: FilePermissions, replacingDead: Bool) throws {
        do {
            try bind(permissions)
        } catch let error as IOError where error.code == .addressInUse && replacingDead {
            try removeDeadSocket(at: path, else: error)
            try bind(permissions)
        }
        file = SocketFile(at: path)
        try file?.setPermissions(permissions)
    }

    private func removeDeadSocket(at path: FilePath, else error: IOError) throws {
        guard let found = SocketFile(at: path) else { throw error }
        let probe = try UnixSocket.make(for: address)
        defer { Socket.close(probe) }
        guard errno(of: UnixSocket.connect(probe, to: address)) == .connectionRefused else { throw error }
        found.remove()
    }

    private func bind(_ permissions: FilePermissions) throws {
        let result = UnixSocket.bind(acceptor.poll.descriptor, to: address, permissions: permissions)
        try check(result, "listen", "\(address)")
    }

    private func start(_ backlog: CInt) throws {
        try check(UnixSocket.listen(acceptor.poll.descriptor, backlog: backlog), "listen", "\(address)")
    }

    /// Whether ``close()`` was called, or the event loop has ended.
    public var isClosed: Bool { acceptor.poll.isClosed }

    /// The next connection.
    ///
    /// Parks the calling fiber until there is one. Where the process or the system is short of descriptors or memory, it
    /// tries again after 5 ms, then less and less often, up to once a second: the connections wait in the kernel.
    ///
    /// - Throws: ``ClosedError`` if the listener is closed, before or meanwhile; `CancellationError` if the fiber is
    ///   cancelled; ``IOError`` if the system refuses for another reason.
    @available(*, noasync)
    public func accept() throws -> UnixConnection {
        let descriptor = try acceptor.accept("\(address)", UnixSocket.accept)
        return try UnixConnection(descriptor, subject: "connection accepted at \(address)")
    }

    /// The next connection; `nil` when the listener is closed, the fiber cancelled, or accepting fails for good. Parks
    /// as ``accept()`` does; call that to see the error.
    @available(*, noasync)
    public func next() -> UnixConnection? { try? accept() }

    /// Stops listening, and removes the file if it is still the listener's own. Fibers in ``accept()`` get
    /// ``ClosedError``, loops over the listener end. Never parks.
    public func close() {
        file?.remove()
        file = nil
        acceptor.close()
    }

    /// Says where it listens.
    public var description: String { "UnixListener(\(address))" }
}
