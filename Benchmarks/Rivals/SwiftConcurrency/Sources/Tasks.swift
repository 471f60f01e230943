// SPDX-License-Identifier: MIT

/// Tasks that do nothing but yield.
func measureSwitch(_ count: Int) async {
    await measure(1_000_000) { operations in
        await withDiscardingTaskGroup { group in
            for _ in 0..<count {
                group.addTask { for _ in 0..<operations / count { await Task.yield() } }
            }
        }
    }
}

/// Tasks that return a number, so many before the first is waited for.
func measureSpawn(_ count: Int) async {
    await measure(500_000) { operations in
        var tasks: [Task<Int, Never>] = []
        for _ in 0..<operations / count {
            for _ in 0..<count { tasks.append(Task { 1 }) }
            for task in tasks { _ = await task.value }
            tasks.removeAll(keepingCapacity: true)
        }
    }
}

/// Two tasks that resume each other and suspend themselves.
func measureCondition() async {
    await measure(500_000) { operations in
        let pair = Pair()
        async let partner: Void = pair.answer(operations)
        await pair.ask(operations)
        await partner
    }
}

/// Of each side, the continuation while it is suspended.
private actor Pair {
    private var asking: CheckedContinuation<Void, Never>?
    private var answering: CheckedContinuation<Void, Never>?

    func ask(_ times: Int) async {
        while answering == nil { await Task.yield() }
        for _ in 0..<times {
            await withCheckedContinuation {
                asking = $0; resumeAnswering()
            }
        }
    }

    func answer(_ times: Int) async {
        await withCheckedContinuation { answering = $0 }
        for _ in 1..<times {
            await withCheckedContinuation {
                answering = $0; resumeAsking()
            }
        }
        resumeAsking()
    }

    private func resumeAsking() { asking?.resume() }
    private func resumeAnswering() { answering?.resume() }
}
