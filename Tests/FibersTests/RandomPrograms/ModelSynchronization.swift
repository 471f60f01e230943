// SPDX-License-Identifier: MIT

// MARK: Conditions and events

extension Model {
    func performOnCondition(_ step: Step, _ fiber: Int) -> Progress {
        let message = ModelFiber.Decision.value(step.id)
        switch step.verb {
        case .wait: return waitIn(.condition, step, fiber)
        case .waitFirst: return waitIn(.condition, step, fiber, first: true)
        case .notify: return .value(wakeAll(.condition, step.object, message))
        case .notifyOne: return .value(wakeFirst(.condition, step.object, message) == nil ? 0 : 1)
        case .notifyThrowing: return .value(throwIntoWaiters(step, .max))
        default: return .value(throwIntoWaiters(step, 1))
        }
    }

    private func throwIntoWaiters(_ step: Step, _ most: Int) -> Int {
        let waiters = queues[queue(.condition, step.object)].prefix(most)
        for fiber in waiters { interrupt(fiber, .thrown(step.id)) }
        return waiters.count
    }

    /// One that resets itself lets one fiber through for each notification, and remembers one if nobody waits.
    func performOnEvent(_ step: Step, _ fiber: Int) -> Progress {
        let resetsItself = program.events[step.object]
        switch step.verb {
        case .awaitEvent where !isSet[step.object]: return waitIn(.event, step, fiber)
        case .awaitEvent: isSet[step.object] = !resetsItself
        case .notifyEvent where resetsItself:
            if wakeFirst(.event, step.object) == nil { isSet[step.object] = true }
        case .notifyEvent:
            isSet[step.object] = true
            wakeAll(.event, step.object)
        default: isSet[step.object] = false
        }
        return .done
    }
}

// MARK: Locks and semaphores

extension Model {
    func performOnLock(_ step: Step, _ fiber: Int) -> Progress {
        let lock = locks[step.object]
        if step.verb == .unlock { return unlockIfLocked(step.object, fiber) }
        guard lock.depth == 0 || lock.owner == fiber else {
            return step.verb == .lockIfAvailable ? .nothing : waitIn(.lock, step, fiber)
        }
        locks[step.object] = (lock.depth + 1, fiber)
        return haveLock(step, fiber)
    }

    func haveLock(_ step: Step, _ fiber: Int) -> Progress {
        if step.verb == .withLock { return enter(.lock(step.object), step, fiber) }
        fibers[fiber].locked[step.object] += 1
        return .done
    }

    /// A program takes back only what it has taken outside of regions: all else would be misuse.
    private func unlockIfLocked(_ lock: Int, _ fiber: Int) -> Progress {
        guard fibers[fiber].locked[lock] > 0 else { return .nothing }
        fibers[fiber].locked[lock] -= 1
        unlock(lock)
        return .done
    }

    /// The last unlock hands the lock to whoever waits longest.
    func unlock(_ lock: Int) {
        locks[lock].depth -= 1
        if locks[lock].depth == 0, let next = wakeFirst(.lock, lock) { locks[lock] = (1, next) }
    }

    func performOnSemaphore(_ step: Step, _ fiber: Int) -> Progress {
        if step.verb == .release { return releaseIfTaken(step.object) }
        guard semaphores[step.object].free > 0 else {
            return step.verb == .acquireIfAvailable ? .nothing : waitIn(.semaphore, step, fiber)
        }
        semaphores[step.object].free -= 1
        return havePermit(step, fiber)
    }

    func havePermit(_ step: Step, _ fiber: Int) -> Progress {
        if step.verb == .withPermit { return enter(.permit(step.object), step, fiber) }
        semaphores[step.object].taken += 1
        return .done
    }

    /// Any fiber may release what another has acquired.
    private func releaseIfTaken(_ semaphore: Int) -> Progress {
        guard semaphores[semaphore].taken > 0 else { return .nothing }
        semaphores[semaphore].taken -= 1
        release(semaphore)
        return .done
    }

    /// A permit goes to whoever waits longest.
    func release(_ semaphore: Int) {
        if wakeFirst(.semaphore, semaphore) == nil { semaphores[semaphore].free += 1 }
    }
}
