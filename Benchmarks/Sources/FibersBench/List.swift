// SPDX-License-Identifier: MIT
import ArgumentParser

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the workloads.")

    func run() {
        for workload in Workload.allCases { print(workload.rawValue.padded(to: 18) + workload.summary) }
    }
}
