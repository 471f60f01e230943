// SPDX-License-Identifier: MIT
import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

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

    /// For the main program, whose scheduler lives as long as the process.
    static func reportAtExit() {
        atexit { if Scheduler.isRunning { FailureReports.reportAll(of: Scheduler.current.loop) } }
    }

    private static func write(_ fiber: AnyFiber, _ error: any Error) {
        let text = "Unhandled error in fiber \(fiber.label), spawned at \(fiber.site): \(error)\n"
        _ = try? FileDescriptor.standardError.writeAll(text.utf8)
    }
}
