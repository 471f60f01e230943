// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// One thread's scheduler, as the hot path sees it: a pointer to a C struct.
///
/// Invariants:
/// - Every suspension is `park` or `yield`; every resumption is `wake` or `interrupt`. Nothing else switches stacks.
/// - `wake` and `interrupt` never run anything: they append to the run queue, first in first out.
/// - A fiber is in exactly one place: running, run queue, wait queue, or finished.
/// - libuv runs in the loop fiber only, which is never in the run queue: it runs when nobody else can, or is due.
struct Scheduler: Equatable {
    let core: UnsafeMutablePointer<fibers_scheduler>

    /// The calling thread's scheduler. On the main thread it comes up at first use; on any other thread outside of
    /// `EventLoop.run` this traps.
    static var current: Scheduler {
        @inline(__always) get {
            if let core = fibers_scheduler_current() { return Scheduler(core: core) }
            return startOnMainThread()
        }
    }

    static var isRunning: Bool { fibers_scheduler_current() != nil }

    /// Who runs.
    var current: FiberRecord {
        @inline(__always) get { FiberRecord(pointer: core.pointee.current) }
    }

    /// Who brought the scheduler up.
    var root: FiberRecord { FiberRecord(pointer: core.pointee.root) }

    var isEnding: Bool { core.pointee.is_ending }

    /// Fibers that were scheduled and have not finished, the root fiber not counted.
    var liveCount: Int { core.pointee.live }

    /// Stacks made, idle and trimmed so far.
    var stackCounts: fibers_stack_counts { fibers_stack_pool_counts(core.pointee.stacks) }

    var loop: Loop {
        @inline(__always) get {
            Unmanaged<Loop>.fromOpaque(core.pointee.owner.unsafelyUnwrapped).takeUnretainedValue()
        }
    }
}

// MARK: Coming up and ending

extension Scheduler {
    @inline(never)
    private static func startOnMainThread() -> Scheduler {
        guard fibers_is_main_thread() else {
            fatalError(
                "this thread has no scheduler: a call that parks a fiber, or makes one, must be on the main thread "
                    + "or inside EventLoop.run { }")
        }
        do {
            let scheduler = try start()
            WorkerPools.loopDidStart()
            ProcessEnd.prepare()
            return scheduler
        } catch {
            fatalError("the event loop cannot start: \(error)")
        }
    }

    /// Brings a scheduler up on this thread; the calling code becomes its root fiber.
    static func start() throws -> Scheduler {
        require(!isRunning, "this thread runs an event loop already: call the body of EventLoop.run directly")
        guard let core = fibers_scheduler_create(stackMain), let threadStack = fibers_stack_of_thread() else {
            throw IOError(operation: "create scheduler", code: .noMemory)
        }
        let scheduler = Scheduler(core: core)
        do {
            try scheduler.makeLoopFiber()
            core.pointee.owner = Unmanaged.passRetained(try Loop()).toOpaque()
        } catch {
            if let loopFiber = core.pointee.loop_fiber { FiberRecord(pointer: loopFiber).releaseOwner() }
            fibers_stack_of_thread_free(threadStack)
            fibers_scheduler_destroy(core)
            throw error
        }
        fibers_overflow_install { fiber in
            guard let fiber else { return nil }
            return UnsafePointer(FiberRecord(pointer: UnsafeMutablePointer(mutating: fiber)).owner.extras?.name)
        }
        scheduler.loop.signalStack = fibers_overflow_enter_thread()
        scheduler.adoptThread(stack: threadStack)
        core.pointee.inbox = scheduler.loop.inbox
        fibers_scheduler_set_current(core)
        fibers_guard_add_thread()
        EventLoops.add(scheduler)
        return scheduler
    }

    /// Why a stack could not be had.
    var stackRefusal: any Error {
        let limit = fibers_stack_limit()
        return limit == .max ? IOError(operation: "make a stack", code: .noMemory) : StackLimitError(limit: limit)
    }

    private func adoptThread(stack: UnsafeMutablePointer<fibers_stack>) {
        let root = register(RootFiber())
        root.pointer.pointee.context.stack = stack
        root.phase = .running
        core.pointee.root = root.pointer
        core.pointee.current = root.pointer
    }

    private func makeLoopFiber() throws {
        guard let stack = fibers_stack_acquire(core.pointee.stacks, UInt32(FIBERS_STACK_DEFAULT_CLASS)) else {
            throw stackRefusal
        }
        let fiber = register(LoopFiber())
        fiber.pointer.pointee.context.stack = stack
        fiber.interruption = .noParking
        fiber.phase = .waiting
        core.pointee.loop_fiber = fiber.pointer
    }

    /// Makes a fiber one of this scheduler, which keeps its object alive.
    func register(_ fiber: AnyFiber) -> FiberRecord {
        let record = fiber.record
        core.pointee.newest_id += 1
        record.pointer.pointee.id = core.pointee.newest_id
        record.pointer.pointee.scheduler = core
        record.retainOwner()
        return record
    }

    /// Cancels every fiber, lets each unwind, closes every handle and frees everything. Called by the root fiber.
    func end() {
        let loop = loop
        let root = root.owner
        root.dropLocals()
        core.pointee.is_ending = true
        drain()
        EventLoops.remove(self)
        loop.closeHandles()
        stopLoopFiber()
        FailureReports.reportAll(of: self)
        root.record.phase = .done
        fibers_overflow_leave_thread(loop.signalStack)
        fibers_stack_of_thread_free(core.pointee.root.pointee.context.stack)
        fibers_guard_remove_thread()
        fibers_scheduler_set_current(nil)
        fibers_scheduler_destroy(core)
        root.record.releaseOwner()
        Unmanaged.passUnretained(loop).release()
    }

    /// Parks the root fiber until all others have finished. Where they wait for each other inside shields and so would
    /// never end, the cancellation goes through the shields.
    private func drain() {
        root.forgetInterruptions()
        cancelAll(throughShields: false)
        while liveCount > 0 {
            do {
                try loop.drained.wait(for: .drain)
            } catch {
                cancelAll(throughShields: true)
            }
        }
    }

    private func cancelAll(throughShields: Bool) {
        for fiber in unfinishedFibers() where fiber != root {
            fiber.cancel()
            if throughShields { fiber.interrupt(throwing: CancellationError()) }
        }
    }
}
