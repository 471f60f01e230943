// SPDX-License-Identifier: MIT
import CFibers

// The hot path. Everything here works on C structs: no reference counting, no allocation, no exclusivity check.

/// Switches after which somebody asks whether libuv is due. Asking costs a look at the clock.
private let switchesPerBudget: Int32 = 64
/// A poll costs some 300 ns: at most every 20 µs while fibers keep the thread busy, it takes less than 2 %.
private let nanosecondsBetweenTurns: UInt64 = 20_000
/// It costs 100 ns more for each descriptor that is still ready because its fiber has not come to read: these come first,
/// but for so long only.
private let nanosecondsForPolledFibers: UInt64 = 10_000_000

extension Scheduler {
    /// Leaves the CPU until somebody wakes the current fiber. Throws what it was interrupted with, at once if it was
    /// interrupted before.
    ///
    /// - Parameters:
    ///   - list: The wait queue that it joins; none, if who wakes it knows it otherwise.
    ///   - subject: The Swift object waited for, for reports.
    ///   - slot: Where the waker stores a value, or finds one.
    ///   - section: Ends when the fiber stands in the queue, so that nobody misses it there, or if it may not park.
    ///   - beforeLeaving: What is done after that, before another fiber runs. Must not park.
    ///   - next: Who runs ahead of all others: parked in no queue, its wait decided.
    @inline(__always)
    func park(
        for reason: WaitReason, in list: UnsafeMutablePointer<fibers_link>? = nil,
        at position: WaitQueue.Position = .last, subject: UnsafeMutableRawPointer? = nil,
        slot: UnsafeMutablePointer<ValueStorage>? = nil, leaving section: Section = .ofOneThread,
        beforeLeaving: () -> Void = {}, running next: FiberRecord? = nil
    ) throws {
        let fiber = current
        guard fiber.interruption.isEmpty else {
            section.leave()
            throw fiber.refusePark()
        }
        fiber.join(list, at: position)
        fiber.pointer.pointee.subject = subject
        fiber.slot = slot
        fiber.phase = .waiting
        fiber.reason = reason
        fiber.isDelivered = false
        section.leave()
        beforeLeaving()
        count(reason, 1)
        if let next { resume(next, from: &fiber.pointer.pointee.context) } else { leave(fiber) }
        count(reason, -1)
        guard fiber.isDelivered else { throw fiber.takeInterruption() }
    }

    /// Whose waits somebody else may end.
    @inline(__always)
    private func count(_ reason: WaitReason, _ change: Int) {
        if reason.isExternal { core.pointee.external_waits &+= change }
        if reason.isShared { core.pointee.shared_waits &+= change }
    }

    /// Changes how many things are there through which another thread may interrupt fibers of this one, whatever they wait
    /// for.
    func othersMayInterrupt(_ change: Int) { core.pointee.shared_waits &+= change }

    /// Runs `body` while there is such a thing.
    func whileOthersMayInterrupt<Result>(_ body: () throws -> Result) rethrows -> Result {
        othersMayInterrupt(1)
        defer { othersMayInterrupt(-1) }
        return try body()
    }

    /// Decides the wait of a fiber parked in no queue, which the caller then runs itself. False if it must go through the
    /// run queue, because somebody has to ask whether the event loop is due.
    @inline(__always)
    func takeOver(_ fiber: FiberRecord) -> Bool {
        guard core.pointee.budget > 1 else { return false }
        core.pointee.budget &-= 1
        fiber.isDelivered = true
        return true
    }

    /// Makes a parked fiber ready. Its wait ends without an error.
    @inline(__always)
    func wake(_ fiber: FiberRecord) {
        fiber.isDelivered = true
        makeReady(fiber, .ready)
    }

    /// Lets every fiber that is ready now run once.
    @inline(__always)
    func yield() throws {
        let fiber = current
        guard !fiber.interruption.contains(.noParking) else { throw fiber.refusePark() }
        fiber.isDelivered = false
        makeReady(fiber, .ready)
        leave(fiber)
        guard fiber.interruption.isEmpty else { throw fiber.takeInterruption() }
    }

    /// Counts that the current fiber does without parking what might have parked, and now and then lets others run, and the
    /// event loop: a peer that always has data must not keep the thread to itself. A fiber that was interrupted before goes on,
    /// since it parks in nothing.
    @inline(__always)
    func countAttempt() throws {
        core.pointee.attempts &+= 1
        if core.pointee.attempts > switchesPerBudget, current.interruption.isEmpty {
            forgetAttempts()
            try yield()
        }
    }

    /// The current fiber has parked.
    @inline(__always)
    func forgetAttempts() { core.pointee.attempts = 0 }

    @inline(__always)
    func makeReady(_ fiber: FiberRecord, _ phase: FiberRecord.Phase) {
        fiber.phase = phase
        fibers_list_append(&core.pointee.ready, &fiber.pointer.pointee.link)
    }

    func makeNext(_ fiber: FiberRecord) {
        fibers_list_prepend(&core.pointee.ready, &fiber.pointer.pointee.link)
    }

