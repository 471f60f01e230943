// SPDX-License-Identifier: MIT

/// A thread's scheduler together with its libuv loop.
///
/// The main program needs none of this: on the main thread both come up at first use and the program itself is the root
/// fiber. Any other thread is given them for the length of ``run(isolated:_:)``.
public enum EventLoop {
    /// Makes the calling thread run fibers, with `body` as its root fiber, until `body` returns.
    ///
    /// Then every fiber that is left is cancelled and runs until it has unwound; fibers that have not started never
    /// run. Every descriptor, timer and child process of the loop is closed; child processes that still run are killed.
    /// Closures of ``offload(_:)`` that have begun run to their end. Nothing of the loop is left when this returns. A fiber
    /// that parks again and again whatever is thrown never ends, and then neither does this.
    ///
    /// Where no other event loop is left but those of workers, the pools of ``Threads`` stop then, too, in the same way.
    ///
    /// Parks the calling fiber never, but blocks the calling thread until all of that has happened.
    ///
    /// - Parameters:
    ///   - isolated: Says that no other thread shares with this one what its fibers wait for, whatever threads the process
    ///     has. Then ``DeadlockError`` is thrown as in a program of one thread; else it is thrown only if no thread of the
    ///     process could end the wait. ``Threads/spawn(on:name:stackSize:file:line:_:)`` takes it back.
    ///   - body: What the root fiber does.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; ``IOError`` if the system refuses a new event loop.
    /// - Precondition: The thread runs no event loop yet. Inside of one, call `body` directly.
    @available(*, noasync)
    public static func run<Result>(isolated: Bool = false, _ body: () throws -> Result) throws -> Result {
        let scheduler = try Scheduler.start()
        scheduler.loop.isIsolated = isolated
        WorkerPools.loopDidStart()
        defer {
            scheduler.end()
            WorkerPools.loopDidEnd()
        }
        return try body()
    }
}
