// SPDX-License-Identifier: MIT
import Fibers

/// The programs to run.
struct Procfile {
    struct Entry: Equatable {
        let name: String
        var variables: [String: String] = [:]
        let words: [String]

        /// - Parameter variables: Of all programs; the entry's own win, and among these later ones.
        func command(adding variables: [[String: String]]) -> Command {
            let environment = (variables + [self.variables]).reduce(Command.Environment.inherit) { $0.adding($1) }
            return Command(words[0], arguments: Array(words.dropFirst())).with(\.environment, environment)
        }
    }

    private(set) var entries: [Entry] = []

    init(parsing text: String, name: String) throws(SyntaxError) {
        try text.forEachEntry(of: name) { line throws(SyntaxError) in
            let entry = try Entry(parsing: line)
            guard !entries.contains(where: { $0.name == entry.name }) else {
                throw SyntaxError("there is a \(entry.name) already")
            }
            entries.append(entry)
        }
        if entries.isEmpty { throw SyntaxError("\(name) lists no programs") }
    }
}

extension Procfile.Entry {
    init(parsing line: Substring) throws(SyntaxError) {
        guard let match = line.wholeMatch(of: /\s*([A-Za-z0-9_.-]+)\s*:(.*)/) else {
            throw SyntaxError("this is no name, colon and command")
        }
        let words = try Words.split(match.2)
        let variables = words.prefix { $0.asVariable != nil }.compactMap(\.asVariable)
        guard variables.count < words.count else { throw SyntaxError("\(match.1) has no command") }
        self.init(
            name: String(match.1), variables: Dictionary(variables) { $1 }, words: Array(words[variables.count...]))
    }
}

/// Variables of the environment: lines of `NAME=value`, quoted as in a Procfile.
struct EnvironmentFile {
    private(set) var variables: [String: String] = [:]

    init(parsing text: String, name: String) throws(SyntaxError) {
        try text.forEachEntry(of: name) { line throws(SyntaxError) in
            for word in try Words.split(line) {
                guard let (name, value) = word.asVariable else { throw SyntaxError("\(word) is no NAME=value") }
                variables[name] = value
            }
        }
    }
}
