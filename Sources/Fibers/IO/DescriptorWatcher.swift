// SPDX-License-Identifier: MIT
public import SystemPackage

/// Waits for a descriptor that belongs to somebody else, such as a C library, to be ready, again and again (Julia's
/// `FDWatcher`, row FW1).
///
/// Level-triggered: a wait returns at once, or rather after one turn of the loop, as long as the descriptor is ready.
/// Any number of watchers and fibers of a loop may wait for one descriptor, also for one that a stream of this library
/// has: they share what the kernel is told, and each is woken.
///
/// The descriptor becomes non-blocking. Close the watcher, or drop it, before the descriptor is closed: its number may
/// come to another one. When a stream takes the number over, its watchers are closed. For one wait there is
/// `descriptor.wait(for:)`; to move bytes, a ``DescriptorStream`` is simpler.
public final class DescriptorWatcher: CustomStringConvertible {
    /// What is watched.
    public let descriptor: FileDescriptor
    /// What it is watched for.
    public let readiness: Readiness
    private let interest: DescriptorInterest
    private var poll: DescriptorPoll?

    /// Begins to watch, in the loop of the calling fiber. Never parks.
    ///
    /// - Throws: ``ArgumentError`` if the descriptor is negative or the set is empty; ``IOError`` such as `EBADF` if
    ///   the descriptor is not open.
    public init(_ descriptor: FileDescriptor, for readiness: Readiness) throws {
        guard descriptor.rawValue >= 0 else {
            throw ArgumentError("\(descriptor.rawValue) is no descriptor: give one that is open")
        }
        guard !readiness.isEmpty else {
            throw ArgumentError("nothing to wait for in \(readiness): give .read, .write or both")
        }
        self.descriptor = descriptor
        self.readiness = readiness
        interest = DescriptorInterest(readiness.directions)
        let poll = try DescriptorPoll.shared(descriptor.rawValue)
        poll.add(interest)
        self.poll = poll
    }

    deinit { close() }

    /// Whether ``close()`` was called, the event loop has ended, or a stream that has the descriptor was closed.
    public var isClosed: Bool { poll?.isClosed ?? true }

    /// Waits until the descriptor is ready.
    ///
    /// Parks the calling fiber until then. What the kernel cannot watch, such as a regular file, is always ready, as
    /// for the system's `poll`: then it does not park. A limit is set by ``withTimeout(_:_:)``.
    ///
    /// - Returns: For which of what it is watched for it is ready.
    /// - Throws: ``ClosedError`` if the watcher is closed, before or meanwhile; `CancellationError` if the fiber is
    ///   cancelled.
    @available(*, noasync)
    public func wait() throws -> Readiness {
        guard let poll else { throw closedError }
        return Readiness(events: try poll.wait(for: interest))
    }

    /// Stops watching. Fibers that wait get ``ClosedError``. The descriptor stays open. Never parks.
    public func close() {
        poll?.remove(interest)
        poll = nil
        interest.waiters.interruptAll(throwing: closedError)
    }

    private var closedError: ClosedError { ClosedError(subject: "watcher of descriptor \(descriptor.rawValue)") }

    /// Says which descriptor it is, and for what it is watched.
    public var description: String { "DescriptorWatcher(\(descriptor.rawValue), \(readiness))" }
}

extension DescriptorPoll {
    /// What watches a descriptor of somebody else's: the poll of a stream of this loop if one has it, else one for all
    /// who wait, which goes away with the last of them.
    fileprivate static func shared(_ descriptor: CInt) throws(IOError) -> DescriptorPoll {
        if let poll = Loop.current.poll(of: descriptor) { return poll }
        return try DescriptorPoll(
            descriptor, subject: "descriptor \(descriptor)", isOwner: false, allowingFiles: true)
    }
}

extension FileDescriptor {
    /// Waits until this descriptor is ready (Julia's `wait(fd)` and `poll_fd`, rows W9 and FW2).
    ///
    /// Parks the calling fiber until then, as ``DescriptorWatcher/wait()`` does; that page says what is shared. The
    /// descriptor becomes non-blocking, and is not to be closed meanwhile.
    ///
    /// ```swift
    /// let ready = try withTimeout(.seconds(5)) { try descriptor.wait(for: [.read, .write]) }
    /// ```
    ///
    /// - Returns: For which of that it is ready.
    /// - Throws: ``ArgumentError`` if the descriptor is negative or the set is empty; ``IOError`` such as `EBADF` if
    ///   the descriptor is not open; ``ClosedError`` if a stream has it, or takes it over, and is closed;
    ///   `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func wait(for readiness: Readiness) throws -> Readiness {
        let watcher = try DescriptorWatcher(self, for: readiness)
        defer { watcher.close() }
        return try watcher.wait()
    }
}
