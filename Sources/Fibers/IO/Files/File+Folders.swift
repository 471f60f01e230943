// SPDX-License-Identifier: MIT
public import SystemPackage

/// A name in a folder, and what it is of.
public struct FolderEntry: Sendable, Hashable {
    /// Its name in the folder.
    public let name: FilePath.Component
    /// What has the name; symbolic links are not followed.
    public let type: FileType
}

extension File {
    /// Makes a folder.
    ///
    /// Parks the calling fiber until that is done.
    ///
    /// - Parameters:
    ///   - path: Where it comes.
    ///   - withIntermediates: Whether the folders in which it is are made as well, as open as the umask allows, and whether
    ///     it may be there already.
    ///   - permissions: Of the folder if it is made, but for those that the umask takes away.
    /// - Throws: ``IOError`` that names the path, such as `ENOENT`, `EEXIST` or `EACCES`; `CancellationError` if the fiber is
    ///   cancelled.
    @available(*, noasync)
    public static func makeFolder(
        _ path: FilePath, withIntermediates: Bool = false,
        permissions: FilePermissions = [.ownerReadWriteExecute, .groupReadWriteExecute, .otherReadWriteExecute]
    ) throws {
        try PoolCall.attempt {
            try withIntermediates ? FileCalls.makeFolders(path, permissions) : FileCalls.makeFolder(path, permissions)
        }
    }

    /// Removes an empty folder.
    ///
    /// Parks the calling fiber until that is done.
    ///
    /// - Parameter path: Where it is.
    /// - Throws: ``IOError`` that names the path, such as `ENOENT`, `ENOTEMPTY` or `ENOTDIR`; `CancellationError` if the fiber is
    ///   cancelled.
    @available(*, noasync)
    public static func removeFolder(_ path: FilePath) throws {
        try PoolCall.attempt { try FileCalls.removeFolder(path) }
    }

    /// Removes what is at a path with all that is in it. Does nothing if there is nothing.
    ///
    /// Symbolic links are removed, not followed, even if somebody exchanges folders for links meanwhile. Two folders are
    /// open at a time, however deep the tree is.
    ///
    /// Parks the calling fiber until that is done, in steps of 256 entries. If this throws, some may be left.
    ///
    /// - Parameter path: Where it is.
    /// - Throws: ``IOError`` that names what could not be removed, such as `EACCES`, `ENOTEMPTY` if somebody adds to a folder
    ///   meanwhile, or `ESTALE` if somebody moves one; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func removeTree(_ path: FilePath) throws {
        let removal = TreeRemoval(of: path)
        while try PoolCall.attempt({ try removal.step() }) {}
    }

    /// Lists a folder, in whatever order the system has, with a bounded need of memory.
    ///
    /// Parks the calling fiber while the next 256 entries are read.
    ///
    /// - Parameters:
    ///   - path: Where the folder is.
    ///   - body: Called with each entry but `.` and `..`. It may park. What comes or goes meanwhile may be listed or not.
    /// - Throws: ``IOError`` that names the folder, such as `ENOENT`, `ENOTDIR` or `EACCES`; `CancellationError` if the fiber is
    ///   cancelled; what `body` throws, which ends the list.
    @available(*, noasync)
    public static func forEachEntry(of path: FilePath, _ body: (FolderEntry) throws -> Void) throws {
        let descriptor = try PoolOpen { try FileCalls.open(path, .readOnly, options: .directory) }.run()
        let folder = OpenFolder(descriptor, at: path)
        while case let entries = try PoolCall.attempt({ try folder.next(256) }), !entries.isEmpty {
            for entry in entries { try body(entry) }
        }
    }

    /// As ``forEachEntry(of:_:)``, for folders whose entries fit into memory.
    ///
    /// - Parameter path: Where the folder is.
    /// - Returns: The entries but `.` and `..`, in whatever order the system has.
    @available(*, noasync)
    public static func entries(of path: FilePath) throws -> [FolderEntry] {
        var entries: [FolderEntry] = []
        try forEachEntry(of: path) { entries.append($0) }
        return entries
    }
}
