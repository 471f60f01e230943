// SPDX-License-Identifier: MIT

/// How a target is made.
struct Rule: Equatable {
    let target: String
    var prerequisites: [String] = []
    /// Lines for the shell.
    var recipe: [String] = []
    /// The target is no file.
    var isPhony = false
    /// Where the recipe begins; if there is none, the rule.
    var place: String

    /// What `$@`, `$<` and `$^` stand for in the recipe.
    var automaticVariables: [String: String] {
        var seen: Set<String> = []
        let each = prerequisites.filter { seen.insert($0).inserted }
        return ["@": target, "<": each.first ?? "", "^": each.joined(separator: " ")]
    }
}

/// What is wrong with a file, or with what is asked for.
struct MakeError: Error, CustomStringConvertible, Equatable {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The rules of a file.
struct Makefile {
    var rules: [String: Rule] = [:]
    /// What is made if nothing is asked for.
    var defaultGoal: String?
}

/// Looks at all that is needed, before anything is made.
final class Inspection {
    /// Those that are needed and for which there is no rule.
    private(set) var files: [String: Stamp] = [:]
    private let rules: [String: Rule]
    private var inspected: Set<String> = []

    init(of makefile: Makefile) { rules = makefile.rules }

    /// Parks while the system looks for files.
    ///
    /// - Throws: ``MakeError`` if a target is needed by itself, or there is neither a rule for it nor a file.
    func inspect(_ target: String, neededBy dependents: [String] = []) throws {
        if let start = dependents.firstIndex(of: target) {
            throw MakeError("a cycle: \((dependents[start...] + [target]).joined(separator: " needs "))")
        }
        guard inspected.insert(target).inserted else { return }
        guard let rule = rules[target] else { return try findFile(target, neededBy: dependents.last) }
        for prerequisite in rule.prerequisites { try inspect(prerequisite, neededBy: dependents + [target]) }
    }

    private func findFile(_ path: String, neededBy dependent: String?) throws {
        files[path] = try Stamp(ofFile: path)
        guard files[path] == nil else { return }
        throw MakeError("no rule to make \(path)" + (dependent.map { ", needed by \($0)" } ?? ""))
    }
}
