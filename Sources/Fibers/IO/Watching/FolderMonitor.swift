// SPDX-License-Identifier: MIT
public import SystemPackage

/// What happens in a folder, in order (Julia's `FolderMonitor` and `watch_folder`, rows FW5 and FW6).
///
/// ```swift
/// for change in try FolderMonitor("Sources", recursive: true) {
///     print(change)
/// }
/// ```
///
/// The system remembers what happens from the moment when the monitor is made, so nothing is lost between two waits,
/// unless there is too much, some 16,000 events on Linux: then ``FolderChange/overflow`` says so. Successive
/// modifications of one file may be told as one.
///
/// A recursive monitor also watches all folders below, but follows no links. What it finds in a new one is told as
/// created: it may have been made before the folder could be watched. When it cannot watch another folder, because the
/// user has no more watches (`fs.inotify.max_user_watches`) or may not read it, a wait throws that once, and what happens
/// in that folder is not told.
///
/// A new folder is watched when its creation is seen; what is in it by then is found and told as created. If it was moved,
/// replaced or removed by then, so that one cannot tell what happened first, ``FolderChange/overflow`` is told.
///
/// On Linux a rename is told as one change if old and new place are both watched. On other systems it is told as two,
/// the one removed and the other created, and what is told follows the system's own, coarser events.
///
/// A monitor needs a descriptor, on Linux an inotify instance, of which a user has 128 by default. It is closed by
/// ``close()`` or when it goes away, and belongs to the event loop of the fiber that made it.
public final class FolderMonitor: Sequence, IteratorProtocol, CustomStringConvertible {
    /// What is watched.
    public let path: FilePath
    private let source: FolderSource

    /// Starts to watch.
    ///
    /// Never parks. With `recursive` it walks through the folders below, which takes some 10 µs for each.
    ///
    /// - Parameters:
    ///   - path: The folder. If it is moved later, the monitor stays with it.
    ///   - recursive: Watches the folders below, too, also those that come later.
    /// - Throws: ``ArgumentError`` if the path is empty; ``IOError`` such as `ENOENT` or `ENOTDIR` if there is no
    ///   folder; `EMFILE` or `ENOSPC` if the user may not watch more.
    public init(_ path: FilePath, recursive: Bool = false) throws {
        guard !path.isEmpty else { throw ArgumentError("cannot watch an empty path: give that of a folder") }
        self.path = path
        source = try FolderSource(path, isRecursive: recursive)
    }

    /// Takes the next change.
    ///
    /// Parks the calling fiber until there is one. Of several fibers that wait, each gets another.
    ///
    /// - Throws: ``ClosedError`` if the monitor is closed, before or meanwhile; ``IOError`` if the folder was removed
    ///   (`ENOENT`), or one below cannot be watched; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func wait() throws -> FolderChange {
        while true {
            guard !isClosed else { throw ClosedError(subject: "monitor of \(path)") }
            if let change = try source.take() { return change }
            try source.wait()
        }
    }

    /// The next change; `nil` when the monitor is closed, the fiber cancelled, or watching fails. Parks as ``wait()``
    /// does; call that to see the error.
    @available(*, noasync)
    public func next() -> FolderChange? { try? wait() }

    /// Stops watching. Fibers that wait get ``ClosedError``; changes that were not taken are dropped. Never parks.
    public func close() { source.close() }

    /// Whether ``close()`` was called, or the event loop has ended.
    public var isClosed: Bool { source.isClosed }

    /// Says what is watched.
    public var description: String { "FolderMonitor(\(path))" }
}
