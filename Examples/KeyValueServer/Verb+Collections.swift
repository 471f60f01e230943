// SPDX-License-Identifier: MIT
import DequeModule
import OrderedCollections

extension Verb {
    static let ofCollections: [Verb] = [
        Verb("lpush", -3) { client in try client.push { $0.items.prepend($1) } },
        Verb("rpush", -3) { client in try client.push { $0.items.append($1) } },
        Verb("lpop", 2) { client in .bulk(try client.store.popFirst(of: client[1])) },
        Verb("blpop", -3) { client in try client.popOrWait() },
        Verb("lrange", 4) { client in
            let (first, last) = (try client.integer(2), try client.integer(3))
            guard let items = try client.store.list(client[1])?.items else { return .array([]) }
            let start = max(first < 0 ? items.count + first : first, 0)
            let end = min(last < 0 ? items.count + last : last, items.count - 1)
            return start > end ? .array([]) : .bulks(items[start...end])
        },
        Verb("hset", -4) { client in
            guard client.request.count.isMultiple(of: 2) else { throw wrongArity("hset") }
            let hash = try client.store.hash(client[1]) ?? Store.Hash()
            let old = hash.fields.count
            for index in stride(from: 2, to: client.request.count, by: 2) {
                hash.fields[client[index]] = client[index + 1]
            }
            if old == 0 { client.store[client[1]] = .hash(hash) }
            return .integer(hash.fields.count - old)
        },
        Verb("hget", 3) { client in .bulk(try client.store.hash(client[1])?.fields[client[2]]) },
        Verb("hgetall", 2) { client in
            .bulks(try client.store.hash(client[1])?.fields.flatMap { [$0.key, $0.value] } ?? [])
        },
    ]
}

extension Client {
    fileprivate func push(_ add: (Store.List, Bytes) -> Void) throws -> Reply {
        let (key, found) = (self[1], try store.list(self[1]))
        let list = found ?? Store.List()
        for index in 2..<request.count { add(list, self[index]) }
        if found == nil { store[key] = .list(list) }
        service.queues.didGrow(key)
        return .integer(list.items.count)
    }

    fileprivate func popOrWait() throws -> Reply {
        guard let seconds = Double(self[request.count - 1].description), seconds < 1e9 else {
            throw CommandError("ERR timeout is not a float or out of range")
        }
        guard seconds >= 0 else { throw CommandError("ERR timeout is negative") }
        let keys = words(from: 1).dropLast()
        for key in keys {
            if let element = try store.popFirst(of: key) { return .bulks([key, element]) }
        }
        guard !isInExec else { return .noArray }
        waiter = Waiter(for: Array(keys), timeout: .seconds(seconds == 0 ? 1e9 : seconds))
        return .each([])
    }
}
