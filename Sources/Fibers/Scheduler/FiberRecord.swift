// SPDX-License-Identifier: MIT
import CFibers

/// The control block of a fiber: a C struct, so that the hot path touches no reference count and no exclusivity record.
///
/// A fiber has one from the moment it is scheduled (or somebody waits for it) until it has finished. Records are pooled
/// by their scheduler and never move.
struct FiberRecord: Equatable {
    let pointer: UnsafeMutablePointer<fibers_fiber>

    /// Where a fiber is. Invariant 4: exactly one of these.
    enum Phase: UInt8 {
        /// Has a record, but was never scheduled.
        case created
        /// In the run queue for the first time.
        case starting
        /// In the run queue again.
        case ready
        /// The current fiber of its thread.
        case running
        /// Parked: `reason` says for what.
        case waiting
    }

    /// Why the next park throws instead of parking.
    struct Interruption: OptionSet {
        let rawValue: UInt8
        /// An error was handed over; the fiber's object holds it.
        static let error = Interruption(rawValue: 1)
        /// The fiber is cancelled and not in a shield.
        static let cancellation = Interruption(rawValue: 2)
        /// A time limit around the present call has passed, and the fiber is not in a shield.
        static let timeout = Interruption(rawValue: 8)
        /// This is the loop fiber, which must never park.
        static let loop = Interruption(rawValue: 4)
    }

    var phase: Phase {
        @inline(__always) get { Phase(rawValue: pointer.pointee.phase).unsafelyUnwrapped }
        @inline(__always) nonmutating set { pointer.pointee.phase = newValue.rawValue }
    }

    var reason: WaitReason {
        @inline(__always) get { WaitReason(rawValue: pointer.pointee.reason).unsafelyUnwrapped }
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

    var scheduler: Scheduler { Scheduler(core: pointer.pointee.scheduler) }

    var id: UInt64 { pointer.pointee.id }

    /// Never the loop fiber, which has no object.
    var owner: AnyFiber {
        Unmanaged<AnyFiber>.fromOpaque(pointer.pointee.owner.unsafelyUnwrapped).takeUnretainedValue()
    }

    /// As `owner`, without reference counting: the scheduler's reference keeps a fiber alive while it runs.
    @inline(__always)
    func withOwner<Result>(_ body: (AnyFiber) -> Result) -> Result {
        Unmanaged<AnyFiber>.fromOpaque(pointer.pointee.owner.unsafelyUnwrapped)._withUnsafeGuaranteedRef(body)
    }

    /// The Swift object that a parked fiber waits for.
    var subject: AnyObject? {
        guard let waiter = pointer.pointee.waiter, let subject = waiter.pointee.subject else { return nil }
        return Unmanaged<AnyObject>.fromOpaque(subject).takeUnretainedValue()
    }

    var isStarted: Bool { phase != .created && phase != .starting }
}

// MARK: Making and recycling

extension Scheduler {
    /// A record for `owner`, in phase `created`. Constant time; allocates only when the pool is empty.
    func makeRecord(for owner: AnyFiber) -> FiberRecord {
        let record = takeRecord()
        let pointer = record.pointer
        owner.id = record.id
        pointer.pointee.owner = Unmanaged.passUnretained(owner).toOpaque()
        fibers_record_set_name(pointer, owner.name)
        pointer.pointee.file = owner.site.file.utf8Start
        pointer.pointee.file_length = UInt32(truncatingIfNeeded: owner.site.file.utf8CodeUnitCount)
        pointer.pointee.line = owner.site.line
        pointer.pointee.size_class = owner.sizeClass
        fibers_list_init(&pointer.pointee.joiners)
        return record
    }

    /// A blank record with a number of its own.
    func takeRecord() -> FiberRecord {
        if core.pointee.free_records == nil, !fibers_scheduler_add_records(core) {
            fatalError("out of memory: cannot make a fiber")
        }
        let pointer = core.pointee.free_records.unsafelyUnwrapped
        core.pointee.free_records = fibers_record_next_free(pointer)
        core.pointee.newest_id += 1
        fibers_record_reset(pointer, core.pointee.newest_id)
        return FiberRecord(pointer: pointer)
    }

    func recycle(_ record: FiberRecord) {
        fibers_record_recycle(core, record.pointer)
    }

    /// Calls `body` with every record in use, in no particular order.
    func forEachRecord(_ body: (FiberRecord) -> Void) {
        var cursor = fibers_record_cursor()
        while let pointer = fibers_scheduler_next_record(core, &cursor) {
            body(FiberRecord(pointer: pointer))
        }
    }
}
