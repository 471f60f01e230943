// SPDX-License-Identifier: MIT

/// Runs `body` on a thread of libuv's pool, so that it may block or compute while other fibers run.
///
/// ```swift
/// let rows = try offload { try database.select("…") }   // a C library that knows no event loop
/// ```
///
/// For calls that block in the kernel or in a C library, and for computations that would hold up the fibers of this
/// thread for longer than a millisecond or so. Not for what parks: `body` runs outside of every fiber, so a call in it that
/// parks, or makes a fiber, traps; ``WakeUp/send()`` is for any thread.
///
/// The pool has 4 threads for the whole process, unless the environment variable `UV_THREADPOOL_SIZE` had another number
/// when the first one was needed. Other code that uses libuv may use them, too. Closures beyond that number wait, and begin in the order they came; a closure that blocks for ever takes a thread away for good.
///
/// An interrupted call returns at once. If `body` has not begun then, it never will; if it has, it runs to its end, since a
/// thread cannot be interrupted, and its result or error is dropped. That happens on the thread of the calling fiber,
/// in its event loop, where nothing can park. Closures that have begun are waited for before ``EventLoop/run(isolated:_:)``
/// returns; when the main program returns, the process ends only after those that have not begun have run as well.
///
/// Costs three allocations and, measured on two cores, 15 µs if one fiber waits for each closure before the next, 1.6 µs
/// if a hundred fibers keep the pool busy.
///
/// Parks the calling fiber until `body` has returned.
///
/// - Parameter body: May run at the same time as fibers and other closures, hence sendable. The call lets go of it,
///   and so of what it captures, on the thread of the calling fiber.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, the same error; `CancellationError` if the fiber is cancelled, ``TimeoutError`` if a
///   ``withTimeout(_:_:)`` around it ends, and whatever ``AnyFiber/schedule(throwing:)`` hands over, before or meanwhile;
///   ``IOError`` if there is no memory for the request.
@available(*, noasync)
public func offload<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result {
    try PoolWork(body).run()
}
