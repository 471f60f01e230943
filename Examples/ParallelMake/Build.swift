// SPDX-License-Identifier: MIT
import Fibers
import ProcessGroups

/// Makes targets, each in a fiber of its own, for which all wait that need it.
final class Build {
    struct Options {
        var jobs = 1
        var keepsGoing = false
        var isDryRun = false
    }

    private let rules: [String: Rule]
    private let files: [String: Stamp]
    private let options: Options
    private let output: OrderedOutput
    private let groups: ProcessGroups
    private let jobs: Semaphore
    private var fibers: [String: Fiber<Stamp?>] = [:]
    private(set) var hasRunRecipes = false
    /// In the order in which that became clear.
    private(set) var notMade: [String] = []
    private var hasFailed = false

    /// - Parameter files: Those for which there is no rule.
    init(
        _ makefile: Makefile, _ files: [String: Stamp], _ options: Options, _ output: OrderedOutput,
        _ groups: ProcessGroups
    ) {
        rules = makefile.rules
        self.files = files
        self.options = options
        self.output = output
        self.groups = groups
        jobs = Semaphore(options.isDryRun ? 1 : options.jobs, name: "jobs")
    }

    /// The fiber that makes a target: there is one, however many need it. It returns `nil` if that has failed.
    @discardableResult
    func make(_ target: String, in group: FiberGroup) -> Fiber<Stamp?> {
        if let fiber = fibers[target] { return fiber }
        let fiber = group.spawn(name: target) { [self] in
            guard let rule = rules[target] else { return files[target] }
            let stamp = try make(rule, in: group)
            if stamp == nil { notMade.append(target) }
            return stamp
        }
        fibers[target] = fiber
        return fiber
    }

    private func make(_ rule: Rule, in group: FiberGroup) throws -> Stamp? {
        let prerequisites = rule.prerequisites.map { make($0, in: group) }
        let stamps = try prerequisites.map { try $0.fetch() }
        guard !stamps.contains(nil) else { return nil }
        return try jobs.withPermit {
            try output.inSection { try make(rule, after: stamps.compactMap(\.self).max(), writingTo: $0) }
        }
    }

    /// - Parameter newest: Of the prerequisites.
    private func make(_ rule: Rule, after newest: Stamp?, writingTo output: any ByteSink) throws -> Stamp? {
        let stamp = try rule.isPhony ? nil : Stamp(ofFile: rule.target)
        if let stamp, newest ?? stamp <= stamp { return stamp }
        guard !rule.recipe.isEmpty else { return stamp == nil ? .newest : newest }
        guard try run(rule, writingTo: output) else { return nil }
        return try rule.isPhony || options.isDryRun ? .newest : Stamp(ofFile: rule.target) ?? .newest
    }

    private func run(_ rule: Rule, writingTo output: any ByteSink) throws -> Bool {
        guard options.keepsGoing || !hasFailed else { return false }
        hasRunRecipes = true
        let recipe = Recipe(rule: rule, groups: groups, isDryRun: options.isDryRun)
        let succeeded = try recipe.run(writingTo: output)
        if !succeeded { hasFailed = true }
        return succeeded
    }
}
