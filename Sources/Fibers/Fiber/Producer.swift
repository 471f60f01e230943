// SPDX-License-Identifier: MIT

/// A fiber that returns many times: it produces values, each when somebody consumes (Julia's `produce` and `consume`,
/// rows P1 to P7).
///
/// ```swift
/// let numbers = Producer<Int> { numbers in
///     for number in 1...4 { try numbers.produce(2 * number) }
/// }
/// for number in numbers { print(number) }
/// ```
///
/// The body starts at the first ``consume(_:)``, and goes on after a ``produce(_:)`` only when somebody consumes
/// again. So producer and consumers take turns, whereas a ``Channel`` lets them work ahead of each other. Several
/// consumers are served first come, first served; each value goes to one of them.
///
/// What a consumer passes to `consume` comes out of the `produce` that it makes return: nothing for `Producer<Int>`, a
/// `String` for `Producer<Int, String>`, a pair for `Producer<Int, String, Bool>`. The reply of the consumer that
/// starts the body is lost, as there is no `produce` yet that could return it; so is that of one that finds a value
/// ready, because the fiber for which it was produced was interrupted.
///
/// An interruption at any moment loses no value and delivers none twice. A producer that is not consumed to its end
/// stays parked, and keeps what it uses, until it is cancelled or the loop ends.
///
/// For one thread only; the type is not `Sendable`.
public final class Producer<Element, each Reply>: CustomStringConvertible {
    private let consumers = Consumers<(repeat each Reply), Element>()
    /// The fiber of the producer while it is in `produce`.
    private let suspension = WaitQueue()
    private let body: Fiber<Element?>

    /// Makes a producer that does not run until somebody consumes.
    ///
    /// - Parameters:
    ///   - name: As for a fiber.
    ///   - stackSize: As for a fiber.
    ///   - file: As for a fiber.
    ///   - line: As for a fiber.
    ///   - body: Produces with the producer it is given. When it has ended, ``consume(_:)`` returns `nil`.
    public convenience init(
        name: String? = nil, stackSize: Int? = nil, file: StaticString = #fileID, line: UInt = #line,
        _ body: @escaping (Producer) throws -> Void
    ) {
        self.init(name, stackSize, file, line) { producer in
            try body(producer)
            return nil
        }
    }

    /// As ``init(name:stackSize:file:line:_:)``, and when `body` has ended, ``consume(_:)`` returns its value, for
    /// ever. The value is not among those that a loop gets.
    public static func returning(
        name: String? = nil, stackSize: Int? = nil, file: StaticString = #fileID, line: UInt = #line,
        _ body: @escaping (Producer) throws -> Element
    ) -> Producer {
        Producer(name, stackSize, file, line, body)
    }

    /// The fiber keeps the producer only while it runs, and runs nothing if nobody has the producer any more.
    private init(
        _ name: String?, _ stackSize: Int?, _ file: StaticString, _ line: UInt,
        _ body: @escaping (Producer) throws -> Element?
    ) {
        weak var producer: Producer?
        self.body = Fiber(name: name, stackSize: stackSize, file: file, line: line) {
            try producer.flatMap(body)
        }
        self.body.bind(consumers)
        producer = self
    }

    /// Whoever waits keeps the producer alive, so nobody does.
    deinit { suspension.destroy() }

    /// The fiber in which the body runs; new until the first ``consume(_:)``. While it is in ``produce(_:)`` it is
    /// `runnable` (row ST1), but only a consumer makes it go on: it cannot be scheduled.
    public var fiber: AnyFiber { body }

    /// Cancels the body, as ``AnyFiber/cancel()``: its next `produce` throws. When it has ended so, ``consume(_:)``
    /// throws `CancellationError`. Never parks.
    public func cancel() { body.cancel() }

    /// The type, and the fiber's name or number.
    public var description: String { "Producer<\(Element.self)> \(body.label)" }
}

extension Producer {
    /// Makes the body go on and returns what it produces next (Julia's `consume`, rows P2 to P4).
    ///
    /// Parks the calling fiber until it is handed a value, or the body has ended; fibers are served in the order they
    /// came. Returns at once if the body has ended before.
    ///
    /// - Parameter reply: What the `produce` that this makes return returns.
    /// - Returns: The value. Once the body has ended, what it returned: `nil` if that is nothing.
    /// - Throws: What the body threw, bare and every time, if it has failed; ``ConcurrencyViolationError`` if called
    ///   from the body; `CancellationError` if the calling fiber is cancelled while it is parked; ``DeadlockError`` if
    ///   it is the root fiber and nothing can ever run again. A value that was handed to the fiber is never lost; one
    ///   that is produced after it was interrupted waits for the next consumer.
    /// - Complexity: O(1), without an allocation if values and replies take at most 31 bytes.
    @available(*, noasync)
    public func consume(_ reply: repeat each Reply) throws -> Element? {
        if let element = try ask(replying: (repeat each reply)) { return element }
        try throwFailure()
        return try body.fetch()
    }

    /// Hands `element` to the fiber that has waited longest in ``consume(_:)``, and waits for the next one (Julia's
    /// `produce`, rows P1 and P3).
    ///
    /// Parks the calling fiber until there is a consumer, if there is none, and then until another one asks. If that
    /// asks already, the one that got the element runs before this returns.
    ///
    /// - Returns: What the consumer that asks passed.
    /// - Throws: ``ConcurrencyViolationError`` if called from another fiber than ``fiber``; `CancellationError` if the
    ///   fiber is cancelled while it is parked. The element is lost only if nobody had come for it by then.
    /// - Complexity: As ``consume(_:)``.
    @available(*, noasync)
    @discardableResult
    public func produce(_ element: Element) throws -> (repeat each Reply) {
        guard body.isCurrent else {
            throw ConcurrencyViolationError("\(self) can produce only in its own fiber, not in \(Fiber.current)")
        }
        try awaitConsumer()
        consumers.hand(element)
        if !consumers.isEmpty { try Fiber.yield() }
        try awaitConsumer()
        return consumers.firstReply
    }

    /// Whoever asked may have been interrupted since, so asking again is part of it.
    private func awaitConsumer() throws {
        while consumers.isEmpty { try suspension.wait(for: .produce, subject: self) }
    }

    /// The next element; `nil` if the body has ended.
    func ask(replying reply: (repeat each Reply)) throws -> Element? {
        guard !body.isDone else { return nil }
        guard !body.isCurrent else { throw ConcurrencyViolationError("\(self) cannot consume what it produces itself") }
        if body.isNew { body.schedule() } else { suspension.wakeFirst() }
        return try consumers.wait(replying: reply, subject: self)
    }

    /// Throws what the body threw, if it has failed.
    func throwFailure() throws {
        guard let failure = body.failure else { return }
        body.observe()
        throw failure
    }
}
