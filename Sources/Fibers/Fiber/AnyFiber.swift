// SPDX-License-Identifier: MIT

/// A fiber whose result type does not matter: what ``Fiber/current`` returns and errors hold.
///
/// A fiber belongs to the thread that scheduled it; the type is not `Sendable`, so the compiler keeps it there. A fiber
/// object costs one allocation; its stack is taken from a pool when it first runs.
///
/// The stored properties are accessed by single loads and stores that cannot overlap, hence without exclusivity checks.
public class AnyFiber: CustomStringConvertible {
    /// Reached through `record` only. Must come first.
    @exclusivity(unchecked) private var controlBlock = ControlBlock()
    /// What few fibers have.
    @exclusivity(unchecked) var extras: FiberExtras?

    init(name: String?, file: StaticString, line: UInt, stackSize: Int?) {
        record.initialize(file: file, line: line, stackSize: stackSize)
        if let name { madeExtras().setName(name) }
    }

    deinit {
        if let failure, FailureReports.remove(self) { FailureReports.write(self, failure) }
    }

    /// Runs the body on the current stack and finishes. Overridden, because only the subclass knows the result type.
    func run() { fatalError("BUG: a fiber without a body was run") }

    /// The name given at creation.
    public var name: String? { extras?.name.map { String(cString: $0) } }

    /// Where the fiber was made.
    public var site: SpawnSite { record.site }

    /// The name in quotation marks, or the number of the fiber on its thread.
    var label: String {
        name.map { "\"\($0)\"" } ?? "#\(record.id)"
    }

    /// Which fiber, and where it comes from, for reports.
    var origin: String { "fiber \(label), spawned at \(site)" }

    /// The fiber's name and state.
    public var description: String {
        "Fiber \(label) (\(state)\(isStarted && !isDone ? ", started" : ""))"
    }
}

// MARK: States

extension AnyFiber {
    /// Which of the five states the fiber is in.
    public var state: FiberState {
        switch record.phase {
        case .created, .running: .runnable
        case .starting, .ready: .queued
        case .waiting: record.reason.isRunnable ? .runnable : .waiting
        case .done: .done
        case .failed: .failed
        }
    }

    /// Whether the fiber has ever run. A fiber that was interrupted before it ran counts as started once it has failed.
    public var isStarted: Bool { record.isStarted }

    /// Whether the fiber has finished, by returning or by throwing.
    public var isDone: Bool { record.isFinished }

    /// Whether the fiber has finished by throwing.
    public var isFailed: Bool { record.phase == .failed }

    /// Whether ``cancel()`` was called before the fiber finished.
    public var isCancelled: Bool { record.isCancelled }

    /// What the fiber threw, if it has failed.
    public var failure: (any Error)? { extras?.failure }
}

// MARK: Finishing

extension AnyFiber {
    /// The last that may park, in somebody's deinit. From now on nothing does: the fiber has no life left to wait in (R19).
    func prepareToFinish() {
        dropLocals()
        record.interruption = .noParking
    }

    /// The final state becomes visible, then everybody who waits is woken, in order; nobody runs yet (R11).
    func finish() {
        record.phase = .done
        finishOthers()
    }

    /// As `finish()`, for a body that threw or never ran.
    func finish(throwing error: any Error) {
        record.phase = .failed
        madeExtras().failure = error
        if !endedByCancellation, record.joiners.isEmpty { FailureReports.add(self) }
        finishOthers()
    }

    /// Whether it failed by nothing but its own cancellation, which is no news to anybody.
    var endedByCancellation: Bool { isCancelled && failure is CancellationError }

    private func finishOthers() {
        extras?.endBound(with: self)
        record.finish()
    }

    /// The failure has reached somebody and need not be reported.
    func observe() { FailureReports.remove(self) }
}

/// The code that brought a scheduler up.
final class RootFiber: AnyFiber {
    init() { super.init(name: "root", file: "main", line: 0, stackSize: nil) }
}
