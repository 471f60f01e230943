// SPDX-License-Identifier: MIT
import CFibers

/// Idle stacks whose pages are given back per turn: enough to follow any storm, few enough not to delay it.
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
            if fibers_list_is_empty(&core.pointee.ready) { waitForEvents() } else { loop.turn(of: self, timeout: 0) }
            fibers_stack_trim(core.pointee.stacks, stacksTrimmedPerTurn)
            core.pointee.last_turn = fibers_monotonic_time()
            guard !fibers_list_is_empty(&core.pointee.ready) else { continue }
            if loop.isClosing { return loop.close() }
            leave(FiberRecord(pointer: core.pointee.loop_fiber))
        }
    }

    private func waitForEvents() {
        if core.pointee.external_waits == 0, loop.timers.isEmpty {
            root.interrupt(throwing: DeadlockError(fibers: parkedFibers()))
        } else {
            loop.turn(of: self, timeout: loop.timers.timeUntilFirst())
        }
    }

    /// Lets the loop fiber close the loop on its own stack and come back.
    func stopLoopFiber() {
        loop.isClosing = true
        let root = current
        makeReady(root, .ready)
        resume(FiberRecord(pointer: core.pointee.loop_fiber), from: &root.pointer.pointee.context)
    }
}
