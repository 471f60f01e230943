// SPDX-License-Identifier: MIT
import Fibers

extension Runner {
    func perform(_ step: Step, _ fiber: Int) throws -> Outcome {
        switch step.verb.object {
        case .channel: try perform(step, on: channels[step.object], fiber)
        case .condition: try perform(step, on: conditions[step.object])
        case .lock: try perform(step, on: locks[step.object], fiber)
        case .semaphore: try perform(step, on: semaphores[step.object], fiber)
        case .event: try perform(step, on: events[step.object])
        case .fiber: try fibers[step.object].map { try perform(step, on: $0) } ?? .nothing
        case .nothing: try performOnItself(step, fiber)
        }
    }

    private func perform(_ step: Step, on channel: Channel<Element>, _ fiber: Int) throws -> Outcome {
        switch step.verb {
        case .put: try channel.put(Element(step.id, counting: elements))
        case .putIfAvailable:
            return channel.putIfAvailable(Element(step.id, counting: elements)) ? .done : .nothing
        case .take: return .value(try channel.take().value)
        case .takeIfAvailable: return channel.takeIfAvailable().map { .value($0.value) } ?? .nothing
        case .fetch: return .value(try channel.fetch().value)
        case .awaitElement: try channel.wait()
        case .iterate: for element in channel { note(fiber, step.id, .value(element.value)) }
        case .close: channel.close()
        case .bind: return fibers[step.fibers[0]].map { bind(channel, to: $0) } ?? .nothing
        default: channel.close(throwing: Thrown(step: step.id))
        }
        return .done
    }

    private func bind(_ channel: Channel<Element>, to fiber: AnyFiber) -> Outcome {
        channel.bind(to: fiber)
        return .done
    }

    private func perform(_ step: Step, on condition: Condition<Int>) throws -> Outcome {
        switch step.verb {
        case .wait: .value(try condition.wait())
        case .waitFirst: .value(try condition.wait(first: true))
        case .notify: .value(condition.notify(step.id))
        case .notifyOne: .value(condition.notifyOne(step.id))
        case .notifyThrowing: .value(condition.notify(throwing: Thrown(step: step.id)))
        default: .value(condition.notifyOne(throwing: Thrown(step: step.id)))
        }
    }

    private func perform(_ step: Step, on lock: ReentrantLock, _ fiber: Int) throws -> Outcome {
        switch step.verb {
        case .lock: try lock.lock()
        case .lockIfAvailable: guard lock.lockIfAvailable() else { return .nothing }
        case .unlock:
            guard locked[fiber][step.object] > 0 else { return .nothing }
            lock.unlock()
        default:
            try lock.withLock { try run(step.body, fiber) }
            return .done
        }
        locked[fiber][step.object] += step.verb == .unlock ? -1 : 1
        return .done
    }

    private func perform(_ step: Step, on semaphore: Semaphore, _ fiber: Int) throws -> Outcome {
        switch step.verb {
        case .acquire: try semaphore.acquire()
        case .acquireIfAvailable: guard semaphore.acquireIfAvailable() else { return .nothing }
        case .release:
            guard taken[step.object] > 0 else { return .nothing }
            semaphore.release()
        default:
            try semaphore.withPermit { try run(step.body, fiber) }
            return .done
        }
        taken[step.object] += step.verb == .release ? -1 : 1
        return .done
    }

    private func perform(_ step: Step, on event: Event) throws -> Outcome {
        switch step.verb {
        case .awaitEvent: try event.wait()
        case .notifyEvent: event.notify()
        default: event.reset()
        }
        return .done
    }

    private func perform(_ step: Step, on other: AnyFiber) throws -> Outcome {
        let isSchedulable = other.state == .runnable && other !== Fiber.current
        switch step.verb {
        case .join: try other.wait()
        case .cancel: other.cancel()
        case .switchTo: return .value(try Fiber.switch(to: other, passing: step.id) as? Int ?? -1)
        case .yieldTo: try Fiber.yield(to: other, passing: step.id)
        case .interrupt where !other.isDone: other.schedule(throwing: Thrown(step: step.id))
        case .spawn where isSchedulable && !other.isStarted: other.schedule()
        case .schedule where isSchedulable: other.schedule(passing: step.id)
        default: return .nothing
        }
        return .done
    }

    private func performOnItself(_ step: Step, _ fiber: Int) throws -> Outcome {
        switch step.verb {
        case .yield: try Fiber.yield()
        case .park: return .value(try Fiber.park() as? Int ?? -1)
        case .fail: throw Thrown(step: step.id)
        case .shield: try Fiber.shield { try run(step.body, fiber) }
        default:
            try withFiberGroup(onFailure: step.cancelsOthers ? .cancelOthers : .waitForAll) { group in
                for child in step.fibers {
                    fibers[child] = group.spawn(name: names[child]) { try self.run(child) }
                }
                try run(step.body, fiber)
            }
        }
        return .done
    }
}
