// SPDX-License-Identifier: MIT
// A small make that runs recipes at the same time.
//
//     swift run ParallelMake -j 4 -f Makefile all

import ArgumentParser
import Fibers
import ProcessGroups
import SystemPackage

@main struct ParallelMake: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes what is missing, or older than what it is made of.",
        discussion: """
            The file has rules, "target: prerequisites", followed by the lines of their recipes, which begin with a tab, and \
            variables, "NAME = value". $(NAME) stands for a value; in a recipe, $@ for the target, $< for the first \
            prerequisite, $^ for all; $$ for a dollar. "-" in front of a line of a recipe ignores that it fails, "@" does \
            not show it. Prerequisites of .PHONY are no files.

            What recipes write is shown recipe by recipe, in the order in which they began. Each line of a recipe runs in a \
            process group of its own, without input; what it leaves running there is ended. If a recipe fails or is \
            interrupted, and has changed its target, that is removed. After a failure, recipes that run are finished; the \
            exit status is 2. After a signal it is 128 and the signal's number.
            """)

    @Argument(help: "What to make; by default, the first target of the file.")
    var goals: [String] = []
    @Option(name: .shortAndLong, help: "The file with the rules.", completion: .file())
    var file = "Makefile"
    @Option(name: [.customShort("j", allowingJoined: true), .long], help: "How many recipes may run at once.")
    var jobs = 4
    @Flag(name: .shortAndLong, help: "Goes on after a failure with all that does not need what failed.")
    var keepGoing = false
    @Flag(name: [.customShort("n"), .long], help: "Shows the recipes that would run, and runs none.")
    var dryRun = false
    @Option(help: "How many seconds recipes that are interrupted may take to end before they are killed.")
    var patience = 2.0

    func validate() throws {
        guard jobs > 0 else { throw ValidationError("--jobs must be at least 1, but is \(jobs)") }
        guard patience >= 0 else { throw ValidationError("--patience must not be below 0, but is \(patience)") }
    }

    func run() throws {
        do {
            try make()
        } catch let error where !(error is ExitCode) {
            Self.report("\((error as? CompositeError)?.rootCause ?? error)")
            throw ExitCode(2)
        }
    }

    private static func report(_ text: String) {
        _ = try? FileDescriptor.standardError.writeAll("*** \(text)\n".utf8)
    }

    private func make() throws {
        let makefile = try MakefileParser.parse(File.readText(FilePath(file)), name: file)
        let goals = goals.isEmpty ? [makefile.defaultGoal].compactMap(\.self) : goals
        guard !goals.isEmpty else { throw MakeError("\(file) has no rules") }
        let inspection = Inspection(of: makefile)
        for goal in goals { try inspection.inspect(goal) }
        let output = try StandardStreams.output()
        let groups = ProcessGroups(patience: .seconds(patience))
        let options = Build.Options(jobs: jobs, keepsGoing: keepGoing, isDryRun: dryRun)
        let build = Build(makefile, inspection.files, options, OrderedOutput(output), groups)
        try untilInterrupted(groups) { group in for goal in goals { build.make(goal, in: group) } }
        if !build.notMade.isEmpty { throw MakeError("not made: \(build.notMade.joined(separator: " "))") }
        if !build.hasRunRecipes { try output.write("up to date: \(goals.joined(separator: " "))\n") }
    }

    /// Parks until the group that `body` fills has ended. The first signal cancels it, another kills what runs.
    private func untilInterrupted(_ groups: ProcessGroups, _ body: (FiberGroup) -> Void) throws {
        let signals = try Signals(.interrupt, .terminate, .hangup, .quit, secondInterrupt: .isDelivered)
        defer { signals.close() }
        var first: Signal?
        let result = Result {
            try withFiberGroup(onFailure: .cancelOthers) { group in
                Fiber.spawn(name: "signals") {  // not in the group, which would wait for it
                    for signal in signals {
                        Self.report("\(signal): \(first == nil ? "stopping" : "killing") what runs")
                        if first == nil { group.cancelAll() } else { groups.killAll() }
                        first = first ?? signal
                    }
                }
                body(group)
            }
        }
        if let first { throw ExitCode(128 + first.rawValue) }
        try result.get()
    }
}
