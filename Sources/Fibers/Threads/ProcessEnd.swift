// SPDX-License-Identifier: MIT

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What happens when the main program returns, or some thread calls `exit`.
enum ProcessEnd {
    /// For fibers that compute, or hold cancellation back, for ever.
    private static let patience = Duration.seconds(1)

    private static let isPrepared: Bool = atexit(begin) == 0

    static func prepare() { _ = isPrepared }

    /// The pools first: fibers that unwind may fail.
    private static let begin: @convention(c) () -> Void = {
        WorkerPools.stopForGood(until: LoopClock.now.advanced(by: patience))
        if Scheduler.isRunning { FailureReports.reportAll(of: .current) }
    }
}
