// SPDX-License-Identifier: MIT

/// Names and what they stand for. A value is expanded each time it is used, as make does.
struct Variables {
    private var values: [String: String] = [:]

    subscript(name: String) -> String? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// A copy with these, whose dollars stand for themselves.
    func adding(_ literals: [String: String]) -> Variables {
        var copy = self
        copy.values.merge(literals.mapValues { $0.replacing("$", with: "$$") }) { $1 }
        return copy
    }

    /// - Throws: ``MakeError`` that names `place`, if a variable is not set or needs itself.
    func expand(_ text: String, at place: String) throws(MakeError) -> String {
        try expand(text[...], within: [], place)
    }

    /// - Parameter names: The variables of which this text is the value.
    private func expand(_ text: Substring, within names: [String], _ place: String) throws(MakeError) -> String {
        var (result, rest) = ("", text)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...].dropFirst()
            guard let name = Self.takeName(from: &rest) else {
                throw MakeError("\(place): $ stands before \(rest.prefix(1)): write $(NAME), or $$ for a dollar")
            }
            result += try name == "$" ? "$" : value(of: name, within: names, place)
        }
        return result + rest
    }

    private func value(of name: String, within names: [String], _ place: String) throws(MakeError) -> String {
        guard !names.contains(name) else {
            throw MakeError("\(place): a cycle: \((names + [name]).joined(separator: " needs "))")
        }
        guard let value = self[name] else { throw MakeError("\(place): $(\(name)) is not set") }
        return try expand(value[...], within: names + [name], place)
    }

    private static func takeName(from text: inout Substring) -> String? {
        if let first = text.first, "$@<^".contains(first) { return String(text.removeFirst()) }
        guard let match = text.prefixMatch(of: /\(([^()\s]+)\)|\{([^{}\s]+)\}/) else { return nil }
        text = text[match.range.upperBound...]
        return (match.1 ?? match.2).map(String.init)
    }
}
