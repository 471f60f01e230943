// SPDX-License-Identifier: MIT
import ArgumentParser

@main
struct FibersBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fibers-bench",
        abstract: "Measures swift-fibers against what an expert would write in C.",
        subcommands: [
            Run.self, List.self, Hammer.self, SleepersChild.self, SkynetChild.self, ThreadsChild.self,
            SharedChannelChild.self,
            LoadChild.self, IdleClientsChild.self, LinesChild.self, EchoServer.self, OperationChild.self,
        ],
        defaultSubcommand: Run.self
    )
}

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Measures one workload or, by default, all.")

    @Argument(help: "One of \(Workload.allCases.map(\.rawValue).joined(separator: ", ")).")
    var workload = Workload.all

    @Option(help: "How many fibers. Each workload has its own default.")
    var fibers: Int?

    @Option(help: "How often to measure; the median counts. 7 by default, 3 for sleepers.")
    var rounds: Int?

    @Option(help: "How long idle watches the fibers.")
    var seconds = 10

    @Flag(inversion: .prefixedNo, help: "Measure those of Benchmarks/Rivals that were built, too.")
    var rivals = true

    @Flag(help: "Print one JSON object per line.")
    var json = false

    @Option(help: "A file with what --json has printed: tells what needs more now.", completion: .file())
    var compare: String?

    func validate() throws {
        guard fibers ?? 1 > 0, rounds ?? 1 > 0, seconds > 0 else {
            throw ValidationError("--fibers, --rounds and --seconds must be at least 1.")
        }
    }

    func run() throws {
        var changes = try compare.map { try Changes(since: $0) }
        let reporter = Reporter(json: json)
        let rivals = rivals ? Rival.found() : []
        let parts = workload.parts
        let progress = ProgressBar(total: parts.count)
        reporter.begin(rivals)
        for (done, workload) in parts.enumerated() {
            progress.show(done, workload.rawValue)
            try workload.measure(with: self, against: rivals) { measurement in
                progress.hide()
                reporter.show(measurement)
                progress.show(done, workload.rawValue)
                changes?.add(measurement)
            }
        }
        progress.hide()
        if let changes { warn(changes.description) }
    }
}
