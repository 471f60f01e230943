// SPDX-License-Identifier: MIT

/// What is wrong with a file.
struct SyntaxError: Error, CustomStringConvertible, Equatable {
    /// Where, or of what.
    var place: String?
    let message: String

    init(_ message: String) { self.message = message }

    var description: String { (place.map { "\($0): " } ?? "") + message }
}

/// The words of a command line, by the rules that ``Supervisor`` explains.
struct Words {
    private var rest: Substring

    static func split(_ line: Substring) throws(SyntaxError) -> [String] {
        var words = Words(rest: line)
        var result: [String] = []
        while let word = try words.next() { result.append(word) }
        return result
    }

    private mutating func next() throws(SyntaxError) -> String? {
        rest = rest.drop(while: \.isWhitespace)
        guard !rest.isEmpty else { return nil }
        var word = ""
        while let character = rest.popFirst(), !character.isWhitespace {
            switch character {
            case "'": word += try quoted(until: "'", escaping: [])
            case "\"": word += try quoted(until: "\"", escaping: ["\"", "\\", "$", "`"])
            case "\\": word.append(try escaped())
            default: word.append(character)
            }
        }
        return word
    }

    private mutating func quoted(until end: Character, escaping: Set<Character>) throws(SyntaxError) -> String {
        var text = ""
        while let character = rest.popFirst() {
            if character == end { return text }
            let isEscape = character == "\\" && rest.first.map(escaping.contains) ?? false
            text.append(isEscape ? rest.removeFirst() : character)
        }
        throw SyntaxError("a quotation that begins with \(end) does not end")
    }

    private mutating func escaped() throws(SyntaxError) -> Character {
        guard let character = rest.popFirst() else { throw SyntaxError("nothing follows the last backslash") }
        return character
    }
}

extension String {
    /// The lines that are neither blank nor a comment, with their numbers, each handed to `body`, whose errors get the place.
    func forEachEntry(of file: String, _ body: (Substring) throws(SyntaxError) -> Void) throws(SyntaxError) {
        for (number, line) in zip(1..., split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)) {
            guard let first = line.first(where: { !$0.isWhitespace }), first != "#" else { continue }
            do throws(SyntaxError) { try body(line) } catch {
                var error = error
                error.place = "\(file):\(number)"
                throw error
            }
        }
    }

    /// The name and the value if this is `NAME=value`.
    var asVariable: (name: String, value: String)? {
        guard let match = wholeMatch(of: /([A-Za-z_][A-Za-z0-9_]*)=((?s).*)/) else { return nil }
        return (String(match.1), String(match.2))
    }
}
