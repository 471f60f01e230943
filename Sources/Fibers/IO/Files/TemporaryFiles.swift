// SPDX-License-Identifier: MIT
public import SystemPackage

/// Runs `body` with a new, empty file, which is removed when `body` has ended, however it ends.
///
/// Its owner alone can read and write it. Parks the calling fiber until it is made, and until it is removed; the fiber's
/// cancellation is held back meanwhile.
///
/// - Parameters:
///   - folder: Where it is made; `nil` is the system's folder for such files, ``File/temporaryFolder``.
///   - body: Given the file, open for reading and writing. It may rename or remove it.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws; ``IOError`` if it cannot be made or removed; `CancellationError` if the fiber is cancelled.
@available(*, noasync)
public func withTemporaryFile<Value>(in folder: FilePath? = nil, _ body: (File) throws -> Value) throws -> Value {
    let file = try File.makeTemporary(in: folder)
    defer { file.close() }
    return try run(with: file, removing: file.path, body)
}

/// Runs `body` with a new, empty folder, which is removed with all that is in it when `body` has ended, however it ends.
///
/// Its owner alone can use it. Parks the calling fiber until it is made, and until it is removed; the fiber's cancellation
/// is held back meanwhile.
///
/// - Parameters:
///   - folder: Where it is made; `nil` is the system's folder for such files, ``File/temporaryFolder``.
///   - body: Given the path. It may rename or remove the folder.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws; ``IOError`` if it cannot be made or removed; `CancellationError` if the fiber is cancelled.
@available(*, noasync)
public func withTemporaryFolder<Value>(in folder: FilePath? = nil, _ body: (FilePath) throws -> Value) throws -> Value {
    let path = try File.makeTemporaryFolder(in: folder)
    return try run(with: path, removing: path, body)
}

extension File {
    /// The system's folder for temporary files: `TMPDIR` of the environment or, if that is not set, `/tmp`. Never parks.
    public static var temporaryFolder: FilePath { FileCalls.temporaryFolder }

    /// Makes a new, empty file with a name that nobody can foresee, for the caller to remove; see
    /// ``withTemporaryFile(in:_:)``. Its owner alone can read and write it.
    ///
    /// Parks the calling fiber until it is made.
    ///
    /// - Parameters:
    ///   - folder: Where it is made; `nil` is ``temporaryFolder``.
    ///   - prefix: How its name begins.
    /// - Returns: The file, open for reading and writing.
    /// - Throws: ``IOError`` such as `ENOENT` or `EACCES`; ``ArgumentError`` if the prefix holds a slash or a NUL character;
    ///   `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public static func makeTemporary(in folder: FilePath? = nil, prefix: String = "fibers-") throws -> File {
        let folder = folder ?? temporaryFolder
        try validate(prefix)
        let (path, descriptor) = try PoolCall.attempt { try FileCalls.openTemporary(in: folder, prefix: prefix) }
        return try File(descriptor, .readWrite, at: path)
    }

    /// Makes a new, empty folder with a name that nobody can foresee, for the caller to remove; see
    /// ``withTemporaryFolder(in:_:)``. Its owner alone can use it.
    ///
    /// Parks the calling fiber until it is made.
    ///
    /// - Parameters:
    ///   - folder: Where it is made; `nil` is ``temporaryFolder``.
    ///   - prefix: How its name begins.
    /// - Returns: Its path.
    /// - Throws: As ``makeTemporary(in:prefix:)``.
    @available(*, noasync)
    public static func makeTemporaryFolder(in folder: FilePath? = nil, prefix: String = "fibers-") throws -> FilePath {
        let folder = folder ?? temporaryFolder
        try validate(prefix)
        return try PoolCall.attempt { try FileCalls.makeTemporaryFolder(in: folder, prefix: prefix) }
    }

    private static func validate(_ prefix: String) throws {
        guard !prefix.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "/") }) else {
            throw ArgumentError("prefix \(prefix.debugDescription) holds a slash or a NUL character")
        }
    }

    /// Removes what this program has made, whatever interrupts the fiber: that is kept for its next park.
    static func cleanUp(_ remove: () throws -> Void) throws {
        var interruption: (any Error)?
        defer { if let interruption { Scheduler.current.current.keepInterruption(interruption) } }
        while true {
            do { return try Fiber.shield(remove) } catch {
                guard !(error is IOError) else { throw error }
                interruption = error
            }
        }
    }
}

/// An error of `body` counts for more than one of the removal.
private func run<Subject, Value>(
    with subject: Subject, removing path: FilePath, _ body: (Subject) throws -> Value
) throws -> Value {
    let result = Result { try body(subject) }
    let removal = Result { try File.cleanUp { try File.removeTree(path) } }
    let value = try result.get()
    try removal.get()
    return value
}
