// SPDX-License-Identifier: MIT

/// The connections of one listener, each served by a fiber: see ``Listener/serve(stackSize:file:line:onFailure:_:)``.
///
/// It belongs to the thread of its listener, and goes on until ``shutDown(within:unwindingWithin:)`` or the end of the event
/// loop.
public final class Server<Connection: ByteStream>: CustomStringConvertible {
    private let listener: any Listener<Connection>
    private let onFailure: ((any Error, Connection?) -> Void)?
    private let makeFiber: (Server, Connection) -> AnyFiber
    private var served: [ObjectIdentifier: Served] = [:]
    /// Wakes who waits for the last connection.
    private let didEnd = Condition<Void>(name: "connections to end")
    /// Calls that a shutdown ends.
    private var idle: Set<CancelScope> = []
    /// Whether ``shutDown(within:unwindingWithin:)`` was called: a handler should come to its end.
    public private(set) var isShuttingDown = false

    private struct Served {
        let fiber: AnyFiber
        let connection: Connection
    }

    init(
        on listener: any Listener<Connection>, onFailure: ((any Error, Connection?) -> Void)?,
        makeFiber: @escaping (Server, Connection) -> AnyFiber
    ) {
        self.listener = listener
        self.onFailure = onFailure
        self.makeFiber = makeFiber
    }

    /// How many connections are being served.
    public var connectionCount: Int { served.count }

    /// Names the listener, and says how many connections are being served.
    public var description: String { "Server on \(listener), connections: \(served.count)" }

    /// Runs what an idle connection waits in: a shutdown ends it.
    ///
    /// From then on every park in `body` throws `CancellationError`, outside of a ``Fiber/shield(_:)`` within; after it, the
    /// fiber parks as usual. What `body` got before is returned all the same, and a ``BufferedReader`` loses no byte.
    ///
    /// Parks the calling fiber only where `body` does. For the handlers, and for fibers that they spawn.
    ///
    /// - Parameter body: Waits for the next request, say.
    /// - Returns: What `body` returns; `nil` if the server shuts down before or meanwhile.
    /// - Throws: What `body` throws otherwise.
    @available(*, noasync)
    public func untilShutDown<Result>(_ body: () throws -> Result?) throws -> Result? {
        guard !isShuttingDown else { return nil }
        return try Scheduler.current.current.inScope(.group) { scope in
            idle.insert(scope)
            defer { idle.remove(scope) }
            do {
                return try body()
            } catch is CancellationError where scope.isCancelled {
                return nil
            }
        }
    }
}

// MARK: Serving

extension Server: EndsWithFiber {
    /// Parks until the listener is closed.
    func acceptAll() throws {
        do {
            while true { serve(try listener.accept()) }
        } catch is ClosedError {
        } catch {
            listener.close()
            try fail(with: error, nil)
        }
    }

    private func serve(_ connection: Connection) {
        let fiber = makeFiber(self, connection)
        served[ObjectIdentifier(fiber)] = Served(fiber: fiber, connection: connection)
        fiber.bind(self)
        fiber.schedule()
    }

    func run(_ connection: Connection, _ handler: () throws -> Void) throws {
        do {
            try handler()
        } catch {
            try fail(with: error, connection)
        }
    }

    /// What comes of the server's own cancellation is no failure.
    private func fail(with error: any Error, _ connection: Connection?) throws {
        let cause = (error as? PartialWriteError)?.cause ?? error
        if cause is CancellationError, Fiber.current.isCancelled { return }
        if let onFailure { return onFailure(error, connection) }
        guard (connection as? DescriptorStream)?.isGone(accordingTo: cause) == true else { throw error }
    }

    /// Also for a fiber that was cancelled before it ran.
    func close(after fiber: AnyFiber) {
        served.removeValue(forKey: ObjectIdentifier(fiber))?.connection.close()
        didEnd.notify()
    }
}

// MARK: Shutting down

extension Server {
    /// Closes the listener, waits for the connections to end by themselves, and cancels those that do not.
    ///
    /// Idle connections are told: see ``untilShutDown(_:)`` and ``isShuttingDown``. Connections that the kernel has, but the
    /// server has not accepted, are reset.
    ///
    /// Parks the calling fiber until all connections have ended, but not for longer than the two limits allow. May be called
    /// again, by other fibers meanwhile too: with a shorter time after a second signal, say.
    ///
    /// - Parameters:
    ///   - grace: How long connections may take to end by themselves. With zero they are cancelled as soon as those that were
    ///     told had their turn.
    ///   - limit: How long they may take to unwind after their cancellation.
    /// - Returns: Who had to be cancelled, and who has not ended even then, because of a shield or a handler that catches
    ///   the cancellation.
    /// - Throws: `CancellationError` if the calling fiber is cancelled: nothing is accepted any more, and the
    ///   connections go on; ``ConcurrencyViolationError`` if called by a handler, which would wait for itself.
    @available(*, noasync)
    @discardableResult
    public func shutDown(
        within grace: Duration, unwindingWithin limit: Duration = .seconds(1)
    ) throws -> ShutdownReport {
        guard served[ObjectIdentifier(Fiber.current)] == nil else {
            throw ConcurrencyViolationError("a handler cannot shut its server down: spawn a fiber that does")
        }
        stop()
        let late = try unended(after: grace)
        let cancelled = late.map(\.report)
        for fiber in late { fiber.cancel() }
        return ShutdownReport(cancelled: cancelled, remaining: try unended(after: limit).map(\.report))
    }

    /// Accepts nothing more, and tells the idle.
    private func stop() {
        isShuttingDown = true
        listener.close()
        for scope in idle { scope.cancel() }
    }

    /// Parks until all have ended or the time is up; returns who has not, the oldest first.
    private func unended(after limit: Duration) throws -> [AnyFiber] {
        let deadline = LoopClock.now.advanced(by: limit)
        do {
            try withTimeout(limit) { while !served.isEmpty { try didEnd.wait() } }
        } catch is TimeoutError where LoopClock.now >= deadline {}
        return served.values.map(\.fiber).sorted { $0.record.id < $1.record.id }
    }
}
