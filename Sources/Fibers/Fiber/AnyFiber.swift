// SPDX-License-Identifier: MIT

/// A fiber whose result type does not matter: what ``Fiber/current`` returns and errors hold.
///
/// A fiber belongs to the thread that scheduled it; the type is not `Sendable`, so the compiler keeps it there. A fiber
/// object costs one allocation; its stack is taken from a pool when it first runs.
///
/// The stored properties are accessed by single loads and stores that cannot overlap, hence without exclusivity checks.
public class AnyFiber: CustomStringConvertible {
    /// The name given at creation.
    public let name: String?
    /// Where the fiber was made.
    public let site: SpawnSite
    /// Size class of its stack.
    let sizeClass: UInt32
    /// Number on its thread, from 1; 0 before it has a control block.
    @exclusivity(unchecked) var id: UInt64 = 0
    /// Its control block: from scheduling, or the first wait for it, until it has finished.
    @exclusivity(unchecked) var record: FiberRecord?
    /// What it keeps under `FiberLocal` keys; `nil` until it keeps anything.
    @exclusivity(unchecked) var locals: [ObjectIdentifier: AnyObject]?
    /// How it ended.
    @exclusivity(unchecked) private(set) var outcome: Outcome = .none
    /// Handed over by an interruption, until a park throws it.
    @exclusivity(unchecked) var handedError: (any Error)?
    /// What ends with it; nil, as nearly always, or taken once it has finished.
    @exclusivity(unchecked) var bound: [any EndsWithFiber]?
    /// It was cancelled before it finished.
    @exclusivity(unchecked) private var wasCancelled = false
    /// Somebody waited for it, so a failure is known.
    @exclusivity(unchecked) private var isObserved = false

    enum Outcome {
        case none
        case done
        case failed(any Error)
    }

    init(name: String?, site: SpawnSite, sizeClass: UInt32) {
        self.name = name
        self.site = site
        self.sizeClass = sizeClass
    }

    deinit {
        if let record { record.scheduler.recycle(record) }
        if !isObserved, case .failed(let error) = outcome { FailureReports.report(self, error) }
    }

    /// Runs the body on the current stack and finishes. Overridden, because only the subclass knows the result type.
    func run() { fatalError("BUG: a fiber without a body was run") }

    /// The name in quotation marks, or the number of the fiber on its thread.
    var label: String {
        name.map { "\"\($0)\"" } ?? "#\(id)"
    }

    /// The fiber's name and state.
    public var description: String {
        "Fiber \(label) (\(state)\(isStarted && !isDone ? ", started" : ""))"
    }
}

// MARK: States

extension AnyFiber {
    /// Which of the five states the fiber is in.
    public var state: FiberState {
        switch outcome {
        case .done: return .done
        case .failed: return .failed
        case .none: break
        }
        switch record?.phase {
        case nil, .created, .running: return .runnable
        case .starting, .ready: return .queued
        case .waiting: return record?.reason.isRunnable == true ? .runnable : .waiting
        }
    }

    /// Whether the fiber has ever run. A fiber that was interrupted before it ran counts as started once it has failed.
    public var isStarted: Bool { isDone || record?.isStarted ?? false }

    /// Whether the fiber has finished, by returning or by throwing.
    public var isDone: Bool {
        if case .none = outcome { return false }
        return true
    }

    /// Whether the fiber has finished by throwing.
    public var isFailed: Bool { failure != nil }

    /// Whether ``cancel()`` was called before the fiber finished.
    public var isCancelled: Bool { record?.isCancelled ?? wasCancelled }

    /// What the fiber threw, if it has failed.
    public var failure: (any Error)? {
        if case .failed(let error) = outcome { return error }
        return nil
    }
}

// MARK: Finishing

extension AnyFiber {
    /// The final state becomes visible, then everybody who waits is woken, in order; nobody runs yet (R11).
    func finish(_ outcome: Outcome) {
        guard let record else { fatalError("BUG: a fiber without a record finished") }
        dropLocals()
        self.outcome = outcome
        wasCancelled = record.isCancelled
        if case .failed(let error) = outcome { noteFailure(error, of: record) }
        if bound != nil { endBound() }
        self.record = nil
        record.finish()
    }

    @inline(never)
    private func endBound() {
        let ending = bound ?? []
        bound = nil
        for object in ending { object.close(after: self) }
    }

    private func noteFailure(_ error: any Error, of record: FiberRecord) {
        if error is CancellationError, record.isCancelled || record.scheduler.isEnding {
            isObserved = true
        } else if !record.joiners.isEmpty {
            isObserved = true
        } else {
            FailureReports.add(self, to: record.scheduler.loop)
        }
    }

    /// The failure has reached somebody and need not be reported.
    func observe() {
        guard !isObserved else { return }
        isObserved = true
        FailureReports.remove(self)
    }

    func takeHandedError() -> any Error {
        defer { handedError = nil }
        return handedError ?? CancellationError()
    }
}

/// The code that brought a scheduler up.
final class RootFiber: AnyFiber {
    init() { super.init(name: "root", site: SpawnSite("main", 0), sizeClass: 0) }
}
