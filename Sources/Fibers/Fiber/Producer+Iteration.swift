// SPDX-License-Identifier: MIT

/// Nothing conforms to it, so `repeat each Reply: NoReply` holds only where there are no replies at all.
public protocol NoReply {
    /// Not to be had.
    static var value: Self { get }
}

/// `for value in producer` consumes until the body has ended (row P5). What the body returns is not among the values.
/// Several loops share the values. Only for producers that expect no replies.
extension Producer: Sequence, IteratorProtocol where repeat each Reply: NoReply {
    /// The next value; `nil` once the body has ended, in whatever way.
    ///
    /// Parks the calling fiber until it is handed a value. It cannot throw: if the fiber is interrupted, it returns
    /// `nil`, so that a loop ends, and the next call that parks throws. A body that fails ends the loop as if it had
    /// finished; where that matters, use ``forEach(_:)`` or ``collect()``. A failure that only a loop met is reported.
    @available(*, noasync)
    public func next() -> Element? {
        do {
            return try ask(replying: (repeat (each Reply).value))
        } catch {
            Scheduler.current.current.keepInterruption(error)
            return nil
        }
    }

    /// Consumes until the body has ended, and calls `action` with each value.
    ///
    /// Parks the calling fiber until it is handed a value, again and again.
    ///
    /// - Throws: What the body of the producer throws, bare; what `action` throws; and as ``consume(_:)``.
    @available(*, noasync)
    public func forEach(_ action: (Element) throws -> Void) throws {
        while let element = try ask(replying: (repeat (each Reply).value)) { try action(element) }
        try throwFailure()
    }

    /// Consumes until the body has ended, and returns the values (Julia's `collect`).
    ///
    /// Parks the calling fiber until the body has ended.
    ///
    /// - Throws: As ``forEach(_:)``; the values consumed until then are lost.
    @available(*, noasync)
    public func collect() throws -> [Element] {
        var elements: [Element] = []
        try forEach { elements.append($0) }
        return elements
    }
}
