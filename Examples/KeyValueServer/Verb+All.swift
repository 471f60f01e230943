// SPDX-License-Identifier: MIT
import DequeModule
import Fibers
import OrderedCollections

extension Verb {
    static let all: [Verb] = [
        Verb("get", 2) { client, words in .bulk(try client.store[words[1]]?.string) },
        Verb("set", -3) { client, words in try client.store.set(words) },
        Verb("del", -2) { client, words in
            let keys = Set(words.dropFirst()).filter { client.store[$0] != nil }
            for key in keys { client.store[key] = nil }
            return .integer(keys.count)
        },
        Verb("exists", -2) { client, words in .integer(words.dropFirst().count { client.store[$0] != nil }) },
        Verb("incr", 2) { client, words in .integer(try client.store.add(1, to: words[1])) },
        Verb("decr", 2) { client, words in .integer(try client.store.add(-1, to: words[1])) },
        Verb("incrby", 3) { client, words in .integer(try client.store.add(words[2].integer(), to: words[1])) },
        Verb("expire", 3) { client, words in
            let time = try Duration(words[2], times: .seconds(1), atLeast: .min, of: "expire")
            guard client.store[words[1]] != nil else { return .integer(0) }
            client.store.expire(words[1], after: time)
            return .integer(1)
        },
        Verb("ttl", 2) { client, words in
            guard client.store[words[1]] != nil else { return .integer(-2) }
            guard let deadline = client.store.deadline(of: words[1]) else { return .integer(-1) }
            return .integer(Int((LoopClock.now.duration(to: deadline) / .seconds(1)).rounded()))
        },
        Verb("dbsize", 1) { client, _ in .integer(client.store.count) },
        Verb("flushall", -1) { client, _ in .ok(client.store.removeAll()) },
        Verb("lpush", -3) { client, words in try client.store.push(words) { $0.prepend($1) } },
        Verb("rpush", -3) { client, words in try client.store.push(words) { $0.append($1) } },
        Verb("lpop", 2) { client, words in .bulk(try client.store.popFirst(of: words[1])) },
        Verb("blpop", -3) { client, words in
            guard let seconds = Double("\(words[words.count - 1])"), seconds < 1e9 else { throw Reply.wrongTimeout }
            guard seconds >= 0 else { throw Reply.error("ERR timeout is negative") }
            let lists = words[1..<words.count - 1]
            if let taken = try client.store.popFirst(ofAny: lists) { return .bulks(taken) }
            client.wait = (lists, .seconds(seconds == 0 ? 1e9 : seconds))
            return .array(nil)
        },
        Verb("lrange", 4) { client, words in
            let (first, last) = (try words[2].integer(), try words[3].integer())
            guard let items = try client.store[words[1]]?.list.items else { return .array([]) }
            let start = max(first < 0 ? items.count + first : first, 0)
            let end = min(last < 0 ? items.count + last : last, items.count - 1)
            return start > end ? .array([]) : .bulks(items[start...end])
        },
        Verb("hset", -4) { client, words in
            guard words.count.isMultiple(of: 2) else { throw Reply.wrongArity("hset") }
            let hash = try client.store[words[1]]?.hash ?? Value.Hash()
            let old = hash.fields.count
            for index in stride(from: 2, to: words.count, by: 2) { hash.fields[words[index]] = words[index + 1] }
            client.store[words[1]] = .hash(hash)
            return .integer(hash.fields.count - old)
        },
        Verb("hget", 3) { client, words in .bulk(try client.store[words[1]]?.hash.fields[words[2]]) },
        Verb("hgetall", 2) { client, words in
            .bulks(try client.store[words[1]]?.hash.fields.flatMap { [$0.key, $0.value] } ?? [])
        },
        Verb("subscribe", -2, [.isForSubscribers]) { client, words in .each(words.dropFirst().map(client.subscribe)) },
        Verb("unsubscribe", -1, [.isForSubscribers]) { client, words in
            let channels = words.count > 1 ? words.dropFirst() : Array(client.channels)[...]
            return channels.isEmpty ? client.unsubscribe(from: nil) : .each(channels.map(client.unsubscribe))
        },
        Verb("publish", 3) { client, words in
            let clients = client.store.subscribers[words[1]] ?? []
            for client in clients {
                client.outbox.append { Reply.bulks([Bytes("message"), words[1], words[2]]).append(to: &$0) }
                client.outbox.post()
            }
            return .integer(clients.count)
        },
        Verb("multi", 1, [.isImmediate]) { client, _ in
            guard client.queue == nil else { throw Reply.error("ERR MULTI calls can not be nested") }
            (client.queue, client.isQueueBroken) = ([], false)
            return .ok()
        },
        Verb("discard", 1, [.isImmediate]) { client, _ in .ok(_ = try client.takeQueue("DISCARD")) },
        Verb("exec", 1, [.isImmediate]) { client, _ in
            let commands = try client.takeQueue("EXEC")
            guard !client.isQueueBroken else { throw Reply.wrongTransaction }
            defer { client.wait = nil }  // nobody waits here, so nobody else runs meanwhile
            return .array(commands.map { client.execute($0) })
        },
        Verb("ping", -1, [.isForSubscribers]) { client, words in
            guard words.count < 3 else { throw Reply.wrongArity("ping") }
            let text = words.count > 1 ? words[1] : nil
            guard client.channels.isEmpty else { return .bulks([Bytes("pong"), text ?? Bytes("")]) }
            return text.map { .bulk($0) } ?? .line("+PONG\r\n")
        },
        Verb("echo", 2) { _, words in .bulk(words[1]) },
        Verb("quit", -1, [.isImmediate, .isForSubscribers]) { client, _ in .ok(client.isQuitting = true) },
        Verb("select", 2) { _, words in try words[1].integer() == 0 ? .ok() : .error("ERR DB index is out of range") },
        Verb("info", -1) { client, _ in
            let (store, uptime) = (client.store, client.store.start.duration(to: LoopClock.now).components.seconds)
            let server = "# Server\r\nredis_version:7.0.0\r\nuptime_in_seconds:\(uptime)\r\n\r\n"
            let stats = "# Stats\r\ntotal_connections_received:\(store.clientCount)\r\n\r\n# Keyspace\r\n"
            return .text(server + stats + (store.count == 0 ? "" : "db0:keys=\(store.count),expires=0,avg_ttl=0\r\n"))
        },
        Verb("command", -1) { _, words in
            guard words.count == 1 || words[1].uppercased != Bytes("COUNT") else { return .integer(all.count) }
            return .array(words.count > 1 ? [] : all.map { .array([.text($0.name), .integer($0.arity)]) })
        },
        Verb("config", -3) { _, words in
            guard words[1].uppercased == Bytes("GET") else { throw Reply.wrongSubcommand(words) }
            let known = ["appendonly": "no", "databases": "1", "save": ""]
            return .array(words[2...].flatMap { name in known["\(name)"].map { [.bulk(name), .text($0)] } ?? [] })
        },
        Verb("client", -2) { client, words in
            switch (words[1].uppercased.description, words.count) {
            case ("ID", 2): .integer(client.number)
            case ("GETNAME", 2): .bulk(client.name)
            case ("SETNAME", 3): .ok(client.name = words[2])
            default: throw Reply.wrongSubcommand(words)
            }
        },
    ]
}
