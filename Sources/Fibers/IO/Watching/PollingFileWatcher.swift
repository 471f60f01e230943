// SPDX-License-Identifier: MIT
public import SystemPackage

/// Looks at a file from time to time, and tells when it has changed (Julia's `PollingFileWatcher` and `poll_file`, row
/// FW7).
///
/// For files whose changes the kernel does not see, such as those of a network's folder that another machine writes to,
/// and for paths where nothing is yet. Elsewhere a ``FileMonitor`` tells at once and costs nothing meanwhile.
///
/// ```swift
/// let watcher = try PollingFileWatcher("/mnt/shared/orders.csv", every: .seconds(10))
/// let (previous, current) = try watcher.wait()
/// ```
public final class PollingFileWatcher: CustomStringConvertible {
    /// What is looked at.
    public let path: FilePath
    /// The time between two looks.
    public let interval: Duration
    private let ticker: Ticker
    /// What was told last; `nil` before the first look.
    private var last: FileState?

    /// Makes a watcher. Never parks, and does not look yet: the first wait does.
    ///
    /// - Parameters:
    ///   - path: Of a file, which need not be there. Links are followed.
    ///   - interval: The time between two looks.
    /// - Throws: ``ArgumentError`` if the path is empty, or the interval is not greater than zero.
    public init(_ path: FilePath, every interval: Duration = .milliseconds(5007)) throws {
        guard !path.isEmpty else { throw ArgumentError("cannot watch an empty path: give that of a file") }
        guard interval > .zero else {
            throw ArgumentError("cannot look at a file every \(interval): give a duration greater than zero")
        }
        self.path = path
        self.interval = interval
        ticker = try Ticker(after: interval, every: interval, missed: .delay)
    }

    /// Waits until the file is another than it was when the last wait ended, or when the first one began.
    ///
    /// Parks the calling fiber until a look tells so. Changes between two waits count; what changed and changed back
    /// between two looks is not seen. Everybody who waits is told. The looks are made by libuv's threads, so a file
    /// server that hangs stops nobody else. A limit is set by ``withTimeout(_:_:)``.
    ///
    /// - Returns: What the system said of the file before and now; `nil` where there was none.
    /// - Throws: ``ClosedError`` if the watcher is closed, before or meanwhile (where Julia returns an error);
    ///   ``IOError`` if the system refuses to tell, such as `EACCES`; `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func wait() throws -> (previous: Stat?, current: Stat?) {
        guard !ticker.isClosed else { throw closedError }
        let known = last
        var current = try look()
        let previous = known ?? last ?? current
        last = previous
        while current == previous {
            do { try ticker.wait() } catch is ClosedError { throw closedError }
            current = try look()
        }
        last = current
        return (previous.stat, current.stat)
    }

    private func look() throws -> FileState {
        let state = try PoolWork { [path] in try FileState(of: path) }.run()
        guard !ticker.isClosed else { throw closedError }
        return state
    }

    /// Ends the watcher. Fibers that wait get ``ClosedError``. Never parks.
    public func close() { ticker.close() }

    private var closedError: ClosedError { ClosedError(subject: "watcher of \(path)") }

    /// Says what is looked at, and how often.
    public var description: String { "PollingFileWatcher(\(path), every: \(interval))" }
}
