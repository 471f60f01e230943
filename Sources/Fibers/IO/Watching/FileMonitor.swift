// SPDX-License-Identifier: MIT
public import SystemPackage

/// Whether something has happened to a file (Julia's `FileMonitor` and `watch_file`, rows FW3 and FW4).
///
/// ```swift
/// let monitor = try FileMonitor("settings.json")
/// while true {
///     load("settings.json")
///     _ = try monitor.wait()
/// }
/// ```
///
/// What happens between two waits is remembered and told as one. The monitor is about the path: it goes on when the
/// file is replaced by another, as editors do, and when it is removed and made again. If the path is a folder, what
/// happens directly in it counts as well.
///
/// A monitor needs a descriptor, on Linux an inotify instance, of which a user has 128 by default. It is closed by
/// ``close()`` or when it goes away, and belongs to the event loop of the fiber that made it. For files of another
/// machine there is ``PollingFileWatcher``: the kernel does not see what others do to them.
public final class FileMonitor: CustomStringConvertible {
    /// What has happened.
    public struct Changes: OptionSet, Sendable, Hashable, CustomStringConvertible {
        /// One bit for each.
        public let rawValue: UInt8

        /// Any set, by its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Content or attributes, such as permissions, have changed.
        public static let changed = Changes(rawValue: 1)
        /// The file came, went, was renamed, or was replaced by another.
        public static let renamed = Changes(rawValue: 2)

        /// The names of what is in the set.
        public var description: String {
            let names = [(Changes.changed, "changed"), (.renamed, "renamed")].filter { contains($0.0) }.map(\.1)
            return "[" + names.joined(separator: ", ") + "]"
        }
    }

    /// What is watched.
    public let path: FilePath
    private let source: FileSource

    /// Starts to watch. Never parks.
    ///
    /// - Parameter path: A file, or a folder. Links are followed.
    /// - Throws: ``ArgumentError`` if the path is empty; ``IOError`` such as `ENOENT` if there is nothing; `EMFILE` or
    ///   `ENOSPC` if the user may not watch more.
    public init(_ path: FilePath) throws {
        guard !path.isEmpty else { throw ArgumentError("cannot watch an empty path: give that of a file") }
        self.path = path
        source = try FileSource(path)
    }

    /// Takes what has happened since the last wait.
    ///
    /// Parks the calling fiber until something has. Of several fibers that wait, one is told.
    ///
    /// - Throws: ``ClosedError`` if the monitor is closed, before or meanwhile; ``IOError``, once, if another file that
    ///   has taken the place of the first cannot be watched, such as `ENOSPC`: each later wait tries again when it begins,
    ///   and tells of everything if it succeeds; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func wait() throws -> Changes {
        while true {
            let changes = try source.take()
            if !changes.isEmpty { return changes }
            try source.wait()
        }
    }

    /// Stops watching. Fibers that wait get ``ClosedError``. Never parks.
    public func close() { source.close() }

    /// Whether ``close()`` was called, or the event loop has ended.
    public var isClosed: Bool { source.isClosed }

    /// Says what is watched.
    public var description: String { "FileMonitor(\(path))" }
}
