// SPDX-License-Identifier: MIT

/// What other threads passed to a fiber while it was not parked, in order: its next parks return it.
final class PassedValues {
    private var values = Ring<Any?>(reserving: 4)

    deinit { values.destroy() }

    var isEmpty: Bool { values.count == 0 }

    func append(_ value: Any?) { values.append(value) }

    func removeFirst() -> Any? { values.removeFirst() }
}

extension AnyFiber {
    /// Ends the present `Fiber.park()` of the fiber, or its next one. Called on its thread, by who cannot know where it is.
    func pass(_ value: Any?) {
        guard !scheduleIfParked(passing: value) else { return }
        let extras = madeExtras()
        let values = extras.passedValues ?? PassedValues()
        values.append(value)
        extras.passedValues = values
        record.hasPassedValues = true
    }

    /// The oldest of the values. There is one.
    @inline(never)
    func takePassedValue() -> Any? {
        guard let values = extras?.passedValues else { fatalError("BUG: values passed to a fiber are missing") }
        defer { record.hasPassedValues = !values.isEmpty }
        return values.removeFirst()
    }

    /// The fiber has finished.
    func dropPassedValues() {
        record.hasPassedValues = false
        extras?.passedValues = nil
    }
}
