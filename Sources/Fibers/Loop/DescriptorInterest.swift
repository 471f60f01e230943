// SPDX-License-Identifier: MIT

/// What somebody wants to know of a descriptor, and the fibers that wait for it.
final class DescriptorInterest {
    let events: CInt
    let waiters = WaitQueue()

    init(_ directions: [DescriptorPoll.Direction]) { events = directions.reduce(0) { $0 | $1.event } }

    deinit { waiters.destroy() }
}

extension DescriptorPoll {
    /// Parks the calling fiber until the descriptor is ready for what the interest, which was added, is about. Returns
    /// for which of that.
    func wait(for interest: DescriptorInterest) throws -> CInt {
        guard !isClosed else { throw ClosedError(subject: subject) }
        guard isPollable else { return interest.events }
        try arm(armed | interest.events)
        return try interest.waiters.wait(for: .descriptor)
    }
}
