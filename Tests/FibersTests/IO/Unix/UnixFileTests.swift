// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What listening does to the file system.
@Suite struct UnixFileTests {
    @Test(arguments: [(0o600, 0o077), (0o666, 0o077), (0o660, 0o000), (0o777, 0o022)] as [(mode_t, mode_t)])
    func `the file has exactly the permissions asked for, whatever the umask`(asked: mode_t, umask mask: mode_t) async {
        await #expect(processExitsWith: .success) { [asked, mask] in
            umask(mask)
            try withFolder { folder in
                let listener = try UnixListener.listen(
                    on: folder.socket, permissions: FilePermissions(rawValue: asked))
                #expect(mode(of: folder.socketPath) == asked)
                withExtendedLifetime(listener) {}
            }
        }
    }

    @Test func `nobody ever sees the file with wider permissions`() async {
        await #expect(processExitsWith: .success) {
            umask(0)
            let folder = SocketFolder()
            let path = folder.socketPath
            let (isOver, hasEnded, wasWider) = (Flag(), Gate(), Flag())
            Thread.detachNewThread {
                while !isOver.isSet { if let mode = mode(of: path), mode & 0o177 != 0 { wasWider.set() } }
                hasEnded.open()
            }
            try inFiber { for _ in 0..<1000 { try UnixListener.listen(on: folder.socket).close() } }
            isOver.set()
            hasEnded.wait()
            #expect(!wasWider.isSet)
        }
    }

    @Test func `the file goes away with its listener, closed or dropped`() throws {
        try withFolder { folder in
            try UnixListener.listen(on: folder.socket).close()
            #expect(!exists(folder.socketPath))
            func listenAndDrop() throws { _ = try UnixListener.listen(on: folder.socket) }
            try listenAndDrop()
            #expect(!exists(folder.socketPath))
        }
    }

    @Test func `a file that has taken the place of the listener's own stays`() throws {
        try withFolder { folder in
            let first = try UnixListener.listen(on: folder.socket)
            unlink(folder.socketPath)
            let second = try UnixListener.listen(on: folder.socket)
            first.close()
            #expect(exists(folder.socketPath))
            let client = try UnixConnection.connect(to: folder.socket)
            try client.write("x")
            try #expect(second.accept().readText() == "x")
        }
    }

    @Test func `a dead socket is replaced`() throws {
        try withFolder { folder in
            try folder.leaveDeadSocket()
            let listener = try UnixListener.listen(on: folder.socket)
            let client = try UnixConnection.connect(to: folder.socket)
            try client.write("x")
            try #expect(listener.accept().readText() == "x")
        }
    }

    @Test(arguments: [0, 511])
    func `a socket on which somebody listens is in use, even with a full backlog`(backlog: Int) throws {
        try withFolder { folder in
            let listener = try UnixListener.listen(on: folder.socket, backlog: backlog)
            let client = try UnixConnection.connect(to: folder.socket)
            let error = failure { try UnixListener.listen(on: folder.socket) }
            #expect(code(of: error) == .addressInUse)
            #expect((error as? IOError)?.subject == folder.socketPath)
            try client.write("still here")
            try #expect(listener.accept().readText() == "still here")
        }
    }

    @Test func `a file that is no socket is never replaced`() throws {
        try withFolder { folder in
            let file = try FileDescriptor.open(
                FilePath(folder.socketPath), .writeOnly, options: .create, permissions: .ownerReadWrite)
            try file.close()
            #expect(code(of: failure { try UnixListener.listen(on: folder.socket) }) == .addressInUse)
            #expect(mode(of: folder.socketPath) == 0o600)
        }
    }

    @Test(arguments: [false, true])
    func `a symbolic link is not followed, wherever it leads`(toDeadSocket: Bool) throws {
        try withFolder { folder in
            if toDeadSocket {
                try folder.leaveDeadSocket()
                rename(folder.socketPath, "\(folder.path)/other")
            }
            symlink("\(folder.path)/other", folder.socketPath)
            #expect(code(of: failure { try UnixListener.listen(on: folder.socket) }) == .addressInUse)
            #expect(exists(folder.socketPath))
            #expect(exists("\(folder.path)/other") == toDeadSocket)
        }
    }

    @Test func `a folder that does not exist is named`() throws {
        try inFiber {
            let error = failure { try UnixListener.listen(on: "/no/such/folder/socket") } as? IOError
            #expect(error?.code == .noSuchFileOrDirectory)
            #expect(error?.subject == "/no/such/folder/socket")
        }
    }

    @Test func `who starts to listen waits while somebody else does in the same folder`() throws {
        try withFolder { folder in
            let lock = open(folder.path, O_RDONLY | O_DIRECTORY)
            flock(lock, LOCK_EX)
            let fiber = Fiber.spawn { try UnixListener.listen(on: folder.socket) }
            try drain()
            #expect(fiber.state == .waiting)
            close(lock)
            try fiber.fetch().close()
        }
    }

    @Test func `of several threads that find a dead socket, one listens in its place`() throws {
        let folder = SocketFolder()
        let address = folder.socket
        for _ in 0..<25 {
            try inFiber { try folder.leaveDeadSocket() }
            let (winners, tried, done) = (Log(), DispatchGroup(), DispatchGroup())
            for group in [tried, done] { for _ in 0..<4 { group.enter() } }
            for _ in 0..<4 {
                Thread.detachNewThread {
                    try? inFiber {
                        let listener = try? UnixListener.listen(on: address)
                        if listener != nil { winners.append("listens") }
                        tried.leave()
                        tried.wait()
                        listener?.close()
                    }
                    done.leave()
                }
            }
            done.wait()
            #expect(winners.entries.count == 1)
            #expect(!exists(folder.socketPath))
        }
    }
}
