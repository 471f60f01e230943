// SPDX-License-Identifier: MIT

/// Groups.
extension Model {
    /// All children are spawned before the body begins.
    func beginGroup(_ step: Step, _ fiber: Int) -> Progress {
        let group = ModelGroup(parent: fiber, children: step.fibers, cancelsOthers: step.cancelsOthers)
        for child in step.fibers {
            fibers[child].group = group
            start(child)
        }
        return enter(.group(group), step, fiber)
    }

    func childFailed(_ child: Int, in group: ModelGroup) {
        guard !group.isCancelled else { return }
        group.firstFailed = group.firstFailed ?? child
        guard group.cancelsOthers else { return }
        cancelAll(group)
        cancel(group.parent) { group.hasCancelledBody = true }
    }

    private func cancelAll(_ group: ModelGroup) {
        group.isCancelled = true
        for child in group.children { cancel(child) }
    }

    /// The body has ended.
    func leave(_ group: ModelGroup, _ error: Fault?) -> Progress {
        group.isWaiting = true
        error.map { abandon(group, $0) }
        return awaitChildren(group)
    }

    /// Cancels the children. From now on nothing ends the wait for them.
    private func abandon(_ group: ModelGroup, _ error: Fault) {
        group.error = error
        cancelAll(group)
    }

    func resume(_ group: ModelGroup, wasDecided: Bool) -> Progress {
        if !wasDecided { interrupted(group) }
        return awaitChildren(group)
    }

    private func interrupted(_ group: ModelGroup) {
        coverage[.group, group.error != nil ? .kept : fibers[group.parent].reason] += 1
        let fault = fibers[group.parent].takeInterruption()
        if group.error == nil { abandon(group, fault) } else { group.late = fault }
    }

    private func awaitChildren(_ group: ModelGroup) -> Progress {
        while let child = group.children.first(where: { !fibers[$0].isEnded }) {
            if park(group.parent, .joiners, child) { return .parked }
            interrupted(group)
        }
        return end(group)
    }

    private func end(_ group: ModelGroup) -> Progress {
        let parent = fibers[group.parent]
        parent.thrown = parent.thrown ?? group.late
        parent.frames.removeLast()
        return left(group.parent, outcome(of: group))
    }

    /// What a group throws: what its body threw goes first, unless that only says that the group has cancelled it.
    private func outcome(of group: ModelGroup) -> Fault? {
        let failures = group.children.compactMap { failure(of: $0, in: group) }
        if failures.isEmpty { return group.error }
        let isOwn = group.hasCancelledBody && group.error == .cancelled
        return .composite((isOwn ? nil : group.error).map { [$0] + failures } ?? failures)
    }

    private func failure(of child: Int, in group: ModelGroup) -> Fault? {
        guard let fault = fibers[child].failure else { return nil }
        return group.isCancelled && fault == .cancelled && child != group.firstFailed ? nil : .failed(child, fault)
    }
}
