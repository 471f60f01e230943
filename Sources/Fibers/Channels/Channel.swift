// SPDX-License-Identifier: MIT

/// A queue between fibers: some put elements, others take them, and whoever is too early waits (Julia's `Channel`, rows
/// CH1 to CH20).
///
/// ```swift
/// let squares = Channel<Int>.producing(capacity: 4) { channel in
///     for number in 1...10 { try channel.put(number * number) }
/// }
/// for square in squares { print(square) }
/// ```
///
/// With capacity 0 a put waits until its element is taken; otherwise, until there is room. First in, first out, for
/// elements, takers and putters alike: an element goes straight to whoever has waited longest, and the room it leaves
/// to whoever has waited longest to fill it. Nobody starves, and nobody overtakes. That is meant to differ from Julia,
/// which wakes all and lets the first that runs win: there one consumer in a loop starves the others, and a put that
/// comes late passes one that is parked. For the same reason a put or take that need not wait does not park, whereas
/// Julia's always do on a channel of capacity 0.
///
/// An interruption at any moment loses no element and delivers none twice: what was handed over stays so.
///
/// Fibers of all threads may share one whose elements are `Sendable`. A thread that has no event loop may put, too, where that
/// need not park, but the deadlock report does not know of it.
///
/// The stored properties are accessed in sections only, hence without exclusivity checks.
public final class Channel<Element>: CustomStringConvertible, Shared {
    let queues = SharedQueues(3)
    /// Fibers in `take` and `fetch`; their slots are for the element. Empty while something can be taken.
    var takers: WaitQueue {
        @inline(__always) get { queues[0] }
    }
    /// Fibers in `put`; their slots hold the element. Empty while there is room, and once the channel is closed.
    var putters: WaitQueue {
        @inline(__always) get { queues[1] }
    }
    /// Fibers in `wait`. Empty while something can be taken, but for a moment.
    var watchers: WaitQueue {
        @inline(__always) get { queues[2] }
    }
    /// How many elements fit in the buffer.
    let limit: Int
    @exclusivity(unchecked) var buffer: Ring<Element>
    /// What is thrown once the channel is closed.
    @exclusivity(unchecked) var closingError: (any Error)?
    /// Set before anybody else knows the channel.
    @exclusivity(unchecked) var producingFiber: AnyFiber?

    /// - Parameter capacity: How many elements may wait in the channel; with 0, every put waits for its take.
    /// - Complexity: A few allocations; none later, once there was room for the most elements and parked fibers.
    public init(capacity: ChannelCapacity = 0) {
        limit = capacity.limit
        buffer = Ring(reserving: limit)
    }

    /// As ``init(capacity:)``, with a number that is known at run time only.
    ///
    /// - Precondition: `capacity` is not negative.
    public convenience init(capacity: Int) { self.init(capacity: ChannelCapacity(capacity)) }

    /// Whoever waits keeps the channel alive, so nobody does.
    deinit {
        buffer.destroy()
        queues.destroy()
    }

    /// The type, the capacity, and what can be taken (row CH20): `Channel<Int>(3) (2 items available)`.
    public var description: String {
        "Channel<\(Element.self)>(\(ChannelCapacity(limit))) (\(contents))"
    }

    private var contents: String {
        guard isOpen else { return "closed" }
        switch count {
        case 0: return "empty"
        case 1: return "1 item available"
        case let count: return "\(count) items available"
        }
    }
}

/// `@unchecked`: what is stored is accessed in sections only, or never changes; the producer, on its own thread.
extension Channel: @unchecked Sendable where Element: Sendable {}

// MARK: Asking

// Among several threads, an answer may be old when it arrives.
extension Channel {
    /// Whether elements may be put (row CH12). A closed channel may still hold some.
    public var isOpen: Bool {
        @inline(__always) get { !queues.flag }
    }

    /// Whether a take would not park now (row CH8): something is in the buffer, or a put waits for its taker. Once the
    /// channel is closed, only what can still be taken counts.
    public var isReady: Bool { queues.inSection { _ in hasElement } }

    /// Whether nothing can be taken now (row CH9): the opposite of ``isReady``.
    public var isEmpty: Bool { !isReady }

    /// Whether a put would have to wait for a take (row CH10). A channel of capacity 0 is always full.
    public var isFull: Bool { queues.inSection { _ in buffer.count >= limit } }

    /// How many elements can be taken (row CH11). The elements of parked puts count, so it may exceed the capacity.
    ///
    /// - Complexity: O(*n*) for *n* parked puts.
    public var count: Int { queues.inSection { _ in available } }

    /// The fiber of ``producing(capacity:name:stackSize:file:line:_:)``, for the thread to which it belongs; `nil` for any
    /// other, and for a channel made otherwise.
    public var producer: AnyFiber? {
        guard let producingFiber, producingFiber.record.isOfThisThread else { return nil }
        return producingFiber
    }

    /// Whether a put would be taken at once.
    var hasTaker: Bool { queues.inSection { _ in !takers.isEmpty } }

    /// Something can be taken. In a section.
    var hasElement: Bool {
        @inline(__always) get { buffer.count > 0 || !putters.isEmpty }
    }

    private var available: Int { buffer.count + putters.count }
}
