// SPDX-License-Identifier: MIT
import Fibers
import ProcessGroups

/// The recipe of a rule, run by the shell line by line.
struct Recipe {
    let rule: Rule
    let groups: ProcessGroups
    let isDryRun: Bool

    /// Parks until the recipe has ended.
    ///
    /// - Returns: Whether it succeeded. If not, or if this throws, there is no half-made target.
    func run(writingTo output: any ByteSink) throws -> Bool {
        let target = try TargetFile(rule.target)
        let result = Result { try runLines(writingTo: output) }
        if case .success(true) = result { return true }
        if try !rule.isPhony && target.removeIfChanged() {
            try Fiber.shield { try output.write("*** removed \(rule.target)\n") }
        }
        return try result.get()
    }

    private func runLines(writingTo output: any ByteSink) throws -> Bool {
        for line in rule.recipe {
            let (flags, command) = (line.prefix { "@-".contains($0) }, line.drop { "@-".contains($0) })
            if isDryRun || !flags.contains("@") { try output.write("\(command)\n") }
            guard !isDryRun else { continue }
            let status = try groups.run(Command("sh", "-c", command)) { program in
                while case let bytes = try program.read(), !bytes.isEmpty { try output.write(bytes) }
            }
            guard !status.isSuccess else { continue }
            try output.write("*** \(rule.place): \(rule.target) \(status)\(flags.contains("-") ? ", ignored" : "")\n")
            guard flags.contains("-") else { return false }
        }
        return true
    }
}
