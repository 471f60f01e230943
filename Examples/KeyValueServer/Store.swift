// SPDX-License-Identifier: MIT
import DequeModule
import Fibers
import OrderedCollections

/// What a key stands for. No list or hash is empty when a command has ended.
enum Value {
    final class List { var items: Deque<Bytes> = [] }
    final class Hash { var fields: OrderedDictionary<Bytes, Bytes> = [:] }

    case string(Bytes)
    case list(List)
    case hash(Hash)

    var string: Bytes { get throws { if case .string(let it) = self { it } else { throw Reply.wrongType } } }
    var list: List { get throws { if case .list(let it) = self { it } else { throw Reply.wrongType } } }
    var hash: Hash { get throws { if case .hash(let it) = self { it } else { throw Reply.wrongType } } }
}

/// What all clients share: the keys and their values, and who waits for what. Nothing in it parks.
final class Store {
    let start = LoopClock.now
    var clientCount = 0
    var subscribers: [Bytes: [Client]] = [:]
    /// Clients in BLPOP, first come first served: each takes a list and an element of it.
    var takers: [Bytes: [Channel<[Bytes]>]] = [:]
    /// Lists that grew while somebody waited for elements.
    @exclusivity(unchecked) var grown: [Bytes] = []
    @exclusivity(unchecked) private var values: [Bytes: Value] = [:]
    @exclusivity(unchecked) private var deadlines: [Bytes: LoopClock.Instant] = [:]

    var count: Int { values.count }

    /// The value of a key that has not expired. Another value expires when the old one would have.
    subscript(key: Bytes) -> Value? {
        get {
            if let deadline = deadline(of: key), deadline <= LoopClock.now { self[key] = nil }
            return values[key]
        }
        set {
            values[key] = newValue
            if newValue == nil { expire(key, after: nil) }
        }
    }

    func removeAll() { (values, deadlines) = ([:], [:]) }

    func add(_ amount: Int, to key: Bytes) throws -> Int {
        let (sum, overflows) = try (self[key]?.string.integer() ?? 0).addingReportingOverflow(amount)
        guard !overflows else { throw Reply.error("ERR increment or decrement would overflow") }
        self[key] = .string(Bytes("\(sum)"))
        return sum
    }

    /// Takes from the front of a list, which goes away with its last element.
    func popFirst(of key: Bytes) throws -> Bytes? {
        guard let list = try self[key]?.list, let first = list.items.popFirst() else { return nil }
        if list.items.isEmpty { self[key] = nil }
        return first
    }

    func popFirst(ofAny lists: ArraySlice<Bytes>) throws -> [Bytes]? {
        for list in lists { if let element = try popFirst(of: list) { return [list, element] } }
        return nil
    }

    /// Hands elements to who waits for them: when a command or a transaction has ended, so that nobody sees half of it.
    func handOver() {
        for list in grown {
            for taker in takers[list] ?? [] {
                guard let element = (try? self[list]?.list)?.items.first else { break }
                if taker.putIfAvailable([list, element]) { _ = try? popFirst(of: list) }
            }
        }
        if !grown.isEmpty { grown = [] }
    }

    func expire(_ key: Bytes, after time: Duration?) {
        if time != nil || !deadlines.isEmpty { deadlines[key] = time.map { LoopClock.now.advanced(by: $0) } }
    }

    func deadline(of key: Bytes) -> LoopClock.Instant? { deadlines.isEmpty ? nil : deadlines[key] }

    /// Frees what expired and nobody asked for since. O(*n*) for *n* keys that expire.
    func removeExpired() {
        let now = LoopClock.now
        for (key, deadline) in deadlines where deadline <= now { self[key] = nil }
    }
}

extension Dictionary where Key == Bytes, Value: RangeReplaceableCollection, Value.Element: AnyObject {
    mutating func remove(_ element: Value.Element, from key: Bytes) {
        self[key]?.removeAll { $0 === element }
        if self[key]?.isEmpty == true { self[key] = nil }
    }
}
