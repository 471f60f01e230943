// SPDX-License-Identifier: MIT
import CFibers

/// A thread's libuv loop, its timers and its open handles. Runs in the loop fiber only.
final class Loop {
    let timers = TimerQueue()
    /// The root fiber waits here for the last fiber to finish.
    let drained = WaitQueue()
    /// Fibers that go on when no other can.
    let idle = WaitQueue()
    /// The thread's stack for signal handlers, if it is ours.
    var signalStack: UnsafeMutableRawPointer?
    /// Nanoseconds for which a stack has to be idle before its pages are given back.
    var idlePeriod: UInt64 = 1_000_000_000
    var idlePeriodBegin: UInt64 = 0
    /// Whose loop this is, if it is a worker's.
    var worker: Worker?
    /// No other thread wakes fibers of this one: so its owner says, and it is taken back when there is such a thread.
    var isIsolated = false
    /// The loop fiber is to close the loop at the end of its turn.
    var isClosing = false
    /// Handles that must be closed before the loop, unretained: they leave when they close.
    private var handles: [ObjectIdentifier: Unmanaged<LoopHandle>] = [:]
    /// Who watches which descriptor, unretained as well. There is one for each: libuv cannot tell two apart.
    var polls: [CInt: Unmanaged<DescriptorPoll>] = [:]
    /// Null once closed.
    private(set) var uv: OpaquePointer?
    /// Where other threads leave messages. They may know the loop for longer than it is open.
    let inbox: OpaquePointer

    convenience init() throws(IOError) {
        var code: CInt = 0
        guard let uv = fibers_loop_create(&code) else { throw IOError(operation: "create event loop", code: code) }
        self.init(uv)
    }

    /// Cannot throw: if it did, the deinit that frees what the properties allocate would not run.
    private init(_ uv: OpaquePointer) {
        self.uv = uv
        inbox = fibers_loop_inbox(uv)
        fibers_inbox_retain(inbox)
    }

    deinit {
        fibers_inbox_release(inbox)
        drained.destroy()
        idle.destroy()
    }

    static var current: Loop { Scheduler.current.loop }

    /// Whether this is the calling thread's.
    var isCurrent: Bool {
        fibers_scheduler_current()?.pointee.owner == Unmanaged.passUnretained(self).toOpaque()
    }

    /// Whether anything could happen: a poll may be worth its cost.
    var hasWork: Bool { uv.map(fibers_loop_is_alive) ?? false || !timers.isEmpty }

    /// Whether another thread has sent something.
    var hasMessages: Bool { !fibers_inbox_is_empty(inbox) }

    /// Lets libuv call back and fires the timers that are due. Blocks up to `timeout` nanoseconds for something to
    /// happen.
    func turn(of scheduler: Scheduler, timeout: UInt64) {
        guard let uv else { return }
        fibers_loop_turn(uv, timeout)
        timers.fire(on: scheduler)
    }

    /// Lets libuv call back, and blocks up to `timeout` nanoseconds for that. Leaves messages where they are.
    func sleep(atMost timeout: UInt64) {
        if let uv { fibers_loop_sleep(uv, timeout) }
    }

    func add(_ handle: LoopHandle) { handles[ObjectIdentifier(handle)] = Unmanaged.passUnretained(handle) }

    func remove(_ handle: LoopHandle) { handles[ObjectIdentifier(handle)] = nil }

    /// Who watches a descriptor, if anybody does.
    func poll(of descriptor: CInt) -> DescriptorPoll? { polls[descriptor]?.takeUnretainedValue() }

    /// Closes every handle that its owner left open.
    func closeHandles() {
        while let handle = handles.first?.value.takeUnretainedValue() {
            handle.close()
        }
    }

    func close() {
        guard let uv else { return }
        self.uv = nil
        let code = fibers_loop_destroy(uv)
        require(code == 0, "BUG: the event loop ended with open handles")
    }
}
