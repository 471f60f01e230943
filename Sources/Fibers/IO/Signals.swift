// SPDX-License-Identifier: MIT
import SystemPackage

/// A signal that a program can be sent.
public struct Signal: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The system's number.
    public let rawValue: CInt

    /// Any signal, by the system's number.
    public init(rawValue: CInt) { self.rawValue = rawValue }

    /// SIGHUP: the terminal went away, or "read your configuration again".
    public static let hangup = Signal(rawValue: 1)
    /// SIGINT: Ctrl-C.
    public static let interrupt = Signal(rawValue: 2)
    /// SIGKILL: ends a process that cannot refuse.
    public static let kill = Signal(rawValue: 9)
    /// SIGTERM: the polite request to end.
    public static let terminate = Signal(rawValue: 15)

    /// Says the number.
    public var description: String { "signal \(rawValue)" }
}

/// Signals of the process as a sequence.
///
/// ```swift
/// for signal in try Signals(.interrupt, .terminate) {
///     print("stopping after \(signal)")
///     break
/// }
/// ```
///
/// While the object is alive and open, the signals no longer do what they do by default. Arrivals are remembered until
/// they are taken; the system may merge arrivals of one signal.
public final class Signals: Sequence, IteratorProtocol {
    private var watches: [SignalWatch] = []
    private var arrived: [Signal] = []
    private let waiters = WaitQueue()
    /// By `close`, or by the end of the loop.
    private var isClosed: Bool { watches.allSatisfy(\.isClosed) }

    /// Starts to watch.
    ///
    /// - Throws: ``IOError`` for a signal that cannot be watched, such as ``Signal/kill``.
    public init(_ signals: Signal...) throws {
        for signal in signals {
            watches.append(try SignalWatch(signal.rawValue) { [unowned self] in didArrive(signal) })
        }
    }

    deinit { waiters.destroy() }

    /// Takes the next signal.
    ///
    /// Parks the calling fiber until one arrives.
    ///
    /// - Throws: ``ClosedError`` if ``close()`` is called, before or meanwhile; `CancellationError` if the fiber is
    ///   cancelled.
    @available(*, noasync)
    public func wait() throws -> Signal {
        while arrived.isEmpty {
            guard !isClosed else { throw ClosedError(subject: "signals") }
            try waiters.wait(for: .signal)
        }
        return arrived.removeFirst()
    }

    /// The next signal; `nil` when the object is closed or the fiber cancelled. Parks as ``wait()`` does.
    @available(*, noasync)
    public func next() -> Signal? { try? wait() }

    /// The signals do again what they did before. Fibers that wait get ``ClosedError``. Never parks.
    public func close() {
        watches.forEach { $0.close() }
        watches = []
        waiters.interruptAll(throwing: ClosedError(subject: "signals"))
    }

    private func didArrive(_ signal: Signal) {
        if !arrived.contains(signal) { arrived.append(signal) }
        waiters.wakeFirst()
    }
}
