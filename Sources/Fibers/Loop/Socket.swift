// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// The system calls on sockets and pipes. Each returns a value or throws; would-block is handled by `DescriptorPoll`.
enum Socket {
    /// A non-blocking TCP socket that listens.
    static func listen(
        on address: SocketAddress, backlog: CInt, sharesPort: Bool, options: TCPOptions
    ) throws(IOError) -> CInt {
        var system = address.system
        let descriptor = try check(fibers_tcp_socket(&system), "listen", "\(address)")
        do throws(IOError) {
            try configure(descriptor, options, "\(address)")
            try check(fibers_tcp_listen(descriptor, &system, backlog, sharesPort), "listen", "\(address)")
            return descriptor
        } catch {
            _ = fibers_close(descriptor)
            throw error
        }
    }

    static func configure(
        _ descriptor: CInt, _ options: TCPOptions, _ subject: @autoclosure () -> String
    ) throws(IOError) {
        var system = options.system
        try check(fibers_tcp_configure(descriptor, &system), "set options", subject())
    }

    /// A TCP socket connected to `address`. Parks the calling fiber until it is.
    static func connect(to address: SocketAddress, options: TCPOptions) throws -> DescriptorPoll {
        var system = address.system
        let descriptor = try check(fibers_tcp_socket(&system), "connect", "\(address)")
        let poll = try DescriptorPoll(descriptor, subject: "connection to \(address)")
        try configure(descriptor, options, "\(address)")
        let result = fibers_tcp_connect(descriptor, &system)
        if errno(of: result) == .nowInProgress {
            try poll.wait(.writing)
            try check(fibers_tcp_connect_result(descriptor), "connect", "\(address)")
        } else {
            try check(result, "connect", "\(address)")
        }
        return poll
    }

    /// The next connection of a listening socket, non-blocking, or a negative code.
    ///
    /// - Parameter peer: Becomes the other side's address if there is a connection.
    static func accept(_ descriptor: CInt, from peer: inout SocketAddress) -> CInt {
        var address = fibers_address()
        let result = fibers_tcp_accept(descriptor, &address)
        if result >= 0 { peer = SocketAddress(address) }
        return result
    }

    static func localAddress(of descriptor: CInt) throws(IOError) -> SocketAddress {
        var address = fibers_address()
        try check(fibers_local_address(descriptor, &address), "getsockname")
        return SocketAddress(address)
    }

    static func closeWrite(_ descriptor: CInt) throws(IOError) {
        try check(fibers_tcp_shutdown_write(descriptor), "shutdown")
    }

    /// Bytes read, 0 at the end, or a negative code.
    static func read(_ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        fibers_read(descriptor, buffer.baseAddress, buffer.count)
    }

    /// Bytes the kernel took, or a negative code. Never raises SIGPIPE.
    static func send(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
        fibers_socket_send(descriptor, bytes.baseAddress, bytes.count)
    }

    static func close(_ descriptor: CInt) { _ = fibers_close(descriptor) }

    /// Whether the system refused for want of descriptors or memory, which others may give back.
    static func isShortage(_ result: CInt) -> Bool {
        [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noBufferSpace, .noMemory].contains(errno(of: result))
    }

    /// Whether one connection failed before it was accepted, which says nothing about the listener.
    static func isLostConnection(_ result: CInt) -> Bool {
        [.connectionAbort, .protocolError].contains(errno(of: result))
    }
}
