// SPDX-License-Identifier: MIT
import Fibers
import Foundation

/// A folder of `Benchmarks/Rivals` whose program was built: see the README there.
struct Rival {
    /// That of its folder.
    let name: String
    let version: String
    /// What its program runs: "echo", or "echo:async" if it does so in more than one form.
    private let workloads: [String]
    private let runner: URL

    /// Those that were built. Says on standard error which were not, and why.
    static func found() -> [Rival] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../Rivals")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            do {
                return try Rival(folder.appending(path: name))
            } catch {
                warn("\(name) is left out: \(error)")
                return nil
            }
        }
    }

    /// Nil for what is no rival.
    private init?(_ folder: URL) throws {
        runner = folder.appending(path: "run")
        name = folder.lastPathComponent
        guard FileManager.default.isExecutableFile(atPath: runner.path) else { return nil }
        workloads = try lines(of: folder.appending(path: "workloads"))
        guard let version = try? lines(of: folder.appending(path: ".build/version")).first else {
            let reason = try? lines(of: folder.appending(path: ".build/reason")).first
            throw ChildFailure(text: reason ?? "not built: make rivals")
        }
        self.version = version
    }

    /// One for each form in which it runs the workload.
    func programs(for workload: String, _ arguments: [String]) -> [RivalProgram] {
        workloads.filter { $0.prefix { $0 != ":" } == workload }.map { form in
            let suffix = form.dropFirst(workload.count + 1)
            return RivalProgram(
                name: suffix.isEmpty ? name : "\(name) \(suffix)", version: version,
                command: Command(runner.path, arguments: [form] + arguments))
        }
    }
}

extension [Rival] {
    func programs(for workload: String, _ arguments: String...) -> [RivalProgram] {
        flatMap { $0.programs(for: workload, arguments) }
    }
}

private func lines(of file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).map(String.init)
}

/// On standard error, so that standard output holds figures only.
func warn(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
