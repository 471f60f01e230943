// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// The system calls on Unix sockets, and on the files that stand for them. Each returns a value or throws.
enum UnixSocket {
    static let nameLimit = fibers_unix_name_limit
    static let hasAbstractNames = fibers_unix_has_abstract_names
    static let mostDescriptors = Int(fibers_unix_most_descriptors)

    /// A non-blocking socket.
    static func make(for address: UnixAddress) throws(IOError) -> CInt {
        try check(fibers_unix_socket(), "make socket", "\(address)")
    }

    static func makePair() throws(IOError) -> (CInt, CInt) {
        var one: CInt = -1
        var other: CInt = -1
        try check(fibers_unix_pair(&one, &other), "make socket pair")
        return (one, other)
    }

    /// 0 or a negative code: would-block if nobody has accepted for so long that the queue is full.
    static func connect(_ descriptor: CInt, to address: UnixAddress) -> CInt {
        var system = address.system
        return fibers_unix_connect(descriptor, &system)
    }

    /// 0 or a negative code. The file of a path has these permissions, but for those that the umask takes away.
    static func bind(_ descriptor: CInt, to address: UnixAddress, permissions: FilePermissions) -> CInt {
        var system = address.system
        return fibers_unix_bind(descriptor, &system, mode_t(permissions.rawValue))
    }

    static func listen(_ descriptor: CInt, backlog: CInt) -> CInt { fibers_unix_listen(descriptor, backlog) }

    /// The next connection, non-blocking, or a negative code.
    static func accept(on descriptor: CInt) -> CInt { fibers_unix_accept(descriptor) }

    static func peer(of descriptor: CInt) throws(IOError) -> PeerCredentials {
        var peer = fibers_credentials()
        try check(fibers_unix_peer(descriptor, &peer), "peer credentials")
        return PeerCredentials(processID: Int(peer.process), userID: Int(peer.user), groupID: Int(peer.group))
    }
}

extension UnixAddress {
    fileprivate var system: fibers_address {
        var address = fibers_address()
        var isAbstract = false
        if case .abstract = self { isAbstract = true }
        bytes.withUnsafeBytes { fibers_unix_address($0.baseAddress, $0.count, isAbstract, &address) }
        return address
    }
}

// MARK: Descriptors in messages

extension UnixSocket {
    /// Bytes the kernel took, the descriptors with the first of them, or a negative code.
    static func send(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer, passing descriptors: [CInt]) -> Int {
        fibers_unix_send(descriptor, bytes.baseAddress, bytes.count, descriptors, descriptors.count)
    }

    /// Bytes read and what came with them; 0 bytes at the end, or a negative code.
    static func receive(
        _ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer, _ received: inout [CInt], _ areLost: inout Bool
    ) -> Int {
        withUnsafeTemporaryAllocation(of: CInt.self, capacity: mostDescriptors) { room in
            var count = 0
            let result = fibers_unix_receive(
                descriptor, buffer.baseAddress, buffer.count, room.baseAddress, &count, &areLost)
            received = Array(room[..<count])
            return result
        }
    }
}
