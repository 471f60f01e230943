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
    private let readers = WaitQueue()
    private let writers = WaitQueue()
    /// Fibers that were woken and have not run since: so it is no wonder that the descriptor is still ready.
    @exclusivity(unchecked) private var wokenReaders = 0
    @exclusivity(unchecked) private var wokenWriters = 0
    /// What libuv watches for.
    @exclusivity(unchecked) private(set) var armed: CInt = 0
    @exclusivity(unchecked) private var isOpen = true
    /// While there are any the descriptor stays open, lest they reach another that gets its number.
    var callsOnPool = 0

    override var isClosed: Bool { !isOpen }

    /// Takes a descriptor over, which becomes non-blocking.
    ///
    /// - Throws: If it cannot be watched; then it is closed. Regular files cannot, but may be allowed.
    init(_ descriptor: CInt, subject: String, allowingFiles: Bool = false) throws(IOError) {
        self.descriptor = descriptor
        self.subject = subject
        super.init(loop: .current)
        do throws(IOError) {
            try open("watch", subject) { loop, owner, code in
                fibers_poll_create(loop, descriptor, owner, descriptorDidBecomeReady, &code)
            }
        } catch {
            guard allowingFiles, error.code == .notPermitted else { throw error }
            isPollable = false
        }
    }

    deinit {
        close()
        readers.destroy()
        writers.destroy()
    }

    /// Repeats `attempt`, a system call on the descriptor, until it does not say that it would block.
    ///
    /// Parks the calling fiber until the descriptor is ready, as often as that takes. The attempt comes first, unless
    /// `parksFirst` says that it is known to fail. It is made in libuv's pool if `onPool` says that it may block.
    ///
    /// - Returns: The result of the last attempt: a value, or a negative code other than would-block.
    func retry<Result: SignedInteger>(
        _ direction: Direction, parksFirst: Bool = false, onPool: Bool = false, _ attempt: (CInt) -> Result
    ) throws -> Result {
        if parksFirst { try wait(direction) }
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
    }

    private func arm(_ events: CInt) throws(IOError) {
        guard events != armed, let handle else { return }
        try check(fibers_poll_arm(handle, events), "watch", subject)
        armed = events
    }

    /// Wakes the fibers for which this is good news; an error is good news for all, as their next attempt tells it.
    fileprivate func didBecomeReady(status: CInt, events: CInt) {
        let ready = status < 0 ? armed : events
        if status < 0 { armed = 0 }  // libuv has stopped watching
        var unwanted: CInt = 0
        if ready & fibers_poll_readable != 0 {
            wokenReaders += wakeAll(readers)
            if wokenReaders == 0 { unwanted |= fibers_poll_readable }
        }
        if ready & fibers_poll_writable != 0 {
            wokenWriters += wakeAll(writers)
            if wokenWriters == 0 { unwanted |= fibers_poll_writable }
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
        super.close()
        closeDescriptorIfUnused()
        let error = ClosedError(subject: subject)
        readers.interruptAll(throwing: error)
        writers.interruptAll(throwing: error)
    }

    /// Throws out of all waits for room to write.
    func interruptWriters(throwing error: any Error) { writers.interruptAll(throwing: error) }

    func closeDescriptorIfUnused() {
        if isClosed, callsOnPool == 0 { _ = fibers_close(descriptor) }
    }
}

extension DescriptorPoll.Direction {
    fileprivate var event: CInt { self == .reading ? fibers_poll_readable : fibers_poll_writable }
}

private func descriptorDidBecomeReady(_ owner: UnsafeMutableRawPointer?, _ status: CInt, _ events: CInt) {
    let poll = Unmanaged<DescriptorPoll>.fromOpaque(owner.unsafelyUnwrapped).takeUnretainedValue()
    poll.didBecomeReady(status: status, events: events)
}
