// SPDX-License-Identifier: MIT
import DequeModule
import Fibers
import OrderedCollections

/// Why a command was refused, in Redis's words.
struct CommandError: Error {
    let message: String

    init(_ message: String) { self.message = message }

    static let wrongType = CommandError("WRONGTYPE Operation against a key holding the wrong kind of value")
    static let notAnInteger = CommandError("ERR value is not an integer or out of range")
    static let syntax = CommandError("ERR syntax error")
}

/// The keys and their values. Nothing in it parks.
final class Store {
    enum Value {
        case string(Bytes)
        case list(List)
        case hash(Hash)
    }

    /// Never empty when a command has ended.
    final class List { var items: Deque<Bytes> = [] }
    final class Hash { var fields: OrderedDictionary<Bytes, Bytes> = [:] }

    @exclusivity(unchecked) private var values: [Bytes: Value] = [:]
    @exclusivity(unchecked) private var deadlines: [Bytes: LoopClock.Instant] = [:]

    var count: Int { values.count }

    /// The value of a key that has not expired. To set one forgets when the old one was to expire.
    subscript(key: Bytes) -> Value? {
        get {
            if let deadline = deadline(of: key), deadline <= LoopClock.now { self[key] = nil }
            return values[key]
        }
        set {
            values[key] = newValue
            if !deadlines.isEmpty { deadlines[key] = nil }
        }
    }

    func removeAll() { (values, deadlines) = ([:], [:]) }

    func string(_ key: Bytes) throws -> Bytes? {
        try self[key].map { if case .string(let string) = $0 { string } else { throw CommandError.wrongType } }
    }

    func list(_ key: Bytes) throws -> List? {
        try self[key].map { if case .list(let list) = $0 { list } else { throw CommandError.wrongType } }
    }

    func hash(_ key: Bytes) throws -> Hash? {
        try self[key].map { if case .hash(let hash) = $0 { hash } else { throw CommandError.wrongType } }
    }

    /// Adds to a number, which keeps its time to live.
    func add(_ amount: Int, to key: Bytes) throws -> Int {
        guard let number = try string(key).map(\.integer) ?? 0 else { throw CommandError.notAnInteger }
        let (sum, overflows) = number.addingReportingOverflow(amount)
        guard !overflows else { throw CommandError("ERR increment or decrement would overflow") }
        values[key] = .string(Bytes("\(sum)"))
        return sum
    }

    /// Takes from the front of a list, which goes away with its last element.
    func popFirst(of key: Bytes) throws -> Bytes? {
        guard let list = try list(key), let first = list.items.popFirst() else { return nil }
        if list.items.isEmpty { self[key] = nil }
        return first
    }

    // MARK: Time to live

    func expire(_ key: Bytes, after time: Duration) { deadlines[key] = LoopClock.now.advanced(by: time) }

    func deadline(of key: Bytes) -> LoopClock.Instant? { deadlines.isEmpty ? nil : deadlines[key] }

    /// Frees what expired and nobody asked for since. O(*n*) for *n* keys that expire.
    func removeExpired() {
        let now = LoopClock.now
        for (key, deadline) in deadlines where deadline <= now { self[key] = nil }
    }
}
