// SPDX-License-Identifier: MIT
import CFibers

/// One run of a closure on libuv's thread pool.
final class PoolWork<Output: Sendable>: PoolRequest {
    private let body: @Sendable () throws -> Output
    private var result: Result<Output, any Error>?

    init(_ body: @escaping @Sendable () throws -> Output) { self.body = body }

    /// Parks the calling fiber until `body` has returned.
    func run(for reason: WaitReason = .offload) throws -> Output {
        try run("offload", for: reason) { fibers_work_start($0, $1, workIsDue, requestDidEnd, &$2) }
        return try result.unsafelyUnwrapped.get()
    }

    override func work() { result = Result(catching: body) }
}

func workIsDue(_ owner: UnsafeMutableRawPointer?) {
    Unmanaged<PoolRequest>.fromOpaque(owner.unsafelyUnwrapped).takeUnretainedValue().work()
}
