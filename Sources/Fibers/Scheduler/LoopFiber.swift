// SPDX-License-Identifier: MIT
import CFibers

/// Idle stacks whose pages are given back per turn: few enough not to delay it.
private let stacksTrimmedPerTurn = 64

/// The fiber in which libuv runs.
final class LoopFiber: AnyFiber {
    init() { super.init(name: "event loop", file: "loop", line: 0, stackSize: nil) }

    override func run() { Scheduler.current.runLoop() }
}

extension Scheduler {
    /// The body of the loop fiber: lets libuv call back, fires timers, and passes the CPU on.
    fileprivate func runLoop() {
        while true {
            let rest = trimStacks()
            if fibers_list_is_empty(&core.pointee.ready) {
                waitForEvents(atMost: rest)
            } else {
                turn(timeout: 0)
            }
            guard !fibers_list_is_empty(&core.pointee.ready) else { continue }
            if loop.isClosing { return loop.close() }
            leave(FiberRecord(pointer: core.pointee.loop_fiber))
        }
    }

    /// Gives back the pages of stacks that have been idle for a while: not sooner, since a storm of fibers comes again.
    /// Returns for how many nanoseconds there is nothing to give back.
    private func trimStacks() -> UInt64 {
        if core.pointee.last_turn &- loop.idlePeriodBegin >= loop.idlePeriod {
            loop.idlePeriodBegin = core.pointee.last_turn
            fibers_stack_begin_period(core.pointee.stacks)
        }
        switch fibers_stack_trim(core.pointee.stacks, stacksTrimmedPerTurn) {
        case FIBERS_STACKS_IN_USE: return .max
        case FIBERS_STACKS_IDLE: return loop.idlePeriod
        default: return 0
        }
    }

    private func waitForEvents(atMost rest: UInt64) {
        if !loop.idle.isEmpty {
            endIdleness()
        } else if core.pointee.external_waits == 0, loop.timers.isEmpty {
            waitForOtherThreads(atMost: rest)
        } else {
            turn(timeout: min(rest, loop.timers.timeUntilFirst()))
        }
    }

    /// Lets go on who waited for this moment. That may come so often that no other turn of the loop is made.
    private func endIdleness() {
        if isLoopDue { turn(timeout: 0) }
        if fibers_list_is_empty(&core.pointee.ready) { loop.idle.wakeAll() }
    }

    func turn(timeout: UInt64) {
        loop.turn(of: self, timeout: timeout)
        core.pointee.last_turn = fibers_monotonic_time()
    }

    /// Lets the loop fiber close the loop on its own stack and come back.
    func stopLoopFiber() {
        loop.isClosing = true
        let root = current
        makeReady(root, .ready)
        resume(FiberRecord(pointer: core.pointee.loop_fiber), from: &root.pointer.pointee.context)
    }
}
