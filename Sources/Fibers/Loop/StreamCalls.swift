// SPDX-License-Identifier: MIT
import CFibers

/// The system calls on descriptors of any kind; those of sockets only are in `Socket`.
enum StreamCalls {
    /// The two ends of a pipe, both non-blocking.
    static func pipe() throws(IOError) -> (read: CInt, write: CInt) {
        var read: CInt = -1
        var write: CInt = -1
        try check(fibers_pipe(&read, &write), "pipe")
        return (read, write)
    }

    /// A descriptor of our own for standard input, output or error, which leaves the mode of those that others have alone
    /// where that can be done.
    static func standardStream(_ number: CInt, name: String) throws(IOError) -> CInt {
        try check(fibers_standard_stream(number), "open", name)
    }

    static func adopt(_ descriptor: CInt, name: String) throws(IOError) {
        try check(fibers_adopt(descriptor), "adopt", name)
    }

    /// What a descriptor was opened for.
    static func access(to descriptor: CInt, name: String) throws(IOError) -> (isReadable: Bool, isWritable: Bool) {
        var (isReadable, isWritable) = (false, false)
        try check(fibers_access(descriptor, &isReadable, &isWritable), "adopt", name)
        return (isReadable, isWritable)
    }

    static func isSocket(_ descriptor: CInt) -> Bool { fibers_is_socket(descriptor) }

    static func isTerminal(_ descriptor: CInt) -> Bool { fibers_is_terminal(descriptor) }

    /// Bytes the kernel took, or a negative code. Never raises SIGPIPE.
    static func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer, isSocket: Bool) -> Int {
        isSocket ? Socket.send(descriptor, bytes) : fibers_write(descriptor, bytes.baseAddress, bytes.count)
    }

    /// As `write`, for what is left of `parts` behind the first `count` bytes.
    static func write(
        _ descriptor: CInt, gathering parts: [UnsafeRawBufferPointer], skipping count: Int, isSocket: Bool
    ) -> Int {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: min(parts.count, mostParts)) { vectors in
            let number = CInt(fill(vectors, with: parts, skipping: count))
            return isSocket
                ? fibers_socket_gather_send(descriptor, vectors.baseAddress, number)
                : fibers_gather_write(descriptor, vectors.baseAddress, number)
        }
    }

    /// Of one system call. Kernels take 1,024.
    private static let mostParts = 64

    private static func fill(
        _ vectors: UnsafeMutableBufferPointer<iovec>, with parts: [UnsafeRawBufferPointer], skipping count: Int
    ) -> Int {
        var (skip, filled) = (count, 0)
        for part in parts where filled < vectors.count {
            let rest = part.dropFirst(skip)
            skip -= part.count - rest.count
            guard !rest.isEmpty else { continue }
            let base = UnsafeMutableRawPointer(mutating: UnsafeRawBufferPointer(rebasing: rest).baseAddress)
            vectors.initializeElement(at: filled, to: iovec(iov_base: base, iov_len: rest.count))
            filled += 1
        }
        return filled
    }
}

extension UnsafeRawBufferPointer {
    /// The offset of the first such byte.
    @inline(__always)
    func firstOffset(of byte: UInt8) -> Int? {
        let offset = fibers_find_byte(baseAddress, byte, count)
        return offset == count ? nil : offset
    }
}
