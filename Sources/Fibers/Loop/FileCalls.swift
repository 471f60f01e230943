// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// The system calls on files. Each may block its thread, which is one of libuv's pool. Each returns a value or throws.
enum FileCalls {
    /// A descriptor. Never waits for somebody at the other end of a fifo.
    static func open(
        _ path: FilePath, _ mode: FileDescriptor.AccessMode, options: FileDescriptor.OpenOptions = [],
        permissions: FilePermissions = []
    ) throws(IOError) -> CInt {
        try naming("open", path) {
            let options = options.union([.closeOnExec, .nonBlocking])
            return try FileDescriptor.open(path, mode, options: options, permissions: permissions).rawValue
        }
    }

    static func stat(_ path: FilePath, followingLink: Bool) throws(IOError) -> Stat {
        try naming("stat", path) { try path.stat(followTargetSymlink: followingLink) }
    }

    static func rename(_ path: FilePath, to target: FilePath) throws(IOError) {
        let result = path.withPlatformString { path in
            target.withPlatformString { fibers_file_rename(path, $0) }
        }
        try check(result, "rename", "\(path) to \(target)")
    }

    /// Of a file or a link, not of a folder.
    static func remove(_ path: FilePath) throws(IOError) {
        try check(path.withPlatformString { fibers_file_remove($0) }, "remove", path.string)
    }

    static func setPermissions(of path: FilePath, to permissions: FilePermissions) throws(IOError) {
        let result = path.withPlatformString { fibers_file_change_mode($0, permissions.rawValue) }
        try check(result, "set permissions", path.string)
    }

    /// Runs `body`, and says on what its error was.
    static func naming<Result>(
        _ operation: String, _ path: FilePath, _ body: () throws -> Result
    ) throws(IOError) -> Result {
        do { return try body() } catch {
            guard let code = error as? Errno else { fatalError("BUG: a system call failed with \(error)") }
            throw IOError(operation: operation, subject: path.string, code: code)
        }
    }
}

// MARK: Links

extension FileCalls {
    static func makeLink(at path: FilePath, to existing: FilePath) throws(IOError) {
        let result = path.withPlatformString { path in
            existing.withPlatformString { fibers_file_make_link(path, $0) }
        }
        try check(result, "link", "\(path) to \(existing)")
    }

    static func makeSymbolicLink(at path: FilePath, to target: FilePath) throws(IOError) {
        let result = path.withPlatformString { path in
            target.withPlatformString { fibers_file_make_symbolic_link(path, $0) }
        }
        try check(result, "link", "\(path) to \(target)")
    }

    static func readLink(_ path: FilePath) throws(IOError) -> FilePath {
        var target = [CChar](repeating: 0, count: 256)
        while true {
            let count = path.withPlatformString { fibers_file_read_link($0, &target, target.count) }
            try check(count, "read link", path.string)
            if count < target.count { return FilePath(platformString: Array(target[..<count]) + [0]) }
            target = [CChar](repeating: 0, count: target.count * 2)
        }
    }
}

// MARK: Folders

extension FileCalls {
    static func makeFolder(_ path: FilePath, _ permissions: FilePermissions) throws(IOError) {
        let result = path.withPlatformString { fibers_file_make_folder($0, permissions.rawValue) }
        try check(result, "make folder", path.string)
    }

    /// Makes the folders as well in which it is, as open as the umask allows. Does nothing if it is there.
    static func makeFolders(_ path: FilePath, _ permissions: FilePermissions) throws(IOError) {
        do throws(IOError) { try makeFolderIfMissing(path, permissions) } catch {
            let parent = path.removingLastComponent()
            guard error.code == .noSuchFileOrDirectory, !parent.isEmpty, parent != path else { throw error }
            try makeFolders(parent, FilePermissions(rawValue: 0o777))
            try makeFolderIfMissing(path, permissions)
        }
    }

    private static func makeFolderIfMissing(_ path: FilePath, _ permissions: FilePermissions) throws(IOError) {
        do throws(IOError) { try makeFolder(path, permissions) } catch {
            guard (try? path.stat())?.type == .directory else { throw error }
        }
    }

    /// Of an empty one.
    static func removeFolder(_ path: FilePath) throws(IOError) {
        try check(path.withPlatformString { fibers_file_remove_folder($0) }, "remove folder", path.string)
    }

    /// As the environment has it. Does not block.
    static var temporaryFolder: FilePath {
        let name = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer -> FilePath? in
            guard fibers_file_temporary_folder(buffer.baseAddress, buffer.count) == 0 else { return nil }
            return buffer.baseAddress.map { FilePath(platformString: $0) }
        }
        return name ?? "/tmp"
    }
}
