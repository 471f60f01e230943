// SPDX-License-Identifier: MIT
import CFibers

/// A thread of our own, which must be joined or detached, once.
struct SystemThread {
    private let thread: OpaquePointer

    /// Cores that the process may use.
    static var coreCount: Int { fibers_core_count() }

    static func start(_ body: @escaping @Sendable () -> Void) throws(IOError) -> SystemThread {
        var code: CInt = 0
        let start = Unmanaged.passRetained(Start(body))
        guard let thread = fibers_thread_start(runThread, start.toOpaque(), &code) else {
            start.release()
            throw IOError(operation: "start a thread", code: code)
        }
        return SystemThread(thread: thread)
    }

    /// Blocks the calling thread, which must be another one, until this one has ended.
    func join() { fibers_thread_join(thread) }

    /// Nobody will wait for this one.
    func detach() { fibers_thread_detach(thread) }

    fileprivate final class Start {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    Unmanaged<SystemThread.Start>.fromOpaque(argument.unsafelyUnwrapped).takeRetainedValue().body()
    return nil
}
