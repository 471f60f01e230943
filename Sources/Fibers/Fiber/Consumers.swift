// SPDX-License-Identifier: MIT

/// The fibers in `consume`, each with its reply, in the order they came; they are woken when the producer ends.
///
/// An object of its own, so that a producer's fiber can keep it without keeping the producer.
final class Consumers<Reply, Element> {
    /// What lies in a slot: what its fiber brought, until that is replaced by what the fiber gets.
    private typealias Exchanged = Exchange<Reply, Element>

    private let waiters = WaitQueue()

    deinit { waiters.destroy() }

    var isEmpty: Bool { waiters.isEmpty }

    /// The reply of the fiber that waits longest. Somebody waits.
    var firstReply: Reply { firstSlot.load(as: Exchanged.self).reply }

    /// Gives `element` to the fiber that waits longest. Somebody waits.
    func hand(_ element: Element) {
        let slot = firstSlot
        slot.destroy(Exchanged.self)
        slot.store(Exchanged.element(element))
        waiters.wakeFirst()
    }

    private var firstSlot: UnsafeMutablePointer<ValueStorage> {
        waiters.first.unsafelyUnwrapped.slot.unsafelyUnwrapped
    }

    /// Parks the calling fiber until it is given an element; `nil` once the producer has ended instead.
    func wait(replying reply: Reply, subject: AnyObject) throws -> Element? {
        let scheduler = Scheduler.current
        let slot = scheduler.takeSlot()
        slot.store(Exchanged.reply(reply))
        defer {
            slot.destroy(Exchanged.self)
            scheduler.giveBack(slot)
        }
        _ = try waiters.wait(for: .consume, subject: subject, slot: slot)
        return slot.load(as: Exchanged.self).element
    }
}

extension Consumers: EndsWithFiber {
    func close(after fiber: AnyFiber) { waiters.wakeAll() }
}

private enum Exchange<Reply, Element> {
    case reply(Reply)
    case element(Element)

    var reply: Reply {
        guard case .reply(let reply) = self else { fatalError("BUG: a consumer that was served still waits") }
        return reply
    }

    var element: Element? {
        guard case .element(let element) = self else { return nil }
        return element
    }
}
