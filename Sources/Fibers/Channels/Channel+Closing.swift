// SPDX-License-Identifier: MIT

extension Channel {
    /// Ends the channel: as ``close(throwing:)`` with ``ChannelClosedError`` (Julia's `close`, row CH14).
    public func close() { close(throwing: ChannelClosedError()) }

    /// Ends the channel (row CH15). Nothing can be put any more; what is in the buffer can still be taken.
    ///
    /// Every parked call throws `error`, first those that take, then those that wait, then those that put, whose
    /// elements are not delivered. From then on a put throws it at once, and a take when nothing is left. Closing again
    /// replaces the error, also for those that were woken and have not run yet. Never parks.
    ///
    /// - Complexity: O(*n*) for *n* parked fibers.
    public func close(throwing error: any Error) {
        let section = queues.enter()
        // What it replaces goes away after the section.
        withExtendedLifetime(closingError) {
            close(throwing: error, in: section)
            section.leave()
        }
    }

    private func close(throwing error: any Error, in section: Section) {
        queues.flag = true
        closingError = error
        takers.wakeAllWithoutSlots(in: section)
        watchers.wakeAll(in: section)
        putters.wakeAllWithoutSlots(in: section)
    }

    /// Closes the channel when `fiber` ends, if it is still open then (Julia's `bind`, row CH16).
    ///
    /// If the fiber fails, the channel closes with ``FiberFailedError``; whoever that is thrown at has seen the failure, which
    /// then is not reported. Of several fibers bound to one channel, the first to end closes it; one fiber may be bound
    /// to several channels, and closes all. If the fiber has finished, closes at once. Never parks.
    ///
    /// The fiber keeps the channel alive until it ends.
    ///
    /// - Returns: The channel.
    @discardableResult
    public func bind(to fiber: AnyFiber) -> Self {
        fiber.bind(self)
        return self
    }

    /// What a call on the closed channel throws.
    var closedError: any Error { queues.inSection { _ in closingError } ?? ChannelClosedError() }

    /// An error on its way to a caller. If it is the failure of a fiber, that has now been seen.
    @inline(never)
    func observed(_ error: any Error) -> any Error {
        (error as? FiberFailedError)?.fiber.observe()
        return error
    }
}

extension Channel: EndsWithFiber {
    func close(after fiber: AnyFiber) {
        let failure = fiber.failure.map { FiberFailedError(fiber: fiber, error: $0) }
        queues.inSection { section in
            if isOpen { close(throwing: failure ?? ChannelClosedError(), in: section) }
        }
    }
}
