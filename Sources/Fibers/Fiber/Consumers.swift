// SPDX-License-Identifier: MIT

/// The fibers in `consume`, each with its reply, in the order they came; they are woken when the producer ends.
///
/// An object of its own, so that a producer's fiber can keep it without keeping the producer.
///
/// The stored properties are accessed by code that never parks meanwhile and calls nobody else's, hence without
/// exclusivity checks.
final class Consumers<Reply, Element> {
    /// What lies in a slot: what its fiber brought, until that is replaced by what the fiber gets.
    private typealias Slot = Exchange<Reply, Element>

    private let waiters = WaitQueue()
    @exclusivity(unchecked) private var slots = SlotPool<Slot>()

    /// Whoever waits keeps the owner alive, so nobody does.
    deinit {
        slots.destroy()
        waiters.destroy()
    }

    var isEmpty: Bool { waiters.isEmpty }

    /// The reply of the fiber that waits longest. Somebody waits.
    var firstReply: Reply { waiters.slotOfFirst(as: Slot.self).pointee.reply }

    /// Gives `element` to the fiber that waits longest. Somebody waits.
    func hand(_ element: Element) {
        waiters.wakeFirst(withSlotOf: Slot.self).pointee = .element(element)
    }

    /// Parks the calling fiber until it is given an element; `nil` once the producer has ended instead.
    func wait(replying reply: Reply, subject: AnyObject) throws -> Element? {
        let slot = slots.take()
        slot.initialize(to: .reply(reply))
        defer {
            slot.deinitialize(count: 1)
            slots.giveBack(slot)
        }
        _ = try waiters.wait(for: .consume, subject: subject, slot: slot)
        return slot.pointee.element
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
