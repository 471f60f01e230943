// SPDX-License-Identifier: MIT

/// What fibers do to others and to themselves.
extension Model {
    func performOnFiber(_ step: Step, _ fiber: Int) -> Progress {
        let other = step.object
        switch (step.verb, fibers[other].place) {
        case (_, .absent), (.interrupt, .ended): return .nothing
        case (.join, _): return join(step, fiber)
        case (.cancel, _): cancel(other)
        case (.interrupt, _): interrupt(other, .thrown(step.id))
        case (.yieldTo, _): return yieldTo(step, fiber)
        case (.switchTo, _): return switchTo(step, fiber)
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
        moveToFront(step.object)
        start(fiber)
        fibers[fiber].happening = .parked
        return .parked
    }

    /// The other fiber goes to the head of the run queue, from wherever it is; if it waits for something in particular, its
    /// wait fails. The caller parks until somebody schedules it.
    private func switchTo(_ step: Step, _ fiber: Int) -> Progress {
        let other = step.object
        if fibers[other].isEnded || other == fiber {
            return fibers[other].failure.map(Progress.threw) ?? .value(step.id)
        }
        if isSchedulable(other) {
            schedule(step)
        } else if case .waiting = fibers[other].place {
            interrupt(other, .misuse)
        }
        moveToFront(other)
        return parkUntilScheduled(fiber)
    }

    private func parkUntilScheduled(_ fiber: Int) -> Progress {
        park(fiber, .parked, fiber) ? .parked : .threw(fibers[fiber].takeInterruption())
    }

    private func moveToFront(_ fiber: Int) {
        ready.removeAll { $0 == fiber }
        ready.insert(fiber, at: 0)
    }

    func performOnItself(_ step: Step, _ fiber: Int) -> Progress {
        switch step.verb {
        case .yield:
            start(fiber)
            fibers[fiber].happening = .parked
            return .parked
        case .park:
            return parkUntilScheduled(fiber)
        case .fail:
            return .threw(.thrown(step.id))
        case .shield:
            return enter(.shield, step, fiber)
        default:
            return beginGroup(step, fiber)
        }
    }
}
