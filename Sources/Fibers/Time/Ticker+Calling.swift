// SPDX-License-Identifier: MIT

extension Ticker {
    /// Makes a ticker that calls a function at each tick (row IO5). Never parks.
    ///
    /// A fiber of its own makes all calls, so that they never overlap; ticks that come during one are missed ticks. It
    /// ends when the ticker is closed, which `body` may do itself, or with the first error, which is reported on
    /// standard error at once; the ticker then stays open. It keeps the ticker alive.
    ///
    /// A call that the ticker owes when it is closed is still made if the fiber was woken for it before.
    ///
    /// - Parameters:
    ///   - timeout: The time before the first call.
    ///   - interval: The time between ticks; zero for a single call.
    ///   - missed: What is done about ticks that come during a call.
    ///   - name: The fiber's, shown in reports.
    ///   - file: Where the ticker is made, for reports.
    ///   - line: Where the ticker is made, for reports.
    ///   - body: What is called, with the ticker.
    /// - Throws: ``ArgumentError`` if a duration is negative.
    public convenience init(
        after timeout: Duration, every interval: Duration = .zero, missed: MissedTicks = .skip,
        name: String? = "ticker", file: StaticString = #fileID, line: UInt = #line,
        calling body: @escaping (Ticker) throws -> Void
    ) throws {
        try self.init(after: timeout, every: interval, missed: missed)
        Fiber.spawn(name: name, file: file, line: line) { try self.callAtEachTick(body) }.monitorErrors()
    }

    private func callAtEachTick(_ body: (Ticker) throws -> Void) throws {
        while next() != nil {
            try body(self)
            guard !isClosed else { return }
        }
    }
}
