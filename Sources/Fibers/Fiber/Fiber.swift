// SPDX-License-Identifier: MIT

/// A fiber: Julia's Task, a stackful symmetric coroutine.
///
/// Its body is ordinary code. A call that has to wait parks the fiber, other fibers run meanwhile, and the event it waits
/// for wakes it. Fibers of a thread run one at a time and switch only in calls that park, so they may share anything
/// without locks; a fiber that has started never changes thread.
///
/// ```swift
/// let answer = Fiber.spawn {
///     try Fiber.sleep(for: .seconds(1))
///     return 42
/// }
/// print(try answer.fetch())
/// ```
public final class Fiber<Result>: AnyFiber {
    /// Until it runs. Accesses are single loads and stores, so none can overlap another.
    @exclusivity(unchecked) private var body: (() throws -> Result)?

    /// Makes a fiber that does not run until it is scheduled.
    ///
    /// - Parameters:
    ///   - name: Shown in reports.
    ///   - stackSize: Bytes of address space for its stack, guard included, rounded up to a power of two of at least
    ///     32 KiB. Only touched pages cost memory.
    ///   - file: Where the fiber is made, for reports.
    ///   - line: Where the fiber is made, for reports.
    ///   - body: What the fiber does. Stays on this thread, so it may capture anything.
    /// - Complexity: One allocation, and what capturing costs.
    public init(
        name: String? = nil, stackSize: Int? = nil, file: StaticString = #fileID, line: UInt = #line,
        _ body: @escaping () throws -> Result
    ) {
        self.body = body
        super.init(name: name, file: file, line: line, stackSize: stackSize)
    }

    deinit {
        if record.phase == .done { record.result.destroy(Result.self) }
    }

    /// Makes a fiber and schedules it on this thread. It runs when the calling fiber next parks or yields.
    ///
    /// - Parameters: As for ``init(name:stackSize:file:line:_:)``.
    /// - Returns: The fiber, which need not be kept.
    @discardableResult
    public static func spawn(
        name: String? = nil, stackSize: Int? = nil, file: StaticString = #fileID, line: UInt = #line,
        _ body: @escaping () throws -> Result
    ) -> Fiber<Result> {
        let fiber = Fiber(name: name, stackSize: stackSize, file: file, line: line, body)
        Scheduler.current.schedule(fiber)
        return fiber
    }

    /// What the body returned.
    ///
    /// Parks the calling fiber until this one has finished; returns at once, as often as asked, if it has.
    ///
    /// - Throws: ``FiberFailedError`` if the body threw; ``ConcurrencyViolationError`` if the fiber waits for itself;
    ///   `CancellationError` if the calling fiber is cancelled meanwhile; ``DeadlockError`` if the calling fiber is the
    ///   root fiber and nothing can ever run again.
    @available(*, noasync)
    public func fetch() throws -> Result {
        try wait()
        return value
    }

    /// What the body returned. The fiber is done.
    var value: Result { record.result.load(as: Result.self) }

    override func run() {
        do {
            let value = try runBody()
            prepareToFinish()
            record.result.store(value)
            finish()
        } catch {
            prepareToFinish()
            finish(throwing: error)
        }
    }

    /// What the body captured goes away before the fiber has finished.
    @inline(never)
    private func runBody() throws -> Result {
        guard let body else { fatalError("BUG: a fiber was run twice") }
        self.body = nil
        guard record.interruption.isEmpty else { throw record.takeInterruption() }
        return try body()
    }
}
