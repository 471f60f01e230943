// SPDX-License-Identifier: MIT
import Fibers

extension Verb {
    static let ofKeys: [Verb] = [
        Verb("get", 2) { client in .bulk(try client.store.string(client[1])) },
        Verb("set", -3) { client in try client.set() },
        Verb("del", -2) { client in .integer(client.words(from: 1).count { client.delete($0) }) },
        Verb("exists", -2) { client in .integer(client.words(from: 1).count { client.store[$0] != nil }) },
        Verb("incr", 2) { client in .integer(try client.store.add(1, to: client[1])) },
        Verb("decr", 2) { client in .integer(try client.store.add(-1, to: client[1])) },
        Verb("incrby", 3) { client in .integer(try client.store.add(client.integer(2), to: client[1])) },
        Verb("expire", 3) { client in
            let time = try client.time(2, in: .seconds(1), for: "expire", from: .min)
            guard client.store[client[1]] != nil else { return .integer(0) }
            client.store.expire(client[1], after: time)
            return .integer(1)
        },
        Verb("ttl", 2) { client in
            guard client.store[client[1]] != nil else { return .integer(-2) }
            guard let deadline = client.store.deadline(of: client[1]) else { return .integer(-1) }
            return .integer(Int((LoopClock.now.duration(to: deadline) / .seconds(1)).rounded()))
        },
        Verb("dbsize", 1) { client in .integer(client.store.count) },
        Verb("flushall", -1) { client in .ok { client.store.removeAll() } },
    ]
}

extension Client {
    fileprivate func delete(_ key: Bytes) -> Bool {
        defer { store[key] = nil }
        return store[key] != nil
    }

    fileprivate func set() throws -> Reply {
        var (mustExist, timeToLive, index) = (Bool?.none, Duration?.none, 3)
        while index < request.count {
            switch keyword(index) {
            case "NX" where mustExist != true: mustExist = false
            case "XX" where mustExist != false: mustExist = true
            case let unit where ["EX", "PX"].contains(unit) && timeToLive == nil && index + 1 < request.count:
                timeToLive = try time(index + 1, in: unit == "EX" ? .seconds(1) : .milliseconds(1), for: "set", from: 1)
                index += 1
            default: throw CommandError.syntax
            }
            index += 1
        }
        let key = self[1]
        if let mustExist, (store[key] != nil) != mustExist { return .bulk(nil) }
        store[key] = .string(self[2])
        if let timeToLive { store.expire(key, after: timeToLive) }
        return .line("OK")
    }

    fileprivate func time(_ index: Int, in unit: Duration, for command: String, from least: Int) throws -> Duration {
        let count = try integer(index)
        guard count >= least, count.magnitude < 1 << 50 else {
            throw CommandError("ERR invalid expire time in '\(command)' command")
        }
        return unit * count
    }
}