    /// Runs whoever is next and returns when `fiber` is picked again.
    @inline(__always)
    func leave(_ fiber: FiberRecord) {
        let next = takeNext()
        guard next != fiber else {
            fiber.phase = .running
            return
        }
        resume(next, from: &fiber.pointer.pointee.context)
    }

    @inline(__always)
    private func takeNext() -> FiberRecord {
        core.pointee.budget &-= 1
        if core.pointee.budget > 0, let next = fibers_scheduler_take_ready(core) {
            return FiberRecord(pointer: next)
        }
        return takeNextOrLoop()
    }

    @inline(never)
    private func takeNextOrLoop() -> FiberRecord {
        core.pointee.budget = switchesPerBudget
        if !isLoopDue, let next = fibers_scheduler_take_ready(core) {
            return FiberRecord(pointer: next)
        }
        return FiberRecord(pointer: core.pointee.loop_fiber)
    }

    var isLoopDue: Bool {
        let interval = polledFibers == 0 ? nanosecondsBetweenTurns : nanosecondsForPolledFibers
        return loop.hasMessages || loop.hasWork && fibers_monotonic_time() &- core.pointee.last_turn >= interval
    }

    /// Fibers that were woken because a descriptor is ready, and have not run since.
    var polledFibers: Int {
        get { core.pointee.polled_fibers }
        nonmutating set { core.pointee.polled_fibers = newValue }
    }

    @inline(__always)
    func resume(_ next: FiberRecord, from context: UnsafeMutablePointer<fibers_context>) {
        if next.pointer.pointee.context.stack_pointer == nil {
            start(next, from: context)
        } else {
            next.phase = .running
            core.pointee.current = next.pointer
            fibers_switch(context, &next.pointer.pointee.context)
        }
    }

    /// Gives a fiber that never ran a stack, and switches to it. Without a stack it fails, and the next one runs: maybe
    /// the very fiber that is leaving.
    @inline(never)
    private func start(_ fiber: FiberRecord, from context: UnsafeMutablePointer<fibers_context>) {
        var next = fiber
        while UnsafeMutableRawPointer(next.pointer) != context, next.pointer.pointee.context.stack_pointer == nil {
            if let stack = takeStack(for: next) {
                enter(next, on: stack)
                return fibers_switch(context, &stack.pointee.idle)
            }
            refuseStack(to: next)
            next = takeNext()
        }
        next.phase = .running
        core.pointee.current = next.pointer
        fibers_switch(context, &next.pointer.pointee.context)
    }

    /// Lets a fiber fail on the stack of the one that is leaving. What goes away with it must not park there.
    private func refuseStack(to fiber: FiberRecord) {
        fiber.phase = .running
        core.pointee.current = fiber.pointer
        fiber.interrupt(throwing: stackRefusal)
        fiber.interruption.insert(.noParking)
        fiber.run()
    }

    /// The loop fiber has its stack from the beginning, since without the loop nobody could go on.
    private func takeStack(for fiber: FiberRecord) -> UnsafeMutablePointer<fibers_stack>? {
        fiber.pointer.pointee.context.stack
            ?? fibers_stack_acquire(core.pointee.stacks, UInt32(fiber.pointer.pointee.size_class))
    }

    @inline(__always)
    private func enter(_ fiber: FiberRecord, on stack: UnsafeMutablePointer<fibers_stack>) {
        fiber.pointer.pointee.context.stack = stack
        stack.pointee.fiber = fiber.pointer
        fiber.phase = .running
        core.pointee.current = fiber.pointer
    }

    /// The current fiber has finished. If the next one never ran and fits, it takes over this stack and this returns;
    /// else the stack becomes idle, and this returns when it was given to a fiber again.
    fileprivate func reuse(_ stack: UnsafeMutablePointer<fibers_stack>) {
        let next = takeNext()
        let needsStack = next.pointer.pointee.context.stack == nil
        if needsStack, UInt32(next.pointer.pointee.size_class) == stack.pointee.size_class {
            enter(next, on: stack)
        } else {
            fibers_stack_release(core.pointee.stacks, stack)
            resume(next, from: &stack.pointee.idle)
        }
    }
}

/// What every stack runs: one fiber after the other. Its own frame must hold no reference, because an idle stack is
/// unmapped where it stands.
func stackMain(_ argument: UnsafeMutableRawPointer?) {
    let stack = argument.unsafelyUnwrapped.assumingMemoryBound(to: fibers_stack.self)
    while true {
        Scheduler.runCurrentFiber()
        Scheduler.current.reuse(stack)
    }
}

extension Scheduler {
    @inline(never)
    fileprivate static func runCurrentFiber() { Scheduler.current.current.run() }
}

extension FiberRecord {
    /// Runs the fiber to its end and drops the scheduler's reference: not before, because what goes away when the body's
    /// frames do may ask who the current fiber is.
    fileprivate func run() {
        withOwner { $0.run() }
        releaseOwner()
    }
}
