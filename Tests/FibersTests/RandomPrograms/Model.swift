// SPDX-License-Identifier: MIT

/// Runs a program by the rules of the documentation, without stacks: says what every step comes to, and in which order.
///
/// The rules that everything rests on are in this file. The run queue is first in, first out. Waking appends to it. An
/// interruption takes a fiber out of the queue it is in and appends it to the run queue; but if its wait was decided,
/// the fiber stays where it is, keeps the result, and its next park throws.
final class Model {
    let program: Program
    private(set) var journal: [Entry] = []
    var coverage = Coverage()
    var fibers: [ModelFiber]
    var channels: [ModelChannel]
    /// How often each lock is held, and by whom.
    var locks: [(depth: Int, owner: Int)]
    /// Permits that are free, and those acquired outside of regions.
    var semaphores: [(free: Int, taken: Int)]
    var isSet: [Bool]
    var ready: [Int] = []
    /// Who waits, in order.
    var queues = Array(repeating: [Int](), count: Queue.allCases.count * Program.mostObjects)
    /// Which fiber the root fiber waits for.
    var awaited = 0

    enum Queue: Int, CaseIterable {
        case takers, watchers, putters, condition, lock, semaphore, event, joiners, parked
    }

    init(_ program: Program) {
        self.program = program
        fibers = (0...program.fibers.count).map { _ in ModelFiber() }
        channels = program.channels.map { ModelChannel(capacity: $0) }
        locks = Array(repeating: (0, 0), count: program.locks)
        semaphores = program.semaphores.map { ($0, 0) }
        isSet = program.events.map { _ in false }
    }

    /// Runs the program to its end.
    func run() {
        for (index, plan) in program.fibers.enumerated() where plan.origin != .child {
            fibers[index].place = .new
            if plan.origin == .spawned { start(index) }
        }
        runRoot()
        while !fibers[root].isEnded {
            if ready.isEmpty { deadlock() }
            let next = ready.removeFirst()
            fibers[next].place = .running
            if next == root { runRoot() } else { run(next) }
        }
        noteRest()
    }

    func note(_ fiber: Int, _ step: Int, _ outcome: Outcome) {
        journal.append(Entry(fiber: fiber, step: step, outcome: outcome))
    }
}

// MARK: Parking and waking

extension Model {
    func queue(_ kind: Queue, _ object: Int) -> Int { kind.rawValue * Program.mostObjects + object }

    /// False if the fiber was interrupted before: then the park throws at once.
    func park(_ fiber: Int, _ kind: Queue, _ object: Int, first: Bool = false) -> Bool {
        guard !fibers[fiber].isInterrupted else {
            fibers[fiber].happening = .refused
            return false
        }
        let queue = queue(kind, object)
        queues[queue].insert(fiber, at: first ? 0 : queues[queue].count)
        fibers[fiber].place = .waiting(queue)
        fibers[fiber].happening = .parked
        return true
    }

    func start(_ fiber: Int) {
        fibers[fiber].place = .queued
        ready.append(fiber)
    }

    /// Decides the longest wait. Returns whose that was.
    @discardableResult
    func wakeFirst(_ kind: Queue, _ object: Int, _ decision: ModelFiber.Decision = .go) -> Int? {
        let queue = queue(kind, object)
        guard !queues[queue].isEmpty else { return nil }
        let fiber = queues[queue].removeFirst()
        fibers[fiber].decision = decision
        start(fiber)
        return fiber
    }

    @discardableResult
    func wakeAll(_ kind: Queue, _ object: Int, _ decision: ModelFiber.Decision = .go) -> Int {
        var count = 0
        while wakeFirst(kind, object, decision) != nil { count += 1 }
        return count
    }

    func interrupt(_ fiber: Int, _ error: Fault) {
        if fibers[fiber].place == .new { start(fiber) }
        fibers[fiber].thrown = error
        requeue(fiber)
    }

    func cancel(_ fiber: Int) {
        guard !fibers[fiber].isEnded else { return }
        if fibers[fiber].place == .new { start(fiber) }
        cancel(fiber) { fibers[fiber].isCancelled = true }
    }

    /// A fiber whose parks throw cancellations already stays where it is.
    func cancel(_ fiber: Int, by change: () -> Void) {
        let wasCancelled = fibers[fiber].cancellation != nil
        change()
        if !wasCancelled, fibers[fiber].cancellation != nil { requeue(fiber) }
    }

    private func requeue(_ fiber: Int) {
        switch fibers[fiber].place {
        case .waiting(let queue):
            queues[queue].removeAll { $0 == fiber }
            start(fiber)
        case .queued where fibers[fiber].decision == nil:
            ready.removeAll { $0 == fiber }
            start(fiber)
        default:
            break
        }
    }

    /// The state becomes visible, then the group learns of a failure, then bound channels close, then joiners wake.
    func finish(_ fiber: Int, _ error: Fault?) {
        fibers[fiber].place = .ended
        fibers[fiber].failure = error
        if error != nil { fibers[fiber].group.map { childFailed(fiber, in: $0) } }
        for channel in fibers[fiber].bound where channels[channel].isOpen {
            close(channel, error.map { .failed(fiber, $0) } ?? .closed)
        }
        wakeAll(.joiners, fiber)
    }
}
