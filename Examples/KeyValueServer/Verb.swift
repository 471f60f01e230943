// SPDX-License-Identifier: MIT
import DequeModule

/// What a client may say.
final class Verb: Sendable {
    typealias Body = @Sendable (_ client: Client, _ words: [Bytes]) throws -> Reply
    /// Between MULTI and EXEC it is not queued; a client that has subscribed may say it.
    enum Trait { case isImmediate, isForSubscribers }

    let name: String
    /// How many words, the name counted; if negative, at least as many.
    let arity: Int
    let traits: Set<Trait>
    /// Answers, or throws a `Reply`. Never parks.
    let run: Body

    init(_ name: String, _ arity: Int, _ traits: Set<Trait> = [], run: @escaping Body) {
        (self.name, self.arity, self.traits, self.run) = (name, arity, traits, run)
    }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { (Bytes($0.name.uppercased()), $0) })

    /// The verb that comes first, in letters of any size, with a fitting number of words.
    static func find(for words: [Bytes]) throws -> Verb {
        guard let verb = byName[words[0].uppercased] else {
            let rest = words.dropFirst().map { "'\($0)' " }.joined()
            throw Reply.error("ERR unknown command '\(words[0])', with args beginning with: \(rest)")
        }
        let isComplete = verb.arity < 0 ? words.count >= -verb.arity : words.count == verb.arity
        guard isComplete else { throw Reply.wrongArity(verb.name) }
        return verb
    }
}

extension Store {
    func set(_ words: [Bytes]) throws -> Reply {
        var (mustExist, timeToLive, options) = (Bool?.none, Duration?.none, words[3...])
        while let option = options.popFirst()?.uppercased.description {
            if mustExist == nil, ["NX", "XX"].contains(option) {
                mustExist = option == "XX"
            } else if timeToLive == nil, let unit = ["EX": Duration.seconds(1), "PX": .milliseconds(1)][option] {
                timeToLive = try Duration(options.popFirst(), times: unit, atLeast: 1, of: "set")
            } else {
                throw Reply.syntaxError
            }
        }
        if let mustExist, (self[words[1]] != nil) != mustExist { return .bulk(nil) }
        self[words[1]] = .string(words[2])
        expire(words[1], after: timeToLive)
        return .ok()
    }

    func push(_ words: [Bytes], _ add: (inout Deque<Bytes>, Bytes) -> Void) throws -> Reply {
        let list = try self[words[1]]?.list ?? Value.List()
        for element in words[2...] { add(&list.items, element) }
        self[words[1]] = .list(list)
        if takers[words[1]] != nil { grown.append(words[1]) }
        return .integer(list.items.count)
    }
}

extension Duration {
    /// As many units as a word of the command says.
    init(_ word: Bytes?, times unit: Duration, atLeast least: Int, of verb: String) throws {
        guard let count = try word?.integer() else { throw Reply.syntaxError }
        guard count >= least, count.magnitude < 1 << 50 else { throw Reply.wrongTime(verb) }
        self = unit * count
    }
}

extension Client {
    func subscribe(to channel: Bytes) -> Reply {
        if channels.insert(channel).inserted { store.subscribers[channel, default: []].append(self) }
        return .array([.text("subscribe"), .bulk(channel), .integer(channels.count)])
    }

    func unsubscribe(from channel: Bytes?) -> Reply {
        if let channel = channel.flatMap({ channels.remove($0) }) { store.subscribers.remove(self, from: channel) }
        return .array([.text("unsubscribe"), .bulk(channel), .integer(channels.count)])
    }

    func takeQueue(_ verb: String) throws -> [[Bytes]] {
        defer { queue = nil }
        guard let queue else { throw Reply.error("ERR \(verb) without MULTI") }
        return queue
    }
}
