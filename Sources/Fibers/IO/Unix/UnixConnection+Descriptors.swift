// SPDX-License-Identifier: MIT
public import SystemPackage

extension UnixConnection {
    /// Writes all the bytes and passes descriptors along, which the other side gets with the first of them.
    ///
    /// The other side gets descriptors of its own for the same open files; these here stay open. Parks the calling fiber
    /// while the other side takes no more.
    ///
    /// - Parameters:
    ///   - bytes: What to write: at least one byte, because descriptors travel with bytes only.
    ///   - descriptors: At most 253.
    /// - Throws: ``ArgumentError`` if there are no bytes, or too many descriptors; ``PartialWriteError`` if some bytes had left,
    ///   and with them the descriptors; else its cause, as for any write; ``IOError`` `EBADF` if a descriptor is not open.
    @available(*, noasync)
    public func write(_ bytes: [UInt8], passing descriptors: [FileDescriptor]) throws {
        guard !bytes.isEmpty else { throw ArgumentError("descriptors travel with bytes: write at least one") }
        guard descriptors.count <= UnixSocket.mostDescriptors else {
            throw ArgumentError(
                "\(descriptors.count) descriptors: pass at most \(UnixSocket.mostDescriptors) at a time")
        }
        let passed = descriptors.map(\.rawValue)
        try bytes.withUnsafeBytes { bytes in
            try writeAll(bytes.count) { descriptor, written in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                return UnixSocket.send(descriptor, rest, passing: written == 0 ? passed : [])
            }
        }
    }

    /// Reads what is there, up to `count` bytes, and takes the descriptors that came with them. Any other read closes them.
    ///
    /// Parks the calling fiber until there is at least one byte or the end.
    ///
    /// - Parameter count: The most bytes that are read.
    /// - Returns: The bytes, none at the end of input, and the descriptors, which are close-on-exec and the caller's to close.
    /// - Throws: As ``ByteStream/read(upTo:)``. In no case is a byte or a descriptor lost.
    /// - Precondition: `count` is positive.
    @available(*, noasync)
    public func readWithDescriptors(upTo count: Int = 65_536) throws -> DescriptorMessage {
        require(count > 0, "a read needs room for at least one byte")
        var descriptors: [CInt] = []
        var areLost = false
        let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            let room = UnsafeMutableRawBufferPointer(buffer)
            length = try readOnce(room.count) { UnixSocket.receive($0, into: room, &descriptors, &areLost) }
        }
        return DescriptorMessage(
            bytes: bytes, descriptors: descriptors.map(FileDescriptor.init(rawValue:)), hasLostDescriptors: areLost)
    }
}

/// Bytes of a ``UnixConnection`` and the descriptors that came with them.
public struct DescriptorMessage: Sendable {
    /// What was read.
    public let bytes: [UInt8]
    /// In the order in which they were passed.
    public let descriptors: [FileDescriptor]
    /// Whether the kernel dropped descriptors, because this process may not have so many open.
    public let hasLostDescriptors: Bool
}
