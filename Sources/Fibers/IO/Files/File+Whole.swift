// SPDX-License-Identifier: MIT
public import SystemPackage

// Files as a whole.
extension File {
    /// Reads a file.
    ///
    /// Parks the calling fiber until it is read, in pieces of up to 1 MiB.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - limit: The most bytes that there may be.
    /// - Returns: Its bytes.
    /// - Throws: ``IOError`` that names the path, such as `ENOENT`, `EACCES` or `EISDIR`; ``LimitExceededError``;
    ///   `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func read(_ path: FilePath, limit: Int = .max) throws -> [UInt8] {
        let file = try open(path)
        defer { file.close() }
        return try file.readAll(from: 0, limit: limit)
    }

    /// As ``read(_:limit:)``, for text in UTF-8.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - limit: The most bytes that there may be.
    /// - Returns: The text; what is no UTF-8 is replaced by U+FFFD.
    @available(*, noasync)
    public static func readText(_ path: FilePath, limit: Int = .max) throws -> String {
        String(decoding: try read(path, limit: limit), as: UTF8.self)
    }

    /// Writes a file: makes it, or replaces what is in it. Who reads it meanwhile sees a part; ``replace(_:with:permissions:)``
    /// keeps the old one until the new one is complete.
    ///
    /// Parks the calling fiber until it is written.
    ///
    /// - Parameters:
    ///   - bytes: What the file then has.
    ///   - path: Where it is.
    ///   - permissions: Of the file if it is made, but for those that the umask takes away.
    /// - Throws: ``IOError`` that names the path, such as `ENOENT`, `EACCES` or `ENOSPC`; ``PartialWriteError`` if some bytes
    ///   were written; `CancellationError` if the fiber is cancelled: the file may then be there, empty.
    @available(*, noasync)
    public static func write(
        _ bytes: some Collection<UInt8>, to path: FilePath,
        permissions: FilePermissions = [.ownerReadWrite, .groupReadWrite, .otherReadWrite]
    ) throws {
        let file = try open(path, .writeOnly, options: [.create, .truncate], permissions: permissions)
        defer { file.close() }
        try file.write(bytes)
    }

    /// Replaces a file so that at any moment, even if the power fails, either the old or the new one stands at the path.
    ///
    /// The new one is written to a file with another name in the same folder, which the device has before it is renamed. A
    /// symbolic link at the path is replaced, not followed.
    ///
    /// Parks the calling fiber until the device has the new file and its name. If this throws, the old one is there, and
    /// no other; unless the error's operation is `sync` and it names the folder: then the new one is there, but may be
    /// lost if the power fails.
    ///
    /// - Parameters:
    ///   - path: Where the file is, or comes.
    ///   - bytes: What it then has.
    ///   - permissions: What it gets, whatever the umask is. By default those of the old one; if there is none, those of any
    ///     new file.
    /// - Throws: ``IOError`` such as `ENOENT`, `EACCES` or `ENOSPC`; ``PartialWriteError``, of the other file;
    ///   `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func replace(
        _ path: FilePath, with bytes: some Collection<UInt8>, permissions: FilePermissions? = nil
    ) throws {
        let file = try makeReplacement(of: path, permissions)
        defer { file.close() }
        do {
            try file.write(bytes)
            try PoolCall.attempt { try FileCalls.replace(path, with: file.path, file.poll.descriptor) }
        } catch {
            try? cleanUp { try remove(file.path) }
            throw error
        }
    }

    private static func makeReplacement(of path: FilePath, _ permissions: FilePermissions?) throws -> File {
        let (other, descriptor) = try PoolCall.attempt {
            try FileCalls.makeReplacement(of: path, permissions)
        }
        return try File(descriptor, .writeOnly, at: other)
    }
}
