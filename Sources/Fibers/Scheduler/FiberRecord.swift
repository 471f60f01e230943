// SPDX-License-Identifier: MIT
import CFibers

/// A fiber as the scheduler sees it: the address of the control block in its object. A C struct, so that the hot path
/// touches no reference count and no exclusivity record.
struct FiberRecord: Equatable {
    let pointer: UnsafeMutablePointer<fibers_fiber>

    /// Where a fiber is. Invariant 4: exactly one of these.
    enum Phase: UInt8 {
        /// Never scheduled.
        case created
        /// In the run queue for the first time.
        case starting
        /// In the run queue again.
        case ready
        /// The current fiber of its thread.
        case running
        /// Parked: `reason` says for what.
        case waiting
        /// Finished by returning.
        case done
        /// Finished by throwing.
        case failed
    }

    /// Why the next park throws instead of parking.
    struct Interruption: OptionSet {
        let rawValue: UInt8
        /// An error was handed over; the fiber's object holds it.
        static let error = Interruption(rawValue: 1)
        /// The fiber is cancelled, or a group around its present call; no shield is between.
        static let cancellation = Interruption(rawValue: 2)
        /// A time limit around the present call has passed; no shield is between.
        static let timeout = Interruption(rawValue: 8)
        /// This is the loop fiber, or a fiber that has finished: neither may park.
        static let noParking = Interruption(rawValue: 4)
    }

    var phase: Phase {
        @inline(__always) get { unsafeBitCast(pointer.pointee.phase, to: Phase.self) }
        @inline(__always) nonmutating set { pointer.pointee.phase = newValue.rawValue }
    }

    var reason: WaitReason {
        @inline(__always) get { unsafeBitCast(pointer.pointee.reason, to: WaitReason.self) }
        @inline(__always) nonmutating set { pointer.pointee.reason = newValue.rawValue }
    }

    var interruption: Interruption {
        @inline(__always) get { Interruption(rawValue: pointer.pointee.interruption) }
        @inline(__always) nonmutating set { pointer.pointee.interruption = newValue.rawValue }
    }

    /// The wait was decided by a waker: an interruption that comes later is kept for the next park (invariant 5).
    var isDelivered: Bool {
        @inline(__always) get { pointer.pointee.is_delivered }
        @inline(__always) nonmutating set { pointer.pointee.is_delivered = newValue }
    }

    /// Values were passed to the fiber when it was not parked, for its next calls of `Fiber.park`. Its object has them.
    var hasPassedValues: Bool {
        @inline(__always) get { pointer.pointee.has_passed_values }
        @inline(__always) nonmutating set { pointer.pointee.has_passed_values = newValue }
    }

    var scheduler: Scheduler { Scheduler(core: pointer.pointee.scheduler) }

    var id: UInt64 { pointer.pointee.id }

    var owner: AnyFiber { object.takeUnretainedValue() }

    /// As `owner`, without reference counting: the scheduler's reference keeps a fiber alive while it runs.
    @inline(__always)
    func withOwner<Result>(_ body: (AnyFiber) -> Result) -> Result { object._withUnsafeGuaranteedRef(body) }

    /// Takes and drops the scheduler's reference, which keeps a fiber alive from scheduling to finishing.
    func retainOwner() { _ = object.retain() }
    func releaseOwner() { object.release() }

    /// The control block is the first stored property of its object.
    private var object: Unmanaged<AnyFiber> {
        @inline(__always) get { Unmanaged.fromOpaque(UnsafeRawPointer(pointer) - objectHeaderSize) }
    }

    /// The Swift object that a parked fiber waits for.
    var subject: AnyObject? {
        pointer.pointee.subject.map { Unmanaged<AnyObject>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Where a parked fiber gets a value from its waker, or has one for it.
    var slot: UnsafeMutablePointer<ValueStorage>? {
        @inline(__always) get { pointer.pointee.slot?.assumingMemoryBound(to: ValueStorage.self) }
        @inline(__always) nonmutating set { pointer.pointee.slot = UnsafeMutableRawPointer(newValue) }
    }

    /// Links a fiber that is about to park into a wait queue, or only to itself.
    @inline(__always)
    func join(_ list: UnsafeMutablePointer<fibers_link>?, at position: WaitQueue.Position) {
        guard let list else { return fibers_list_init(&pointer.pointee.link) }
        switch position {
        case .last: fibers_list_append(list, &pointer.pointee.link)
        case .first: fibers_list_prepend(list, &pointer.pointee.link)
        }
    }

    var isStarted: Bool { phase != .created && phase != .starting }

    var isFinished: Bool {
        @inline(__always) get { phase == .done || phase == .failed }
    }
}

/// What a Swift object begins with: its type and its reference counts.
private let objectHeaderSize = 16

// MARK: In the object

/// The control block as a stored property. Must be the first one of its class, which must be a root class.
struct ControlBlock {
    private let fields = fibers_fiber()
}

extension AnyFiber {
    /// The control block, whose address stays the same as long as the object lives.
    var record: FiberRecord {
        @inline(__always) get {
            let fields = UnsafeMutableRawPointer(Unmanaged.passUnretained(self).toOpaque()) + objectHeaderSize
            return FiberRecord(pointer: fields.assumingMemoryBound(to: fibers_fiber.self))
        }
    }
}

// MARK: All of a scheduler

extension Scheduler {
    /// Every fiber that was scheduled and has not finished, and the root fiber, the oldest first. O(*n* log *n*).
    func unfinishedFibers() -> [FiberRecord] {
        var fibers = [root]
        var cursor = fibers_stack_cursor()
        while let fiber = fibers_stack_pool_next_fiber(core.pointee.stacks, &cursor) {
            if fiber != core.pointee.loop_fiber { fibers.append(FiberRecord(pointer: fiber)) }
        }
        var queued = fibers_scheduler_next_ready(core, nil)
        while let fiber = queued {
            if FiberRecord(pointer: fiber).phase == .starting { fibers.append(FiberRecord(pointer: fiber)) }
            queued = fibers_scheduler_next_ready(core, fiber)
        }
        return fibers.sorted { $0.id < $1.id }
    }
}
