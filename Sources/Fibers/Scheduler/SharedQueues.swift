// SPDX-License-Identifier: MIT
import CFibers

/// The wait queues of something that fibers of several threads use, and the guard around both.
///
/// Whoever uses what is guarded does so in a section: short, never nested, and without a call of code that is not ours,
/// such as a deinit. A fiber parks by leaving its section once it stands in its queue, and is woken in a section; where
/// its thread is another one, that thread makes it ready. It still stands in exactly one place: until its wait is decided,
/// in the queue; from then on, the guard's, its inbox's or the run queue.
struct SharedQueues {
    private let block: UnsafeMutablePointer<fibers_guard>

    /// - Parameter count: How many queues.
    init(_ count: Int = 1) {
        let size = MemoryLayout<fibers_guard>.stride + count * MemoryLayout<fibers_link>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: MemoryLayout<fibers_guard>.alignment)
        block = memory.initializeMemory(as: fibers_guard.self, to: fibers_guard())
        for index in 0..<count { fibers_list_init(self[index].list) }
    }

    /// Called by the owner's deinit: whoever waits keeps the owner alive, so nobody does.
    func destroy() { UnsafeMutableRawPointer(block).deallocate() }

    subscript(index: Int) -> WaitQueue {
        @inline(__always) get {
            let lists = UnsafeMutableRawPointer(block + 1).assumingMemoryBound(to: fibers_link.self)
            return WaitQueue(list: lists + index)
        }
    }

    /// Whatever the owner means by it; false at first. Changed in sections and read anywhere: who sees it changed sees what
    /// happened before.
    var flag: Bool {
        @inline(__always) get { fibers_guard_flag(block) }
        @inline(__always) nonmutating set { fibers_guard_set_flag(block, newValue) }
    }

    /// Begins a section.
    @inline(__always)
    func enter() -> Section { Section(entered: fibers_guard_enter(block)) }

    /// Runs `body` in a section.
    @inline(__always)
    func inSection<Result>(_ body: (Section) throws -> Result) rethrows -> Result {
        let section = enter()
        defer { section.leave() }
        return try body(section)
    }
}

/// What waits in such queues are for.
protocol Shared: AnyObject {
    var queues: SharedQueues { get }
}

/// The time in which no other thread uses something.
struct Section {
    /// `nil` if it needs no guard.
    fileprivate let entered: UnsafeMutablePointer<fibers_guard>?

    /// For what one thread alone uses ever.
    static var ofOneThread: Section {
        @inline(__always) get { Section(entered: nil) }
    }

    @inline(__always)
    func leave() { fibers_guard_leave(entered) }

    /// Makes a parked fiber ready that is in no queue any more. Its wait ends without an error, and what it is given lies in
    /// its slot already.
    @inline(__always)
    func wake(_ fiber: FiberRecord) {
        if entered == nil || fiber.isOfThisThread { fiber.scheduler.wake(fiber) } else { send(fiber) }
    }

    @inline(never)
    private func send(_ fiber: FiberRecord) {
        fiber.isDelivered = true
        fibers_guard_send(entered, fiber.pointer, wokenFiberArrived)
    }
}

extension FiberRecord {
    /// Whether the calling thread is the one that runs the fiber.
    var isOfThisThread: Bool {
        @inline(__always) get { pointer.pointee.scheduler == fibers_scheduler_current() }
    }
}

private func wokenFiberArrived(_ message: UnsafeMutablePointer<fibers_message>?) {
    let fiber = FiberRecord(pointer: fibers_fiber_of_message(message))
    fiber.scheduler.makeReady(fiber, .ready)
}
