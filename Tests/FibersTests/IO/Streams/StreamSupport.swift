// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The streams of two directions: all keep the same laws.
enum StreamKind: CaseIterable {
    case tcp
    case unix
    case memory

    /// Runs a test body with two ends, which both stay alive until it has ended. Each direction takes less than 8 MiB
    /// before its writer parks.
    func withPair(_ body: (any ByteStream, any ByteStream) throws -> Void) throws {
        switch self {
        case .tcp: try withNarrowPair { try body($0, $1) }
        case .unix:
            try inFiber {
                let (one, other) = try UnixConnection.makePair()
                defer { withExtendedLifetime((one, other)) {} }
                try body(one, other)
            }
        case .memory:
            try inFiber {
                let (one, other) = MemoryStream.makePair(capacity: 4096)
                defer { withExtendedLifetime((one, other)) {} }
                try body(one, other)
            }
        }
    }
}

func spawnReadingAll(_ stream: any ByteStream) -> Fiber<[UInt8]> { Fiber.spawn { try stream.readAll() } }

// MARK: Descriptors

/// Puts a descriptor in the place of another, and closes it.
func replace(_ number: CInt, with descriptor: CInt) {
    dup2(descriptor, number)
    close(descriptor)
}

/// Runs `body` with a descriptor in the place of another, which comes back afterwards.
func with<Result>(_ number: CInt, replacedBy descriptor: CInt, _ body: () throws -> Result) rethrows -> Result {
    let saved = dup(number)
    defer { replace(number, with: saved) }
    dup2(descriptor, number)
    return try body()
}

func isBlocking(_ descriptor: CInt) -> Bool { fcntl(descriptor, F_GETFL) & O_NONBLOCK == 0 }

extension TemporaryFile {
    /// Makes the file with these bytes, and opens it at its start for reading and writing.
    func open(containing bytes: [UInt8]) throws -> CInt {
        let file = try FileDescriptor.open(
            FilePath(path), .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        try file.writeAll(bytes)
        try file.seek(offset: 0, from: .start)
        return file.rawValue
    }
}

#if os(Linux)
    /// Two ends of a terminal that nobody sees.
    final class PseudoTerminal {
        let master: FileDescriptor
        let slave: CInt

        init() throws {
            master = try FileDescriptor.open("/dev/ptmx", .readWrite, options: .closeOnExec)
            var (number, isLocked): (CInt, CInt) = (0, 0)
            let (getNumber, setLock): (UInt, UInt) = (0x8004_5430, 0x4004_5431)
            _ = ioctl(master.rawValue, setLock, &isLocked)
            _ = ioctl(master.rawValue, getNumber, &number)
            slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        }

        deinit { try? master.close() }
    }
#endif
