// SPDX-License-Identifier: MIT
import CFibers

/// A call on libuv's thread pool that opens a descriptor, and is left at once if its fiber is interrupted: a descriptor that
/// comes too late, or that nobody takes, is closed.
final class PoolOpen: PoolRequest {
    private let body: () throws -> CInt
    private var result: Result<CInt, any Error>?

    /// - Parameter body: Returns a descriptor.
    init(_ body: @escaping @Sendable () throws -> CInt) { self.body = body }

    deinit {
        if case .success(let descriptor) = result { _ = fibers_close(descriptor) }
    }

    /// Parks the calling fiber until `body` has returned.
    func run() throws -> CInt {
        try run("open", for: .file) { fibers_work_start($0, $1, workIsDue, requestDidEnd, &$2) }
        defer { result = nil }
        return try result.unsafelyUnwrapped.get()
    }

    override func work() { result = Result(catching: body) }
}
