// SPDX-License-Identifier: MIT
// Runs the programs of a Procfile and shows what they write. On Ctrl-C or SIGTERM, or when one of them fails, it stops all of
// them; a second Ctrl-C kills them.
//
//     swift run Supervisor --restart on-failure Procfile

import ArgumentParser
import Fibers
import ProcessGroups
import SystemPackage

@main struct Supervisor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the programs of a Procfile.",
        discussion: """
            A line of a Procfile is a name, a colon and a command: "web: PORT=8000 ./server --quiet". Blank lines, and those \
            that begin with #, are skipped. Blanks separate the words of a command. Between '…' every character stands for \
            itself; between "…" too, but \\ is left out before ", \\, $ and `; elsewhere, \\ is left out, and the next \
            character stands for itself. Words NAME=value in front of the program are variables of its environment. There \
            is no shell, so $NAME, * and > mean nothing: where they should, write sh -c '…'.

            Each program runs in a process group of its own, without input. The exit status is that of the program that \
            failed, or 128 and the signal that ended it; 0 if all ended well or were told to end by a first Ctrl-C.
            """)

    @Argument(help: "The file that lists the programs.", completion: .file())
    var procfile = "Procfile"
    @Option(name: .customLong("env"), help: "A file of variables for all, lines of NAME=value. May be repeated.")
    var environmentFiles: [String] = []
    @Option(help: "Which programs start again when they have ended.")
    var restart = Restart.never
    @Option(help: "How many seconds programs may take to end before they are killed.")
    var patience = 5.0
    @OptionGroup var backOff: BackOffOptions

    func validate() throws {
        guard patience >= 0 else { throw ValidationError("--patience must not be below 0, but is \(patience)") }
    }

    func run() throws {
        let procfile = try Procfile(parsing: File.readText(FilePath(procfile)), name: procfile)
        let variables = try environmentFiles.map { name in
            try EnvironmentFile(parsing: File.readText(FilePath(name)), name: name).variables
        }
        let console = try Console(names: procfile.entries.map(\.name))
        let groups = ProcessGroups(patience: .seconds(patience))
        let services = procfile.entries.map { entry in
            Service(
                name: entry.name, command: entry.command(adding: variables), restart: restart, backOff: backOff.backOff,
                groups, console)
        }
        let status = try Supervision(of: services, groups, console).run()
        throw ExitCode(Int32(status))
    }
}

/// When a program that has ended starts again.
enum Restart: String, ExpressibleByArgument, CaseIterable {
    case always
    case onFailure = "on-failure"
    case never

    func applies(to status: ExitStatus) -> Bool { self == .always || (self == .onFailure && !status.isSuccess) }
}
