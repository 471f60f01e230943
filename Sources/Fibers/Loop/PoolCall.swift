// SPDX-License-Identifier: MIT
import CFibers

/// A call on libuv's thread pool that may use the caller's memory: whatever interrupts the fiber, it is not left before the
/// call has ended or was taken back.
final class PoolCall: PoolRequest {
    private let body: () -> Void
    private var wasMade = false

    private init(_ body: @escaping () -> Void) { self.body = body }

    /// Parks the calling fiber until `body` has returned. An interruption that comes too late to stop it is kept for the
    /// fiber's next park.
    static func run<Output>(for reason: WaitReason = .offload, _ body: () -> Output) throws -> Output {
        var output: Output?
        try withoutActuallyEscaping({ output = body() }) { body in try PoolCall(body).run(for: reason) }
        return output.unsafelyUnwrapped
    }

    /// As `run`, for what may fail.
    static func attempt<Output>(for reason: WaitReason = .file, _ body: () throws -> Output) throws -> Output {
        try run(for: reason) { Result(catching: body) }.get()
    }

    private func run(for reason: WaitReason) throws {
        do {
            try run("call", for: reason) { fibers_work_start($0, $1, workIsDue, requestDidEnd, &$2) }
        } catch {
            waitForEnd(for: reason)
            guard wasMade else { throw error }
            Scheduler.current.current.keepInterruption(error)
        }
    }

    override func work() {
        wasMade = true
        body()
    }
}
