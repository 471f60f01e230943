// SPDX-License-Identifier: MIT
import CFibers

// The few places where a fiber's object touches its control block.

extension AnyFiber {
    /// The default for `stackSize:`: 256 KiB of address space, of which only touched pages are paid for.
    public static var defaultStackSize: Int { fibers_stack_class_size(UInt32(FIBERS_STACK_DEFAULT_CLASS)) }
}

extension FiberRecord {
    func initialize(file: StaticString, line: UInt, stackSize: Int?) {
        let path = UnsafeRawPointer(file.utf8Start).assumingMemoryBound(to: CChar.self)
        fibers_fiber_init(pointer, path, UInt32(truncatingIfNeeded: line), sizeClass(forStackSize: stackSize))
    }

    private func sizeClass(forStackSize size: Int?) -> UInt8 {
        guard let size else { return UInt8(FIBERS_STACK_DEFAULT_CLASS) }
        require(size > 0, "a stack size must be positive, not \(size)")
        return UInt8(fibers_stack_class(size))
    }

    var site: SpawnSite { SpawnSite(file: String(cString: pointer.pointee.file), line: Int(pointer.pointee.line)) }

    /// Fibers that wait for this one to finish.
    var joiners: WaitQueue { WaitQueue(list: fibers_fiber_joiners(pointer)) }

    /// Room for what the fiber returns. May be used once it cannot park any more.
    var result: UnsafeMutablePointer<ValueStorage> {
        fibers_fiber_result(pointer).assumingMemoryBound(to: ValueStorage.self)
    }

    /// Wakes everybody who waits for the fiber.
    func finish() {
        joiners.wakeAll()
        scheduler.countFinished()
    }
}

extension Scheduler {
    /// Appends a fiber that never ran to the run queue. The scheduler keeps its object alive until it has finished.
    func schedule(_ fiber: AnyFiber) {
        let record = register(fiber)
        core.pointee.live += 1
        makeReady(record, .starting)
        if isEnding { record.cancel() }
    }

    fileprivate func countFinished() {
        core.pointee.live -= 1
        if isEnding, core.pointee.live == 0 { loop.drained.wakeAll() }
    }
}
