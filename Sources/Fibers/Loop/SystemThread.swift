// SPDX-License-Identifier: MIT
import CFibers

/// Threads of our own.
enum SystemThread {
    /// Cores that the process may use.
    static var coreCount: Int { fibers_core_count() }

    /// Starts a thread that nobody waits for.
    static func start(_ body: @escaping @Sendable () -> Void) throws(IOError) {
        let start = Unmanaged.passRetained(Start(body))
        let code = fibers_thread_start(runThread, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw IOError(operation: "start a thread", code: code)
        }
    }

    fileprivate final class Start {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    Unmanaged<SystemThread.Start>.fromOpaque(argument.unsafelyUnwrapped).takeRetainedValue().body()
    return nil
}
