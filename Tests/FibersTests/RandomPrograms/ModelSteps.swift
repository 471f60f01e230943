// SPDX-License-Identifier: MIT

/// How far a step has come.
enum Progress {
    case parked
    case ended(Outcome)
    /// A region's steps are next.
    case entered

    static var done: Progress { ended(.done) }
    static var nothing: Progress { ended(.nothing) }
    static func value(_ value: Int) -> Progress { .ended(.value(value)) }
    static func threw(_ fault: Fault) -> Progress { .ended(.threw(fault)) }
}

// MARK: Running a fiber until it parks

extension Model {
    func run(_ fiber: Int) {
        guard fibers[fiber].hasBegun else { return begin(fiber) }
        let wasKept = fibers[fiber].decision != nil && fibers[fiber].isInterrupted
        if wasKept { fibers[fiber].happening = .kept }
        advance(fiber, resume(fiber))
    }

    /// A fiber that is interrupted before it ran fails without running.
    private func begin(_ fiber: Int) {
        fibers[fiber].decision = nil
        guard !fibers[fiber].isInterrupted else {
            coverage[.spawn, .refused] += 1
            return finish(fiber, fibers[fiber].takeInterruption())
        }
        fibers[fiber].hasBegun = true
        note(fiber, Entry.begin, .done)
        fibers[fiber].frames = [ModelFiber.Frame(region: .body, steps: program.fibers[fiber].steps)]
        advance(fiber, .entered)
    }

    private func advance(_ fiber: Int, _ progress: Progress) {
        var progress = progress
        while !fibers[fiber].isEnded {
            switch progress {
            case .parked: return
            case .ended(let outcome): progress = complete(fiber, outcome)
            case .entered: progress = step(of: fiber).map { begin($0, fiber) } ?? leave(fiber, nil)
            }
        }
    }

    /// The step that runs now; nil at the end of a list.
    private func step(of fiber: Int) -> Step? {
        let frame = fibers[fiber].frames[fibers[fiber].frames.count - 1]
        return frame.index < frame.steps.count ? frame.steps[frame.index] : nil
    }

    private func begin(_ step: Step, _ fiber: Int) -> Progress {
        fibers[fiber].happening = .atOnce
        return perform(step, fiber)
    }

    private func complete(_ fiber: Int, _ outcome: Outcome) -> Progress {
        guard let step = step(of: fiber) else { return .parked }
        note(fiber, step.id, outcome)
        coverage[step.verb, outcome == .nothing ? .nothing : fibers[fiber].happening] += 1
        if case .threw(let fault) = outcome, !step.isCaught { return leave(fiber, fault) }
        fibers[fiber].frames[fibers[fiber].frames.count - 1].index += 1
        return .entered
    }

    func enter(_ region: ModelFiber.Frame.Region, _ step: Step, _ fiber: Int) -> Progress {
        coverage[step.verb, fibers[fiber].happening] += 1
        fibers[fiber].frames.append(ModelFiber.Frame(region: region, steps: step.body))
        return .entered
    }

    /// Ends a list of steps, with an error or without. That is how the region's own step ends.
    func leave(_ fiber: Int, _ error: Fault?) -> Progress {
        let frame = fibers[fiber].frames[fibers[fiber].frames.count - 1]
        if case .group(let group) = frame.region { return leave(group, error) }
        fibers[fiber].frames.removeLast()
        switch frame.region {
        case .shield: if fibers[fiber].cancellation != nil { coverage[.shield, .kept] += 1 }
        case .lock(let lock): unlock(lock)
        case .permit(let semaphore): release(semaphore)
        case .body, .group: return end(fiber, error)
        }
        return left(fiber, error)
    }

    func left(_ fiber: Int, _ error: Fault?) -> Progress {
        fibers[fiber].happening = error == nil ? .left : .failed
        return error.map { .threw($0) } ?? .done
    }

    private func end(_ fiber: Int, _ error: Fault?) -> Progress {
        note(fiber, Entry.end, error.map { .threw($0) } ?? .done)
        finish(fiber, error)
        return .parked
    }
}

// MARK: Steps

extension Model {
    private func perform(_ step: Step, _ fiber: Int) -> Progress {
        switch step.verb.object {
        case .channel: performOnChannel(step, fiber)
        case .condition: performOnCondition(step, fiber)
        case .lock: performOnLock(step, fiber)
        case .semaphore: performOnSemaphore(step, fiber)
        case .event: performOnEvent(step, fiber)
        case .fiber: performOnFiber(step, fiber)
        case .nothing: performOnItself(step, fiber)
        }
    }

    /// The fiber's turn has come after it parked in its present step, or in the end of a group.
    private func resume(_ fiber: Int) -> Progress {
        let decision = fibers[fiber].decision
        fibers[fiber].decision = nil
        if case .group(let group)? = fibers[fiber].frames.last?.region, group.isWaiting {
            return resume(group, wasDecided: decision != nil)
        }
        guard let step = step(of: fiber) else { return .parked }
        if step.verb == .yield || step.verb == .yieldTo { return afterYield(step, fiber) }
        guard let decision else { return interrupted(step, fiber) }
        return resume(step, fiber, decision)
    }

    private func interrupted(_ step: Step, _ fiber: Int) -> Progress {
        fibers[fiber].happening = fibers[fiber].reason
        return thrown(step, fiber)
    }

    private func afterYield(_ step: Step, _ fiber: Int) -> Progress {
        guard fibers[fiber].isInterrupted else { return .done }
        return interrupted(step, fiber)
    }

    /// A loop over a channel cannot throw: it ends, and the next park throws.
    private func thrown(_ step: Step, _ fiber: Int) -> Progress {
        if step.verb == .iterate { return .done }
        return .threw(fibers[fiber].takeInterruption())
    }

    private func resume(_ step: Step, _ fiber: Int, _ decision: ModelFiber.Decision) -> Progress {
        switch (step.verb.object, decision) {
        case (.channel, _): resumeOnChannel(step, fiber, decision)
        case (_, .value(let value)): .value(value)
        case (.lock, _): haveLock(step, fiber)
        case (.semaphore, _): havePermit(step, fiber)
        case (.fiber, _): joined(step.object)
        default: .done
        }
    }

    /// Waits in a queue, unless the fiber was interrupted before.
    func waitIn(_ kind: Queue, _ step: Step, _ fiber: Int, first: Bool = false) -> Progress {
        park(fiber, kind, step.object, first: first) ? .parked : thrown(step, fiber)
    }
}
