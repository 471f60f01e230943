// SPDX-License-Identifier: MIT
import Testing

@testable import Fibers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct ProcessLeakTests {
    @Test func `200 spawns leave no descriptor and no zombie`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                _ = try Command("true").output()
                let before = openStreamCount()
                for _ in 0..<20 {
                    let fibers = (0..<10).map { number in Fiber.spawn { try Command("echo", "\(number)").output() } }
                    let outputs = try fibers.map { String(decoding: try $0.fetch(), as: UTF8.self) }
                    #expect(outputs == (0..<10).map { "\($0)\n" })
                }
                #expect(openStreamCount() == before)
                #expect(waitpid(-1, nil, WNOHANG) == -1)
            }
        }
    }

    @Test func `programs that cannot be started leave no descriptor and no zombie`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                _ = try Command("true").output()
                let before = openStreamCount()
                for _ in 0..<50 { #expect(throws: IOError.self) { try Command("no-such-program").output() } }
                #expect(openStreamCount() == before)
                #expect(waitpid(-1, nil, WNOHANG) == -1)
            }
        }
    }

    @Test func `a cancelled output leaves no descriptor`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                _ = try Command("true").output()
                let before = openStreamCount()
                for round in 0..<20 {
                    let fiber = Fiber.spawn { try Command("sleep", "100").output() }
                    try drain(rounds: round % 5)
                    fiber.cancel()
                    #expect(failure(of: fiber) is CancellationError)
                }
                #expect(openStreamCount() == before)
                #expect(waitpid(-1, nil, WNOHANG) == -1)
            }
        }
    }

    #if os(Linux)
        @Test func `a child inherits the standard streams and nothing else`() throws {
            try withPair { client, server in
                let listing = String(decoding: try Command("ls", "-l", "/proc/self/fd").output(), as: UTF8.self)
                #expect(!listing.contains("socket:[\(inode(client))]"))
                #expect(!listing.contains("socket:[\(inode(server))]"))
                #expect(fcntl(client.poll.descriptor, F_GETFD) & FD_CLOEXEC != 0)
                #expect(fcntl(server.poll.descriptor, F_GETFD) & FD_CLOEXEC != 0)
            }
        }

        private func inode(_ connection: TCPConnection) -> UInt {
            var status = stat()
            fstat(connection.poll.descriptor, &status)
            return status.st_ino
        }
    #endif
}
