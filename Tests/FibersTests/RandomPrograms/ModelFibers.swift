// SPDX-License-Identifier: MIT

// MARK: What fibers do to others and to themselves

extension Model {
    func performOnFiber(_ step: Step, _ fiber: Int) -> Progress {
        let other = step.object
        switch (step.verb, fibers[other].place) {
        case (_, .absent), (.interrupt, .ended): return .nothing
        case (.join, _): return join(step, fiber)
        case (.cancel, _): cancel(other)
        case (.interrupt, _): interrupt(other, .thrown(step.id))
        case (.yieldTo, _): return yieldTo(step, fiber)
        case (.spawn, .new): start(other)
        case (.schedule, _) where isSchedulable(other): schedule(step)
        default: return .nothing
        }
        return .done
    }

    private func join(_ step: Step, _ fiber: Int) -> Progress {
        if fibers[step.object].isEnded { return joined(step.object) }
        return step.object == fiber ? .threw(.misuse) : waitIn(.joiners, step, fiber)
    }

    func joined(_ fiber: Int) -> Progress { fibers[fiber].failure.map { .threw(.failed(fiber, $0)) } ?? .done }

    /// New, or parked until somebody schedules it.
    private func isSchedulable(_ fiber: Int) -> Bool {
        fibers[fiber].place == .new || fibers[fiber].place == .waiting(queue(.parked, fiber))
    }

    private func schedule(_ step: Step) {
        if wakeFirst(.parked, step.object, .value(step.id)) == nil { start(step.object) }
    }

    /// The other fiber goes to the head of the run queue, the caller to its end.
    private func yieldTo(_ step: Step, _ fiber: Int) -> Progress {
        guard isSchedulable(step.object) else { return .threw(.misuse) }
        schedule(step)
        ready.insert(ready.removeLast(), at: 0)
        start(fiber)
        fibers[fiber].happening = .parked
        return .parked
    }

    func performOnItself(_ step: Step, _ fiber: Int) -> Progress {
        switch step.verb {
        case .yield:
            start(fiber)
            fibers[fiber].happening = .parked
            return .parked
        case .park:
            return park(fiber, .parked, fiber) ? .parked : .threw(fibers[fiber].takeInterruption())
        case .fail:
            return .threw(.thrown(step.id))
        case .shield:
            fibers[fiber].shields += 1
            return enter(.shield, step, fiber)
        default:
            return beginGroup(step, fiber)
        }
    }
}

// MARK: Groups

extension Model {
    /// All children are spawned before the body begins.
    private func beginGroup(_ step: Step, _ fiber: Int) -> Progress {
        let group = ModelGroup(id: step.id, parent: fiber, children: step.fibers, cancelsOthers: step.cancelsOthers)
        for child in step.fibers {
            fibers[child].group = group
            start(child)
        }
        return enter(.group(group), step, fiber)
    }

    func childFailed(_ child: Int, in group: ModelGroup) {
        guard group.cancelsOthers, !group.isCancelled else { return }
        group.trigger = child
        cancelAll(group)
        interrupt(group.parent, own(group))
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
        fibers[group.parent].shields += 1
        cancelAll(group)
    }

    func resume(_ group: ModelGroup, wasDecided: Bool) -> Progress {
        if !wasDecided { interrupted(group) }
        return awaitChildren(group)
    }

    private func interrupted(_ group: ModelGroup) {
        let fault = fibers[group.parent].takeInterruption()
        coverage[.group, group.error != nil ? .kept : fault == .cancelled ? .cancelled : .interrupted] += 1
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
        if group.error != nil { parent.shields -= 1 }
        parent.thrown = parent.thrown ?? group.late
        if parent.thrown == own(group) { parent.thrown = nil }
        parent.frames.removeLast()
        return left(group.parent, outcome(of: group))
    }

    /// What a group throws: its own cancellation of itself never leaves it.
    private func outcome(of group: ModelGroup) -> Fault? {
        let failures = group.children.compactMap { failure(of: $0, in: group) }
        var errors = group.error.map { [$0] } ?? []
        if case .composite(let nested)? = errors.first, case .groupCancelled? = nested.first { errors = nested }
        if errors.first == own(group) { errors.removeFirst() } else if failures.isEmpty { return group.error }
        errors += failures
        return errors.isEmpty ? nil : .composite(errors)
    }

    private func own(_ group: ModelGroup) -> Fault { .groupCancelled(group.id) }

    private func failure(of child: Int, in group: ModelGroup) -> Fault? {
        guard let fault = fibers[child].failure else { return nil }
        return group.isCancelled && fault == .cancelled && child != group.trigger ? nil : .failed(child, fault)
    }
}
