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

    private let makefile: Makefile
    private let options: Options
    private let output: OrderedOutput
    private let groups: ProcessGroups
    private let jobs: Semaphore
    private var fibers: [String: Fiber<Stamp?>] = [:]
    private(set) var hasRunRecipes = false
    /// In the order in which that became clear.
    private(set) var notMade: [String] = []
    private var hasFailed = false

    init(_ makefile: Makefile, _ options: Options, _ output: OrderedOutput, _ groups: ProcessGroups) {
        self.makefile = makefile
        self.options = options
        self.output = output
        self.groups = groups
        jobs = Semaphore(options.jobs, name: "jobs")
    }

    /// The fiber that makes a target: there is one, however many need it. It returns `nil` if that has failed.
    @discardableResult
    func make(_ target: String, in group: FiberGroup) -> Fiber<Stamp?> {
        if let fiber = fibers[target] { return fiber }
        let fiber = group.spawn(name: target) { [self] in
            guard let rule = makefile.rules[target] else { return try Stamp(ofFile: target) }
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
        let newest = stamps.compactMap(\.self).max()
        let stamp = try rule.isPhony ? nil : Stamp(ofFile: rule.target)
        if let stamp, newest ?? stamp <= stamp { return stamp }
        guard !rule.recipe.isEmpty else { return stamp == nil ? .newest : newest }
        guard try jobs.withPermit({ try runRecipe(of: rule) }) else { return nil }
        return try rule.isPhony || options.isDryRun ? .newest : Stamp(ofFile: rule.target) ?? .newest
    }

    private func runRecipe(of rule: Rule) throws -> Bool {
        guard options.keepsGoing || !hasFailed else { return false }
        hasRunRecipes = true
        let recipe = Recipe(rule, makefile.variables, groups, isDryRun: options.isDryRun)
        return try output.inSection { section in
            let succeeded = try recipe.run(writingTo: section)
            if !succeeded { hasFailed = true }
            return succeeded
        }
    }
}
