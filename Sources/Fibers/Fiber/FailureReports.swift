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
    static func add(_ fiber: AnyFiber, to loop: Loop) {
        loop.unobservedFailures[ObjectIdentifier(fiber)] = Unmanaged.passUnretained(fiber)
    }

    static func remove(_ fiber: AnyFiber) {
        guard Scheduler.isRunning else { return }
        Scheduler.current.loop.unobservedFailures[ObjectIdentifier(fiber)] = nil
    }

    /// Called when the fiber's object goes away.
    static func report(_ fiber: AnyFiber, _ error: any Error) {
        remove(fiber)
        write(fiber, error)
    }

    static func reportAll(of loop: Loop) {
        let fibers = loop.unobservedFailures.values.map { $0.takeUnretainedValue() }
        for fiber in fibers.sorted(by: { $0.record.id < $1.record.id }) {
            fiber.observe()
            fiber.failure.map { write(fiber, $0) }
        }
    }

    static func write(_ fiber: AnyFiber, _ error: any Error) {
        let report = ErrorTree.report("Unhandled error in \(fiber.origin):", error) + "\n"
        _ = try? FileDescriptor.standardError.writeAll(report.utf8)
    }
}
