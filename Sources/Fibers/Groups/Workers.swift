// SPDX-License-Identifier: MIT

/// Fibers that share the work of one call, which throws the failure that came first.
final class Workers {
    private let group: FiberGroup
    private let site: SpawnSite
    private(set) var count = 0
    /// The failure that came first: no more work is begun.
    private(set) var failure: FiberFailedError?

    fileprivate init(of group: FiberGroup, site: SpawnSite) {
        self.group = group
        self.site = site
    }

    /// `onFailure` runs in the fiber that fails first.
    func spawn(onFailure: @escaping () -> Void = {}, _ body: @escaping () throws -> Void) {
        count += 1
        group.spawn(file: site.file, line: UInt(site.line)) { [self] in
            do {
                try body()
            } catch {
                if failure == nil {
                    failure = FiberFailedError(fiber: Fiber.current, error: error)
                    onFailure()
                }
                throw error
            }
        }
    }
}

/// Runs `body` with workers, and goes on when all have ended. Throws the failure of the worker that failed first; what
/// the calling fiber was interrupted with, if it was.
func withWorkers(
    onFailure policy: FiberGroup.FailurePolicy, at site: SpawnSite, _ body: (Workers) throws -> Void
) throws {
    var workers: Workers?
    do {
        try withFiberGroup(onFailure: policy) { group in
            let members = Workers(of: group, site: site)
            workers = members
            try body(members)
        }
    } catch let error as CompositeError {
        if let first = error.errors.first, !(first is FiberFailedError) { throw first }
    }
    if let failure = workers?.failure { throw failure }
}

/// Hands the inputs to workers, each with its number; several wait their turn, first come, first served.
///
/// Before an input is handed over, every worker that is free stands in line: that makes who works on what predictable.
func distribute<Input>(
    _ next: () -> Input?, count: Int?, concurrency: MapConcurrency, at site: SpawnSite,
    _ work: @escaping (Int, Input) throws -> Void
) throws {
    let inputs = Channel<(index: Int, input: Input)>()
    let initialCount = try concurrency.initialCount(elements: count)
    try withWorkers(onFailure: .cancelOthers, at: site) { workers in
        func addWorker() {
            workers.spawn {
                try inputs.forEach { if workers.failure == nil { try work($0.index, $0.input) } }
            }
        }
        for _ in 0..<initialCount { addWorker() }
        var index = 0
        while let input = next() {
            if concurrency.exceeds(workers.count) { addWorker() }
            if inputs.takers.isEmpty { try Fiber.yield() }
            try inputs.put((index, input))
            index += 1
        }
        inputs.close()
    }
}
