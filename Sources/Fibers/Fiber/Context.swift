// SPDX-License-Identifier: MIT
import CFibers

// The few places where a fiber's object touches its control block.

extension AnyFiber {
    /// The default for `stackSize:`: 256 KiB of address space, of which only touched pages are paid for.
    public static var defaultStackSize: Int { fibers_stack_class_size(defaultSizeClass) }

    static func sizeClass(forStackSize size: Int) -> UInt32 {
        require(size > 0, "a stack size must be positive, not \(size)")
        return fibers_stack_class(size)
    }

    static var defaultSizeClass: UInt32 { UInt32(FIBERS_STACK_DEFAULT_CLASS) }
}

extension FiberRecord {
    /// Fibers that wait for this one to finish.
    var joiners: WaitQueue { WaitQueue(list: fibers_record_joiners(pointer)) }

    /// Wakes everybody who waits for the fiber, gives the record back and drops the scheduler's reference.
    func finish() {
        let scheduler = scheduler
        joiners.wakeAll()
        let owner = pointer.pointee.owner.unsafelyUnwrapped
        scheduler.recycle(self)
        scheduler.countFinished()
        Unmanaged<AnyFiber>.fromOpaque(owner).release()
    }
}

extension Scheduler {
    /// Appends a fiber that never ran to the run queue. The scheduler keeps its object alive until it has finished.
    func schedule(_ fiber: AnyFiber) {
        let record = fiber.record ?? makeRecord(for: fiber)
        fiber.record = record
        _ = Unmanaged.passRetained(fiber)
        core.pointee.live += 1
        makeReady(record, .starting)
        if isEnding { record.cancel() }
    }

    fileprivate func countFinished() {
        core.pointee.live -= 1
        if isEnding, core.pointee.live == 0 { loop.drained.wakeAll() }
    }
}
