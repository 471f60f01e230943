// SPDX-License-Identifier: MIT
import SystemPackage

@testable import Fibers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A folder of its own for a test's sockets, removed with all that is in it.
final class SocketFolder {
    let path: String

    init() {
        path = "/tmp/fibers-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        mkdir(path, 0o700)
    }

    deinit {
        for name in ["socket", "other", "link", "locked"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// Where tests put their socket.
    var socket: UnixAddress { .path(FilePath(socketPath)) }

    var socketPath: String { "\(path)/socket" }

    /// Leaves what a server leaves that was killed. Nothing listens meanwhile: a process that another thread starts just
    /// then has a copy of the descriptor for a moment, and there the socket would go on to answer.
    func leaveDeadSocket() throws {
        let descriptor = try UnixSocket.make(for: socket)
        defer { close(descriptor) }
        try check(UnixSocket.bind(descriptor, to: socket, permissions: .ownerReadWrite), "bind", socketPath)
    }
}

/// The permissions of what is at a path itself; `nil` if there is nothing.
func mode(of path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o777 : nil
}

func exists(_ path: String) -> Bool { mode(of: path) != nil }

/// Runs a test body in a loop, with a folder for sockets.
func withFolder(_ body: (SocketFolder) throws -> Void) throws {
    try inFiber {
        let folder = SocketFolder()
        defer { withExtendedLifetime(folder) {} }
        try body(folder)
    }
}
