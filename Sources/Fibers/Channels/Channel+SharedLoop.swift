// SPDX-License-Identifier: MIT

extension Channel {
    /// As ``forEach(_:)``, with `concurrency` fibers that share the elements (Julia's `Threads.foreach(f, channel)`,
    /// row NW5).
    ///
    /// When `body` fails, the others finish the element they work on, and take no more. What is left stays in the
    /// channel.
    ///
    /// Parks the calling fiber until the channel is closed and nothing is left, and every element is done. Interrupting
    /// it cancels the fibers.
    ///
    /// - Throws: ``FiberFailedError`` with the error of the `body` that failed first; ``ArgumentError`` if
    ///   `concurrency` is not positive; the error the channel was closed with, unless that is ``ChannelClosedError``;
    ///   `CancellationError` if the calling fiber is cancelled meanwhile; ``DeadlockError`` if it is the root fiber
    ///   and nothing can ever run again. Then no fiber of it is left.
    @available(*, noasync)
    public func forEach(
        concurrency: Int, file: StaticString = #fileID, line: UInt = #line,
        _ body: @escaping (Element) throws -> Void
    ) throws {
        try requirePositive(concurrency, "concurrency")
        var takers: [AnyFiber] = []
        try withWorkers(onFailure: .waitForAll) { workers in
            func next() -> Element? {
                guard workers.firstFailure == nil else { return nil }
                takers.append(Fiber.current)
                defer { takers.removeAll { $0.isCurrent } }
                return self.next()
            }
            func loop() throws {
                do {
                    while let element = next() { try body(element) }
                } catch {
                    stop(takers)
                    throw error
                }
            }
            for _ in 0..<concurrency { workers.spawn(file: file, line: line, loop) }
        }
        if !isOpen, !(closedError is ChannelClosedError) { throw observed(closedError) }
    }

    /// Ends the loops of those that still wait for an element: one that was handed an element works on it.
    private func stop(_ takers: [AnyFiber]) {
        for fiber in takers { fiber.record.interruptIfUndecided(throwing: CancellationError()) }
    }

    /// Drops what is in the buffer; parked puts then fill it again, as far as there is room (Julia's `empty!`, row
    /// CH22). Never parks.
    ///
    /// - Complexity: O(*n*) for *n* elements.
    public func removeAll() {
        for _ in 0..<queues.inSection({ _ in buffer.count }) { _ = takeIfBuffered() }
    }

    private func takeIfBuffered() -> Element? {
        let section = queues.enter()
        defer { section.leave() }
        return buffer.count > 0 ? removeFirst(in: section) : nil
    }
}
