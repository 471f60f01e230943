// SPDX-License-Identifier: MIT

/// Runs `body` with a group of fibers that share the work of one call, and goes on when all have ended. Throws the
/// failure that came first; what the calling fiber was interrupted with, if it was.
func withWorkers(onFailure policy: FiberGroup.FailurePolicy, _ body: (FiberGroup) throws -> Void) throws {
    var workers: FiberGroup?
    do {
        try inFiberGroup(onFailure: policy) { group in
            workers = group
            try body(group)
        }
    } catch let error as CompositeError {
        let first = error.errors.first
        throw (first is FiberFailedError ? workers?.firstFailure : first) ?? error
    }
}

/// Hands the inputs to workers, each with its number; several wait their turn, first come, first served.
///
/// Before an input is handed over, every worker that is free stands in line: that makes who works on what predictable.
func distribute<Input>(
    _ next: () -> Input?, count: Int?, concurrency: MapConcurrency, _ file: StaticString, _ line: UInt,
    _ work: @escaping (Int, Input) throws -> Void
) throws {
    let inputs = Channel<(index: Int, input: Input)>()
    let initialCount = try concurrency.initialCount(elements: count)
    try withWorkers(onFailure: .cancelOthers) { workers in
        func addWorker() {
            workers.spawn(file: file, line: line) {
                try inputs.forEach { if workers.firstFailure == nil { try work($0.index, $0.input) } }
            }
        }
        for _ in 0..<initialCount { addWorker() }
        var index = 0
        while let input = next() {
            if concurrency.exceeds(workers.count) { addWorker() }
            if !inputs.hasTaker { try Fiber.yield() }
            try inputs.put((index, input))
            index += 1
        }
        inputs.close()
    }
}
