// SPDX-License-Identifier: MIT
public import SystemPackage

extension File {
    /// What the system knows of what is at a path: size, type, permissions, times, and more.
    ///
    /// Parks the calling fiber until the system has answered.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - followingLink: Whether a symbolic link stands for that to which it leads.
    /// - Throws: ``IOError`` that names the path, such as `ENOENT` or `EACCES`; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func stat(_ path: FilePath, followingLink: Bool = true) throws -> Stat {
        try PoolWork { try FileCalls.stat(path, followingLink: followingLink) }.run(for: .file)
    }

    /// Whether there is anything at a path. It may be gone, or come, before this returns.
    ///
    /// Parks the calling fiber until the system has answered.
    ///
    /// - Parameters:
    ///   - path: Where to look.
    ///   - followingLink: Whether a symbolic link that leads nowhere is nothing.
    /// - Throws: ``IOError`` that names the path, such as `EACCES`, if that cannot be told; `CancellationError` if the fiber is
    ///   cancelled.
    @available(*, noasync)
    public static func exists(_ path: FilePath, followingLink: Bool = true) throws -> Bool {
        do {
            _ = try stat(path, followingLink: followingLink)
            return true
        } catch let error as IOError where [.noSuchFileOrDirectory, .notDirectory].contains(error.code) {
            return false
        }
    }

    /// Gives a file or folder another path in the same file system. What is at that path already is replaced, at one
    /// moment.
    ///
    /// Parks the calling fiber until that is done.
    ///
    /// - Parameters:
    ///   - path: Where it is. A symbolic link is renamed itself.
    ///   - target: Where it then is.
    /// - Throws: ``IOError`` that names both, such as `ENOENT`, `EXDEV` if the other path is in another file system, or
    ///   `ENOTEMPTY`; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func rename(_ path: FilePath, to target: FilePath) throws {
        try PoolCall.attempt { try FileCalls.rename(path, to: target) }
    }

    /// Removes a file, or a symbolic link itself. ``removeFolder(_:)`` and ``removeTree(_:)`` remove folders.
    ///
    /// Parks the calling fiber until that is done.
    ///
    /// - Parameter path: Where it is.
    /// - Throws: ``IOError`` that names the path, such as `ENOENT` or `EACCES`, and `EISDIR` or `EPERM` for a folder;
    ///   `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func remove(_ path: FilePath) throws {
        try PoolCall.attempt { try FileCalls.remove(path) }
    }

    /// Gives a file or folder exactly these permissions. Symbolic links are followed.
    ///
    /// Parks the calling fiber until that is done.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - permissions: What it gets.
    /// - Throws: ``IOError`` that names the path, such as `ENOENT` or `EPERM`; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func setPermissions(of path: FilePath, to permissions: FilePermissions) throws {
        try PoolCall.attempt { try FileCalls.setPermissions(of: path, to: permissions) }
    }
}

// MARK: Links

extension File {
    /// Gives a file one more path, in the same file system.
    ///
    /// Parks the calling fiber until that is done.
    ///
    /// - Parameters:
    ///   - path: The new one.
    ///   - existing: One that it has.
    /// - Throws: ``IOError`` that names both, such as `ENOENT`, `EEXIST` or `EXDEV`; `CancellationError` if the fiber is
    ///   cancelled.
    @available(*, noasync)
    public static func makeLink(at path: FilePath, to existing: FilePath) throws {
        try PoolCall.attempt { try FileCalls.makeLink(at: path, to: existing) }
    }

    /// Makes a symbolic link.
    ///
    /// Parks the calling fiber until that is done.
    ///
    /// - Parameters:
    ///   - path: Where the link is.
    ///   - target: Where it leads, whether there is anything or not. What is relative begins at the folder of the link.
    /// - Throws: ``IOError`` that names both, such as `ENOENT` or `EEXIST`; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func makeSymbolicLink(at path: FilePath, to target: FilePath) throws {
        try PoolCall.attempt { try FileCalls.makeSymbolicLink(at: path, to: target) }
    }

    /// Where a symbolic link leads.
    ///
    /// Parks the calling fiber until the system has answered.
    ///
    /// - Parameter path: Where the link is.
    /// - Throws: ``IOError`` that names the path, such as `ENOENT`, or `EINVAL` if it is not a symbolic link;
    ///   `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func readLink(_ path: FilePath) throws -> FilePath {
        try PoolWork { try FileCalls.readLink(path) }.run(for: .file)
    }
}
