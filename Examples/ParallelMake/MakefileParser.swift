// SPDX-License-Identifier: MIT

/// Reads a file line by line; one that ends with a backslash goes on in the next.
struct MakefileParser {
    private var makefile = Makefile()
    private var variables = Variables()
    private var phony: Set<String> = []
    /// Of the last rule, to which recipe lines belong.
    private var targets: [String] = []
    private var hasRecipe = false

    static func parse(_ text: String, name: String) throws(MakeError) -> Makefile {
        var parser = MakefileParser()
        var (start, lines) = (1, [Substring]())
        let physical = "\(text)\n".split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (number, line) in zip(1..., physical) {
            lines.append(line)
            guard line.last != "\\" else { continue }
            try parser.parse(lines, at: "\(name):\(start)")
            (start, lines) = (number + 1, [])
        }
        try parser.complete()
        return parser.makefile
    }

    /// Does what all lines have to be read for.
    private mutating func complete() throws(MakeError) {
        for target in phony { makefile.rules[target]?.isPhony = true }
        for rule in makefile.rules.values.sorted(by: { $0.place < $1.place }) {
            let variables = variables.adding(rule.automaticVariables)
            makefile.rules[rule.target]?.recipe = try rule.recipe.map { line throws(MakeError) in
                try variables.expand(line, at: rule.place)
            }
        }
    }

    private mutating func parse(_ lines: [Substring], at place: String) throws(MakeError) {
        if lines[0].first == "\t" { return try parseRecipe(lines.joined(separator: "\n"), at: place) }
        let joined = lines.map { $0.last == "\\" ? $0.dropLast() : $0 }.joined(separator: " ")
        let line = String(joined.prefix { $0 != "#" })
        guard !line.words.isEmpty else { return }
        if let match = line.wholeMatch(of: /\s*([A-Za-z0-9_.]+)\s*=\s*(.*?)\s*/) {
            variables[String(match.1)] = String(match.2)
        } else {
            try parseRule(try variables.expand(line, at: place), at: place)
        }
    }

    /// The prerequisites of several rules for one target add up.
    private mutating func parseRule(_ line: String, at place: String) throws(MakeError) {
        guard let match = line.wholeMatch(of: /([^:]+):([^:=].*)?/), !match.1.words.isEmpty else {
            throw MakeError("\(place): this is no rule, no variable, and no line of a recipe, which begins with a tab")
        }
        (targets, hasRecipe) = (match.1.words, false)
        let prerequisites = (match.2 ?? "").words
        guard targets != [".PHONY"] else {
            phony.formUnion(prerequisites)
            targets = []
            return
        }
        for target in targets {
            makefile.rules[target, default: Rule(target: target, place: place)].prerequisites += prerequisites
        }
        makefile.defaultGoal = makefile.defaultGoal ?? targets[0]
    }

    private mutating func parseRecipe(_ line: String, at place: String) throws(MakeError) {
        guard !line.words.isEmpty else { return }
        guard !targets.isEmpty else { throw MakeError("\(place): this line of a recipe belongs to no target") }
        for target in targets { try add(line, to: &makefile.rules[target], at: place) }
        hasRecipe = true
    }

    private func add(_ line: String, to rule: inout Rule?, at place: String) throws(MakeError) {
        if !hasRecipe, let rule, !rule.recipe.isEmpty {
            throw MakeError("\(place): \(rule.target) has a recipe already, at \(rule.place)")
        }
        if !hasRecipe { rule?.place = place }
        rule?.recipe.append(String(line.dropFirst()))
    }
}

extension StringProtocol {
    /// What blanks separate.
    var words: [String] { split(whereSeparator: \.isWhitespace).map { String($0) } }
}
