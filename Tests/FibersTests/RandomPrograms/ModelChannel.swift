// SPDX-License-Identifier: MIT

/// A channel of the model; who waits is in the model's queues.
struct ModelChannel {
    let capacity: Int
    var buffer: [Int] = []
    var isOpen = true
    var error = Fault.closed
}

extension Model {
    func performOnChannel(_ step: Step, _ fiber: Int) -> Progress {
        let channel = step.object
        switch step.verb {
        case .put, .putIfAvailable: return put(step, fiber)
        case .take, .fetch, .iterate: return receive(step, fiber)
        case .takeIfAvailable: return takeNow(channel).map(Progress.value) ?? .nothing
        case .awaitElement: return awaitElement(step, fiber)
        case .bind: return bind(channel, to: step.fibers[0])
        case .close: close(channel, .closed)
        default: close(channel, .thrown(step.id))
        }
        return .done
    }

    private func put(_ step: Step, _ fiber: Int) -> Progress {
        let isOpen = channels[step.object].isOpen
        guard step.verb == .put else { return isOpen && give(step.id, to: step.object) ? .done : .nothing }
        guard isOpen else { return .threw(channels[step.object].error) }
        if give(step.id, to: step.object) { return .done }
        wakeAll(.watchers, step.object)
        return waitIn(.putters, step, fiber)
    }

    /// An element goes to the taker that came first, and a copy to every fetcher that came before it; else into the
    /// buffer if there is room.
    private func give(_ element: Int, to channel: Int) -> Bool {
        while let receiver = wakeFirst(.takers, channel, .value(element)) {
            if verb(of: receiver) != .fetch { return true }
        }
        guard channels[channel].buffer.count < channels[channel].capacity else { return false }
        channels[channel].buffer.append(element)
        wakeAll(.watchers, channel)
        return true
    }

    /// What a parked fiber does.
    private func verb(of fiber: Int) -> Verb? {
        fibers[fiber].frames.last.map { $0.steps[$0.index].verb }
    }

    /// The element of the longest put, which is woken.
    private func takeFromPutter(_ channel: Int) -> Int? {
        wakeFirst(.putters, channel).flatMap { putter in
            fibers[putter].frames.last.map { $0.steps[$0.index].id }
        }
    }

    /// The oldest element. The room it leaves is filled by the longest put.
    private func takeNow(_ channel: Int) -> Int? {
        guard !channels[channel].buffer.isEmpty else { return takeFromPutter(channel) }
        let element = channels[channel].buffer.removeFirst()
        takeFromPutter(channel).map { channels[channel].buffer.append($0) }
        return element
    }

    private func receive(_ step: Step, _ fiber: Int) -> Progress {
        let channel = channels[step.object]
        if step.verb == .fetch, channel.capacity == 0 { return .threw(.misuse) }
        if step.verb == .fetch, let element = channel.buffer.first { return .value(element) }
        if step.verb != .fetch, let element = takeNow(step.object) { return received(element, step, fiber) }
        guard channel.isOpen else { return ended(step) }
        return waitIn(.takers, step, fiber)
    }

    /// A loop goes on with the next element.
    private func received(_ element: Int, _ step: Step, _ fiber: Int) -> Progress {
        guard step.verb == .iterate else { return .value(element) }
        note(fiber, step.id, .value(element))
        return receive(step, fiber)
    }

    private func awaitElement(_ step: Step, _ fiber: Int) -> Progress {
        guard channels[step.object].buffer.isEmpty, queues[queue(.putters, step.object)].isEmpty else { return .done }
        guard channels[step.object].isOpen else { return ended(step) }
        return waitIn(.watchers, step, fiber)
    }

    /// A loop ends with the channel; everything else throws why it was closed.
    private func ended(_ step: Step) -> Progress {
        step.verb == .iterate ? .done : .threw(channels[step.object].error)
    }

    func resumeOnChannel(_ step: Step, _ fiber: Int, _ decision: ModelFiber.Decision) -> Progress {
        switch decision {
        case .value(let element): return received(element, step, fiber)
        case .go: return step.verb == .awaitElement ? awaitElement(step, fiber) : .done
        case .closed:
            fibers[fiber].happening = .closed
            return step.verb == .awaitElement ? awaitElement(step, fiber) : ended(step)
        }
    }

    /// First those that take are woken, then those that wait, then those that put.
    func close(_ channel: Int, _ error: Fault) {
        channels[channel].isOpen = false
        channels[channel].error = error
        for queue in [Queue.takers, .watchers, .putters] { wakeAll(queue, channel, .closed) }
    }

    private func bind(_ channel: Int, to fiber: Int) -> Progress {
        switch fibers[fiber].place {
        case .absent: return .nothing
        case .ended where channels[channel].isOpen:
            close(channel, fibers[fiber].failure.map { .failed(fiber, $0) } ?? .closed)
        case .ended: break
        default: fibers[fiber].bound.append(channel)
        }
        return .done
    }
}
