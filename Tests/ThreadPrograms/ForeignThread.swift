// SPDX-License-Identifier: MIT

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A thread that knows nothing of fibers. Its body begins when the main thread has come to rest.
final class ForeignThread {
    private let thread: pthread_t

    init(_ body: @escaping @Sendable () -> Void) {
        #if os(Linux)
            var thread = pthread_t()
        #else
            var thread: pthread_t?
        #endif
        let argument = Unmanaged.passRetained(Body(body)).toOpaque()
        let code = pthread_create(&thread, nil, runBody, argument)
        guard code == 0 else { fatalError("no thread: \(code)") }
        #if os(Linux)
            self.thread = thread
        #else
            self.thread = thread.unsafelyUnwrapped
        #endif
    }

    func join() { pthread_join(thread, nil) }

    fileprivate final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}

private func runBody(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    awaitRestOfMainThread()
    Unmanaged<ForeignThread.Body>.fromOpaque(argument.unsafelyUnwrapped).takeRetainedValue().run()
    return nil
}

#if os(Linux)
    /// The main thread's number is that of the process.
    private func awaitRestOfMainThread() {
        while state(ofThread: getpid()) != UInt8(ascii: "S") { sched_yield() }
    }

    /// A letter, of which S says that it waits.
    private func state(ofThread number: pid_t) -> UInt8? {
        guard let file = fopen("/proc/self/task/\(number)/stat", "r") else { return nil }
        defer { fclose(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 512) { $1 = fread($0.baseAddress, 1, $0.count, file) }
        // Behind the name, which is in parentheses.
        return bytes.lastIndex(of: UInt8(ascii: ")")).map { bytes[$0 + 2] }
    }
#else
    /// The system does not tell.
    private func awaitRestOfMainThread() { usleep(20_000) }
#endif
