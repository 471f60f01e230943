// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// Readiness of one non-blocking descriptor.
///
/// A fiber that found nothing to do parks here; libuv wakes it when the descriptor is ready. The poll stays armed while
/// fibers come back for more, and is disarmed only when the descriptor is ready, nobody waits, and whoever was woken has
/// run: a request-response exchange so changes nothing in the kernel's interest list, however busy the thread is.
///
/// A regular file is always ready, and yet may take its time: if one is allowed, its system calls go to libuv's pool.
final class DescriptorPoll: LoopHandle {
    enum Direction {
        case reading
        case writing
    }

    let descriptor: CInt
    /// What closed errors and reports call it.
    let subject: String
    /// The kernel can tell when it is ready.
    private(set) var isPollable = true
    /// The descriptor is closed with the poll.
    private var ownsDescriptor: Bool
    private let readers = WaitQueue()
    private let writers = WaitQueue()
    /// Fibers that were woken and have not run since: so it is no wonder that the descriptor is still ready.
    @exclusivity(unchecked) private var wokenReaders = 0
    @exclusivity(unchecked) private var wokenWriters = 0
    /// Who waits for it besides.
    private(set) var interests: [DescriptorInterest] = []
    /// What libuv watches for.
    @exclusivity(unchecked) private(set) var armed: CInt = 0
    @exclusivity(unchecked) private var isOpen = true
    /// While there are any the descriptor stays open, lest they reach another that gets its number.
    var callsOnPool = 0

    override var isClosed: Bool { !isOpen }

    /// Takes a descriptor over, which becomes non-blocking.
    ///
    /// - Throws: If it cannot be watched; then it is closed, unless another has it. Regular files cannot, but may be
    ///   allowed.
    convenience init(_ descriptor: CInt, subject: String, allowingFiles: Bool = false) throws(IOError) {
        try self.init(descriptor, subject: subject, isOwner: true, allowingFiles: allowingFiles)
    }

    /// - Parameter isOwner: Takes it over. Else the poll is to be closed before the descriptor is.
    init(_ descriptor: CInt, subject: String, isOwner: Bool, allowingFiles: Bool) throws(IOError) {
        self.descriptor = descriptor
        self.subject = subject
        ownsDescriptor = isOwner
        super.init(loop: .current)
        guard giveWay(loop.poll(of: descriptor)) else {
            ownsDescriptor = false
            throw IOError(operation: "watch", subject: subject, code: .fileExists)
        }
        do throws(IOError) { try open() } catch {
            guard allowingFiles, error.code == .notPermitted else { throw error }
            isPollable = false
        }
    }

    private func open() throws(IOError) {
        try open("watch", subject) { loop, owner, code in
            fibers_poll_create(loop, descriptor, owner, descriptorDidBecomeReady, &code)
        }
        loop.polls[descriptor] = Unmanaged.passUnretained(self)
    }

    /// What watches a descriptor for somebody else has nothing to say when that is taken over. It may be left over from
    /// another descriptor that had the number.
    private func giveWay(_ other: DescriptorPoll?) -> Bool {
        guard let other else { return true }
        guard !other.ownsDescriptor else { return false }
        other.close()
        return true
    }

    deinit {
        close()
        readers.destroy()
        writers.destroy()
    }

    /// Repeats `attempt`, a system call on the descriptor, until it does not say that it would block.
    ///
    /// Parks the calling fiber until the descriptor is ready, as often as that takes. The attempt comes first, unless
    /// `parksFirst` says that it is known to fail. It is made in libuv's pool if `onPool` says that it may block. Where
    /// attempts succeed again and again, the fiber lets others run now and then.
    ///
    /// - Returns: The result of the last attempt: a value, or a negative code other than would-block.
    func retry<Result: SignedInteger>(
        _ direction: Direction, parksFirst: Bool = false, onPool: Bool = false, _ attempt: (CInt) -> Result
    ) throws -> Result {
        if parksFirst { try wait(direction) } else if !isClosed { try Scheduler.current.countAttempt() }
        while true {
            guard !isClosed else { throw ClosedError(subject: subject) }
            guard isPollable else { return try callOnPool(attempt) }
            let result = onPool ? try callOnPool(attempt) : attempt(descriptor)
            guard errno(of: result) == .wouldBlock else { return result }
            try wait(direction)
        }
    }

    /// Parks the calling fiber until the descriptor is ready in this direction.
    func wait(_ direction: Direction) throws {
        guard !isClosed else { throw ClosedError(subject: subject) }
        guard isPollable else { return }
        try arm(armed | direction.event)
        switch direction {
        case .reading:
            try readers.wait(for: .readable)
            wokenReaders -= 1
        case .writing:
            try writers.wait(for: .writable)
            wokenWriters -= 1
        }
        Scheduler.current.polledFibers -= 1
        Scheduler.current.forgetAttempts()
    }

    func arm(_ events: CInt) throws(IOError) {
        guard events != armed, let handle else { return }
        try check(fibers_poll_arm(handle, events), "watch", subject)
        armed = events
    }

    /// Wakes the fibers for which this is good news; an error is good news for all, as their next attempt tells it.
    fileprivate func didBecomeReady(status: CInt, events: CInt) {
        let ready = status < 0 ? armed : events
        if status < 0 { armed = 0 }  // libuv has stopped watching
        var unwanted = ready
        if ready & fibers_poll_readable != 0 {
            wokenReaders += wakeAll(readers)
            if wokenReaders > 0 { unwanted &= ~fibers_poll_readable }
        }
        if ready & fibers_poll_writable != 0 {
            wokenWriters += wakeAll(writers)
            if wokenWriters > 0 { unwanted &= ~fibers_poll_writable }
        }
        for interest in interests where ready & interest.events != 0 {
            if interest.waiters.wakeAll(with: ready & interest.events) != 0 { unwanted &= ~interest.events }
        }
        if unwanted != 0 { try? arm(armed & ~unwanted) }
    }

    private func wakeAll(_ queue: WaitQueue) -> Int {
        let count = queue.wakeAll()
        Scheduler.current.polledFibers += count
        return count
    }

    /// Closes the descriptor. Every fiber that waits for it gets `ClosedError`.
    override func close() {
        guard !isClosed else { return }
        isOpen = false
        if handle != nil { loop.polls[descriptor] = nil }
        super.close()
        closeDescriptorIfUnused()
        let error = ClosedError(subject: subject)
        readers.interruptAll(throwing: error)
        writers.interruptAll(throwing: error)
        for interest in interests { interest.waiters.interruptAll(throwing: error) }
    }

    func add(_ interest: DescriptorInterest) { interests.append(interest) }

    func remove(_ interest: DescriptorInterest) { interests.removeAll { $0 === interest } }

    /// Throws out of all waits for something to read.
    func interruptReaders(throwing error: any Error) { readers.interruptAll(throwing: error) }

    /// Throws out of all waits for room to write.
    func interruptWriters(throwing error: any Error) { writers.interruptAll(throwing: error) }

    func closeDescriptorIfUnused() {
        if isClosed, ownsDescriptor, callsOnPool == 0 { _ = fibers_close(descriptor) }
    }
}

extension DescriptorPoll.Direction {
    var event: CInt { self == .reading ? fibers_poll_readable : fibers_poll_writable }
}

private func descriptorDidBecomeReady(_ owner: UnsafeMutableRawPointer?, _ status: CInt, _ events: CInt) {
    let poll = Unmanaged<DescriptorPoll>.fromOpaque(owner.unsafelyUnwrapped).takeUnretainedValue()
    poll.didBecomeReady(status: status, events: events)
}
