// SPDX-License-Identifier: MIT
import SystemPackage

extension AnyFiber {
    /// Reports on standard error that the fiber failed, as soon as it fails (Julia's `errormonitor`, row A5).
    ///
    /// The report begins "Unhandled error in fiber", holds the whole tree of errors and is one write. It comes whoever else
    /// waits for the fiber; at once, if the fiber has failed already; and once for each call of this. A fiber that
    /// returns, or ends by its own cancellation, is not reported.
    ///
    /// The failure then counts as seen, so there is no other report when the fiber's object goes away. What fibers that
    /// work together need is rather ``Channel/bind(to:)``, which passes the failure on to all who use the channel. Never
    /// parks.
    ///
    /// - Returns: The fiber itself, so that `Fiber.spawn { … }.monitorErrors()` can be written.
    @discardableResult
    public func monitorErrors() -> Self {
        bind(ErrorMonitor())
        return self
    }
}

/// Reports the failure of a fiber when it ends.
private final class ErrorMonitor: EndsWithFiber {
    func close(after fiber: AnyFiber) {
        guard let error = fiber.failure, !fiber.endedByCancellation else { return }
        fiber.observe()
        FailureReports.write(fiber, error)
    }
}

/// A failure that nobody ever looked at is reported once on standard error: when the fiber's object goes away, or when
/// its loop or the program ends.
enum FailureReports {
    /// Fibers with such a failure, unretained: they leave when they go away. For all threads, because a fiber that has
    /// finished may come to any of them inside of an error.
    private static let unseen = Locked<[ObjectIdentifier: Unmanaged<AnyFiber>]>([:])

    static func add(_ fiber: AnyFiber) {
        unseen.withLock { $0[ObjectIdentifier(fiber)] = Unmanaged.passUnretained(fiber) }
    }

    /// Returns whether the failure had still to be reported.
    @discardableResult
    static func remove(_ fiber: AnyFiber) -> Bool {
        unseen.withLock { $0.removeValue(forKey: ObjectIdentifier(fiber)) } != nil
    }

    static func reportAll(of scheduler: Scheduler) {
        let fibers = unseen.withLock { unseen in
            unseen.values.map { $0.takeUnretainedValue() }.filter { $0.record.scheduler == scheduler }
        }
        for fiber in fibers.sorted(by: { $0.record.id < $1.record.id }) where remove(fiber) {
            fiber.failure.map { write(fiber, $0) }
        }
    }

    static func write(_ fiber: AnyFiber, _ error: any Error) {
        let report = ErrorTree.report("Unhandled error in \(fiber.origin):", error) + "\n"
        _ = try? FileDescriptor.standardError.writeAll(report.utf8)
    }
}
