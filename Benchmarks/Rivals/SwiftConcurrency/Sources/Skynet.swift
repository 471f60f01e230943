// SPDX-License-Identifier: MIT

/// A tree of tasks, ten to a branch, that sum their numbers through task groups.
func measureSkynet(_ leaves: Int) async {
    let clock = ContinuousClock()
    let start = clock.now
    let result = await sum(from: 0, leaves: leaves)
    let time = clock.now - start
    precondition(result == leaves * (leaves - 1) / 2, "the sum is wrong")
    print(time / .nanoseconds(leaves), peakResidentBytes() / Double(leaves))
}

private func sum(from first: Int, leaves: Int) async -> Int {
    guard leaves > 1 else { return first }
    return await withTaskGroup(of: Int.self) { group in
        for branch in 0..<10 {
            group.addTask { await sum(from: first + branch * leaves / 10, leaves: leaves / 10) }
        }
        return await group.reduce(0, +)
    }
}
