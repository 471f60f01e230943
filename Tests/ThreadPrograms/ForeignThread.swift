// SPDX-License-Identifier: MIT

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A thread that knows nothing of fibers. Its body begins when all else has come to rest.
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
    awaitRestOfOtherThreads()
    Unmanaged<ForeignThread.Body>.fromOpaque(argument.unsafelyUnwrapped).takeRetainedValue().run()
    return nil
}
