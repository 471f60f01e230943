// SPDX-License-Identifier: MIT

/// The root fiber.
extension Model {
    var root: Int { program.fibers.count }

    /// Waits for every fiber in turn. What deadlocks is ended by throwing an error into all who are left.
    func runRoot() {
        if fibers[root].decision == nil, fibers[root].isInterrupted { sweep() }
        fibers[root].decision = nil
        while awaited < root {
            let place = fibers[awaited].place
            if place != .ended, place != .absent {
                _ = park(root, .joiners, awaited)
                return
            }
            awaited += 1
        }
        fibers[root].place = .ended
    }

    func deadlock() {
        let parked = fibers.indices.filter { if case .waiting = fibers[$0].place { $0 != root } else { false } }
        note(root, awaited, .deadlock(parked))
        interrupt(root, .deadlock)
    }

    private func sweep() {
        fibers[root].thrown = nil
        for fiber in 0..<root where ![.ended, .absent].contains(fibers[fiber].place) {
            interrupt(fiber, .thrown(Thrown.sweep))
        }
    }

    func noteRest() {
        for (index, fiber) in fibers.dropLast().enumerated() where fiber.place != .absent {
            note(index, Entry.rest, fiber.failure.map { .threw($0) } ?? .value(fiber.isCancelled ? 1 : 0))
        }
        for (index, channel) in channels.enumerated() {
            note(index, Entry.rest, .value(channel.isOpen ? channel.buffer.count : -1 - channel.buffer.count))
        }
        for (index, lock) in locks.enumerated() { note(index, Entry.rest, .value(lock.depth > 0 ? 1 : 0)) }
        for (index, semaphore) in semaphores.enumerated() { note(index, Entry.rest, .value(semaphore.free)) }
        for (index, isSet) in isSet.enumerated() { note(index, Entry.rest, .value(isSet ? 1 : 0)) }
    }
}
