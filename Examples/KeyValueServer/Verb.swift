// SPDX-License-Identifier: MIT

/// What a client may say.
struct Verb: Sendable {
    let name: String
    /// How many words, the name counted; if negative, at least as many.
    let arity: Int
    /// Answers, or throws `CommandError`. Never parks.
    let run: @Sendable (Client) throws -> Reply

    init(_ name: String, _ arity: Int, run: @escaping @Sendable (Client) throws -> Reply) {
        (self.name, self.arity, self.run) = (name, arity, run)
    }

    static let all: [Verb] = ofKeys + ofCollections + ofChannels + ofTransactions + ofTheServer
    private static let byName = Dictionary(uniqueKeysWithValues: all.map { (Bytes($0.name.uppercased()), $0) })

    /// The command that the request names, in letters of any size, with a fitting number of words.
    static func find(for request: Request) throws -> Verb {
        guard let command = byName[request[0].uppercased] else {
            let words = (1..<request.count).map { "'\(request[$0])' " }.joined()
            throw CommandError("ERR unknown command '\(request[0])', with args beginning with: \(words)")
        }
        let count = request.count
        guard command.arity < 0 ? count >= -command.arity : count == command.arity else {
            throw wrongArity(command.name)
        }
        return command
    }

    static func wrongArity(_ name: String) -> CommandError {
        CommandError("ERR wrong number of arguments for '\(name)' command")
    }

    /// Is not queued between MULTI and EXEC.
    var isForTransactions: Bool { ["multi", "exec", "discard", "quit"].contains(name) }

    var isForSubscribers: Bool { ["subscribe", "unsubscribe", "ping", "quit"].contains(name) }
}

extension Client {
    /// The word at this place of the command.
    subscript(index: Int) -> Bytes { request[index] }

    /// The words from this place on.
    func words(from index: Int) -> [Bytes] { (index..<max(index, request.count)).map { self[$0] } }

    func integer(_ index: Int) throws -> Int {
        guard let number = self[index].integer else { throw CommandError.notAnInteger }
        return number
    }

    /// A word that is an option or a subcommand, in capital letters.
    func keyword(_ index: Int) -> String { self[index].uppercased.description }
}
