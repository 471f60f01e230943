// SPDX-License-Identifier: MIT
import Fibers

/// A connection to a fiber that sends back whatever comes.
final class EchoPair {
    private let client: any ByteStream
    private let server: any ByteStream
    private let echo: Fiber<Void>
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)

    /// Over TCP.
    init() throws {
        let listener = try TCPListener.listen(on: 0)
        defer { listener.close() }
        let client = try TCPConnection.connect(to: "127.0.0.1", port: listener.address.port)
        let server = try listener.accept()
        (self.client, self.server) = (client, server)
        buffer.copyBytes(from: [UInt8](repeating: 1, count: 64))
        echo = Fiber.spawn {
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
            defer { bytes.deallocate() }
            while case let count = try server.read(into: bytes), count > 0 {
                try server.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            }
        }
    }

    deinit { buffer.deallocate() }

    func roundTrip() throws {
        try client.write(UnsafeRawBufferPointer(buffer))
        _ = try client.read(into: buffer)
    }

    func stop() throws {
        client.close()
        try echo.wait()
        server.close()
    }
}
