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
    /// SIGQUIT: Ctrl-\, ends a program that is to leave a core behind.
    public static let quit = Signal(rawValue: 3)
    /// SIGKILL: ends a process that cannot refuse.
    public static let kill = Signal(rawValue: 9)
    /// SIGTERM: the polite request to end.
    public static let terminate = Signal(rawValue: 15)

    /// Says the number.
    public var description: String { "signal \(rawValue)" }

    /// Somebody wants the program to end.
    var isInterrupt: Bool { [.interrupt, .quit, .terminate].contains(self) }
}

/// What happens when a program is told to end that was told so before, and has not ended yet.
public enum SecondInterrupt: Sendable, Hashable {
    /// It ends, as it would have the first time if nobody had watched.
    case endsProcess
    /// It is delivered like the first: for a program that goes on after an interrupt, such as an interpreter.
    case isDelivered
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
///
/// An interrupt, ``Signal/interrupt``, ``Signal/quit`` or ``Signal/terminate``, is delivered once, unless
/// ``SecondInterrupt/isDelivered`` is asked for. After that all three do again what they do by default, so that nobody
/// has to wait for a shutdown that hangs: a second Ctrl-C ends the process, even if its fibers have stopped yielding to
/// each other. When nothing else is watched, the loop over the signals ends then, too. Where several objects watch one
/// signal, the default is back when all of them have had it, and while one of them asked for every interrupt, it is
/// not.
public final class Signals: Sequence, IteratorProtocol {
    private var watches: [(signal: Signal, watch: SignalWatch)] = []
    private var arrived: [Signal] = []
    private let waiters = WaitQueue()
    private let secondInterrupt: SecondInterrupt
    /// By `close`, by the end of the loop, or because all that it watched for were delivered for good.
    private var isClosed: Bool { watches.allSatisfy(\.watch.isClosed) }

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - signals: What to watch for.
    ///   - secondInterrupt: What happens at the second signal that tells the program to end.
    /// - Throws: ``IOError`` for a signal that cannot be watched, such as ``Signal/kill``.
    public init(_ signals: Signal..., secondInterrupt: SecondInterrupt = .endsProcess) throws {
        self.secondInterrupt = secondInterrupt
        for signal in signals {
            let onlyOnce = comesOnce(signal)
            let watch = try SignalWatch(signal.rawValue, onlyOnce: onlyOnce) { [unowned self] in didArrive(signal) }
            watches.append((signal, watch))
        }
    }

    deinit { waiters.destroy() }

    private func comesOnce(_ signal: Signal) -> Bool { secondInterrupt == .endsProcess && signal.isInterrupt }

    /// Takes the next signal.
    ///
    /// Parks the calling fiber until one arrives.
    ///
    /// - Throws: ``ClosedError`` if ``close()`` is called, before or meanwhile, or none can arrive any more;
    ///   `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func wait() throws -> Signal {
        while arrived.isEmpty {
            guard !isClosed else { throw ClosedError(subject: "signals") }
            try waiters.wait(for: .signal)
        }
        return arrived.removeFirst()
    }

    /// The next signal; `nil` when the object is closed, none can arrive any more or the fiber is cancelled. Parks as
    /// ``wait()`` does.
    @available(*, noasync)
    public func next() -> Signal? { try? wait() }

    /// The signals do again what they did before. Fibers that wait get ``ClosedError``. Never parks.
    public func close() { close { _ in true } }

    private func close(_ isToEnd: (Signal) -> Bool) {
        for (signal, watch) in watches where isToEnd(signal) { watch.close() }
        watches.removeAll { isToEnd($0.signal) }
        if watches.isEmpty { waiters.interruptAll(throwing: ClosedError(subject: "signals")) }
    }

    private func didArrive(_ signal: Signal) {
        if !arrived.contains(signal) { arrived.append(signal) }
        waiters.wakeFirst()
        if comesOnce(signal) { close(comesOnce) }
    }
}
