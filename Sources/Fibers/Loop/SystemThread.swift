// SPDX-License-Identifier: MIT
import CFibers

/// A thread of our own.
struct SystemThread: @unchecked Sendable {
    /// Used up by `join`, which is called once.
    private let handle: UnsafeMutableRawPointer

    /// Cores that the process may use.
    static var coreCount: Int { fibers_core_count() }

    init(_ body: @escaping @Sendable () -> Void) throws(IOError) {
        let start = Unmanaged.passRetained(Start(body))
        var handle: UnsafeMutableRawPointer?
        let code = fibers_thread_start(runThread, start.toOpaque(), &handle)
        guard let handle, code == 0 else {
            start.release()
            throw IOError(operation: "start a thread", code: code)
        }
        self.handle = handle
    }

    /// Blocks the calling thread until this one has ended.
    func join() { fibers_thread_join(handle) }

    fileprivate final class Start {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    Unmanaged<SystemThread.Start>.fromOpaque(argument.unsafelyUnwrapped).takeRetainedValue().body()
    return nil
}
