// SPDX-License-Identifier: MIT

extension Command {
    /// The variables of a child's environment (row PR15).
    ///
    /// ```swift
    /// .only(["PATH": "/usr/bin"])
    /// .adding(["LC_ALL": "C"]).removing("TOKEN")
    /// ```
    public struct Environment: Sendable, Hashable {
        private let inherits: Bool
        /// By name; `nil` removes.
        private var changes: [String: String?] = [:]

        /// Those of this process when the child starts.
        public static let inherit = Environment(inherits: true)

        /// Nothing but these.
        public static func only(_ variables: [String: String]) -> Environment {
            Environment(inherits: false).adding(variables)
        }

        /// Those of this process, and these, which replace what they have in common.
        public static func adding(_ variables: [String: String]) -> Environment { inherit.adding(variables) }

        /// Those of this process but for these.
        public static func removing(_ names: String...) -> Environment { inherit.changing(names.map { ($0, nil) }) }

        /// A copy with these, which replace what they have in common.
        public func adding(_ variables: [String: String]) -> Environment {
            changing(variables.map { ($0.key, $0.value) })
        }

        /// A copy without these.
        public func removing(_ names: String...) -> Environment { changing(names.map { ($0, nil) }) }

        private init(inherits: Bool) { self.inherits = inherits }

        private func changing(_ pairs: [(String, String?)]) -> Environment {
            var copy = self
            copy.changes.merge(pairs) { $1 }
            return copy
        }
    }
}

extension Command.Environment {
    /// `NAME=value` each; `nil` if all of ours are inherited.
    func entries() throws(ArgumentError) -> [[UInt8]]? {
        try validate()
        guard !inherits || !changes.isEmpty else { return nil }
        let names = Set(changes.keys.map { Array($0.utf8) })
        let inherited = inherits ? SpawnPlan.ownEnvironment.filter { !names.contains(Array(Self.name(of: $0))) } : []
        let added = changes.sorted { $0.key < $1.key }.compactMap { name, value in
            value.map { Array("\(name)=\($0)".utf8) }
        }
        return inherited + added
    }

    /// The value of a variable that the child will have.
    static func value(of name: String, in entries: [[UInt8]]) -> [UInt8]? {
        let name = Array(name.utf8)
        return entries.first { self.name(of: $0).elementsEqual(name) }.map { Array($0.dropFirst(name.count + 1)) }
    }

    private static func name(of entry: [UInt8]) -> ArraySlice<UInt8> { entry.prefix { $0 != UInt8(ascii: "=") } }

    private func validate() throws(ArgumentError) {
        for (name, value) in changes {
            guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "=")) else {
                throw ArgumentError(
                    "\(name.debugDescription) cannot name a variable: it must not be empty nor hold an equals sign")
            }
            try Command.checkNoNull(name)
            if let value { try Command.checkNoNull(value) }
        }
    }
}

extension Command {
    /// The system would cut a string at a NUL character.
    static func checkNoNull(_ argument: some CommandArgument) throws(ArgumentError) {
        guard argument.argumentBytes.contains(0) else { return }
        throw ArgumentError("\(argument.description.debugDescription) holds a NUL character, which no program can get")
    }
}
