// SPDX-License-Identifier: MIT
import Testing

@testable import Fibers

/// Runs a program with fibers, within `EventLoop.run`, and notes what every step came to.
final class Runner {
    let program: Program
    private(set) var journal: [Entry] = []
    let elements: ElementCount
    let channels: [Channel<Element>]
    let conditions: [Condition<Int>]
    let locks: [ReentrantLock]
    let semaphores: [Semaphore]
    let events: [Event]
    /// Children are there once their group has begun.
    var fibers: [AnyFiber?] = []
    /// How often each fiber holds each lock outside of regions.
    var locked: [[Int]]
    /// Permits acquired outside of regions.
    var taken: [Int]

    init(_ program: Program, counting elements: ElementCount) {
        self.program = program
        self.elements = elements
        channels = program.channels.map { Channel(capacity: $0) }
        conditions = (0..<program.conditions).map { _ in Condition() }
        locks = (0..<program.locks).map { _ in ReentrantLock() }
        semaphores = program.semaphores.map { Semaphore($0) }
        events = program.events.map { Event(autoReset: $0) }
        locked = Array(repeating: Array(repeating: 0, count: program.locks), count: program.fibers.count)
        taken = Array(repeating: 0, count: program.semaphores.count)
    }

    /// Runs the program to its end.
    @available(*, noasync)
    func run() {
        for (index, plan) in program.fibers.enumerated() {
            fibers.append(plan.origin == .child ? nil : Fiber(name: names[index]) { try self.run(index) })
        }
        for (index, plan) in program.fibers.enumerated() where plan.origin == .spawned { fibers[index]?.schedule() }
        for index in fibers.indices { awaitFiber(index) }
        noteRest()
    }

    /// The body of a fiber.
    func run(_ fiber: Int) throws {
        note(fiber, Entry.begin, .done)
        do {
            try run(program.fibers[fiber].steps, fiber)
            note(fiber, Entry.end, .done)
        } catch {
            note(fiber, Entry.end, .threw(fault(error)))
            throw error
        }
    }

    func run(_ steps: [Step], _ fiber: Int) throws {
        for step in steps {
            do {
                note(fiber, step.id, try perform(step, fiber))
            } catch {
                note(fiber, step.id, .threw(fault(error)))
                guard step.isCaught else { throw error }
            }
        }
    }

    func note(_ fiber: Int, _ step: Int, _ outcome: Outcome) {
        journal.append(Entry(fiber: fiber, step: step, outcome: outcome))
    }

    /// By its name the model knows a fiber.
    let names = (0..<Program.mostObjects).map(String.init)
}

// MARK: The root fiber

extension Runner {
    /// Waits, and ends deadlocks by throwing an error into all who are left.
    private func awaitFiber(_ index: Int) {
        guard let fiber = fibers[index] else { return }
        repeat {
            do {
                try fiber.wait()
            } catch let error as DeadlockError {
                note(fibers.count, index, .deadlock(parked(error)))
                for fiber in fibers {
                    fiber.map { if !$0.isDone { $0.schedule(throwing: Thrown(step: Thrown.sweep)) } }
                }
            } catch {}
        } while !fiber.isDone
    }

    private func parked(_ error: DeadlockError) -> [Int] {
        error.fibers.compactMap { Int($0.name.dropFirst().dropLast()) }.sorted()
    }

    private func noteRest() {
        for (index, fiber) in fibers.enumerated() {
            guard let fiber else { continue }
            note(index, Entry.rest, fiber.failure.map { .threw(fault($0)) } ?? .value(fiber.isCancelled ? 1 : 0))
        }
        for (index, channel) in channels.enumerated() {
            note(index, Entry.rest, .value(channel.isOpen ? channel.count : -1 - channel.count))
        }
        for (index, lock) in locks.enumerated() { note(index, Entry.rest, .value(lock.isLocked ? 1 : 0)) }
        for (index, semaphore) in semaphores.enumerated() { note(index, Entry.rest, .value(free(semaphore, index))) }
        for (index, event) in events.enumerated() { note(index, Entry.rest, .value(event.isSet ? 1 : 0)) }
    }

    /// How many permits can be acquired; they are.
    private func free(_ semaphore: Semaphore, _ index: Int) -> Int {
        (0..<program.semaphores[index]).count { _ in semaphore.acquireIfAvailable() }
    }
}

// MARK: Elements and errors

/// What is put into channels: an object, so that none is lost or dropped twice unnoticed.
final class Element {
    let value: Int
    private let count: ElementCount

    init(_ value: Int, counting count: ElementCount) {
        self.value = value
        self.count = count
        count.living += 1
    }

    deinit { count.living -= 1 }
}

final class ElementCount {
    fileprivate(set) var living = 0
}

extension Runner {
    func fault(_ error: any Error) -> Fault {
        switch error {
        case let error as Thrown: .thrown(error.step)
        case is CancellationError: .cancelled
        case is ChannelClosedError: .closed
        case is ConcurrencyViolationError: .misuse
        case let error as FiberFailedError: .failed(error.fiber.name.flatMap { Int($0) } ?? -1, fault(error.error))
        case let error as CompositeError: .composite(error.errors.map(fault))
        default: .unknown("\(error)")
        }
    }
}
