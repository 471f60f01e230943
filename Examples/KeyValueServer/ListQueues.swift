// SPDX-License-Identifier: MIT
import DequeModule
import Fibers

/// A client in BLPOP, which gets the first element that comes into any of its lists.
final class Waiter {
    let keys: [Bytes]
    let timeout: Duration
    /// Closed when the client has gone.
    let arrival = Channel<(key: Bytes, element: Bytes)>(capacity: 1)

    init(for keys: [Bytes], timeout: Duration) { (self.keys, self.timeout) = (keys, timeout) }
}

/// Clients in BLPOP, first come first served.
final class ListQueues {
    private var waiters: [Bytes: Deque<Waiter>] = [:]
    /// Lists that grew while somebody waits.
    @exclusivity(unchecked) private var grown: [Bytes] = []

    func add(_ waiter: Waiter) {
        for key in waiter.keys { waiters[key, default: []].append(waiter) }
    }

    func remove(_ waiter: Waiter) {
        for key in waiter.keys {
            waiters[key]?.removeAll { $0 === waiter }
            if waiters[key]?.isEmpty == true { waiters[key] = nil }
        }
    }

    func didGrow(_ key: Bytes) {
        if waiters[key] != nil { grown.append(key) }
    }

    /// Hands elements over. When a command or a transaction has ended, as Redis does, so that nobody sees half of it.
    func serve(from store: Store) {
        for key in grown {
            while let waiter = waiters[key]?.first, let element = try? store.popFirst(of: key) {
                remove(waiter)
                waiter.arrival.putIfAvailable((key, element))
            }
        }
        if !grown.isEmpty { grown = [] }
    }
}
