// SPDX-License-Identifier: MIT
import Fibers

/// Another stream, and what is done before it is read or written.
final class ObservedStream: ByteStream {
    private let stream: any ByteStream
    var willRead: () throws -> Void = {}
    var willWrite: () throws -> Void = {}

    init(_ stream: any ByteStream) { self.stream = stream }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try willRead()
        return try stream.read(into: buffer)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try willWrite()
        try stream.write(bytes)
    }

    func closeWrite() throws { try stream.closeWrite() }
    func close() { stream.close() }
    var isClosed: Bool { stream.isClosed }
    var isReadable: Bool { stream.isReadable }
    var isWritable: Bool { stream.isWritable }
}
