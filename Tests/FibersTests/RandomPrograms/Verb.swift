// SPDX-License-Identifier: MIT

/// What a step of a random program does. The raw value indexes `Coverage`.
enum Verb: Int, CaseIterable {
    // A channel.
    case put, putIfAvailable, take, takeIfAvailable, fetch, awaitElement, iterate, close, closeThrowing, bind
    // A condition.
    case wait, waitFirst, notify, notifyOne, notifyThrowing, notifyOneThrowing
    // A lock.
    case lock, lockIfAvailable, unlock, withLock
    // A semaphore.
    case acquire, acquireIfAvailable, release, withPermit
    // An event.
    case awaitEvent, notifyEvent, resetEvent
    // Another fiber.
    case spawn, join, cancel, interrupt, schedule, yieldTo, switchTo
    // The fiber that runs.
    case yield, park, fail, shield, group

    /// What a verb is done to.
    enum Object: Int, CaseIterable {
        case channel, condition, lock, semaphore, event, fiber, nothing
    }

    var object: Object {
        switch rawValue {
        case ...Verb.bind.rawValue: .channel
        case ...Verb.notifyOneThrowing.rawValue: .condition
        case ...Verb.withLock.rawValue: .lock
        case ...Verb.withPermit.rawValue: .semaphore
        case ...Verb.resetEvent.rawValue: .event
        case ...Verb.switchTo.rawValue: .fiber
        default: .nothing
        }
    }

    /// What takes it back.
    var opposite: Verb? {
        switch self {
        case .lock, .lockIfAvailable: .unlock
        case .acquire, .acquireIfAvailable: .release
        default: nil
        }
    }

    /// Whether the step has steps of its own.
    var isRegion: Bool {
        switch self {
        case .withLock, .withPermit, .shield, .group: true
        default: false
        }
    }

    /// What a generator may pick for each kind of object; what parks, or wakes those who did, more often than the rest.
    /// Groups and spawns are placed where their fibers are made.
    static let choices: [[Verb]] = [
        [.put, .put, .put, .take, .take, .take, .fetch, .fetch, .awaitElement, .iterate, .iterate]
            + [.put, .take, .putIfAvailable, .takeIfAvailable, .close, .closeThrowing, .bind],
        [
            .wait, .wait, .wait, .waitFirst, .notify, .notifyOne, .notify, .notifyOne, .notifyThrowing,
            .notifyOneThrowing,
        ],
        [.lock, .lock, .lockIfAvailable, .unlock, .withLock, .withLock],
        [.acquire, .acquire, .acquireIfAvailable, .release, .withPermit, .withPermit],
        [.awaitEvent, .awaitEvent, .notifyEvent, .notifyEvent, .resetEvent],
        [.join, .cancel, .cancel, .interrupt, .schedule, .schedule, .yieldTo, .switchTo],
        [.yield, .yield, .yield, .yield, .yield, .park, .fail, .shield, .shield],
    ]
}
