// SPDX-License-Identifier: MIT
import CFloor
import Fibers

private let operations = 100_000

/// Calls of the allocator per operation, in the steady state. Not measured without glibc.
func measureAllocations() throws -> [Measurement] {
    try [
        measurement("yield", limit: 0, yields()), measurement("condition", limit: 0, conditionWaits()),
        measurement("park", limit: 0, parks()), measurement("sleep", limit: 0, sleeps()),
        measurement("channel-0", limit: 0, channelTrips()), measurement("channel-32", limit: 0, channelElements()),
        measurement("spawn", limit: 2, spawns()), measurement("event", limit: 0, eventTurns()),
        measurement("semaphore", limit: 0, semaphoreTurns()), measurement("lock", limit: 0, lockTurns()),
        measurement("producer", limit: 0, producedValues()), measurement("echo", limit: 0, echoes()),
        measurement("line", limit: 0, borrowedLines()),
    ]
}

private func measurement(_ operation: String, limit: Double, _ allocations: Double) -> Measurement {
    Measurement(
        workload: "allocations-\(operation)", allocationsPerOperation: floor_counts_allocations ? allocations : nil,
        budgets: [Budget(quantity: \.allocationsPerOperation, limit: limit, unit: " allocations")])
}

/// Calls of the allocator per call of `body`, after as many calls to warm up.
private func allocations(_ body: () throws -> Void) rethrows -> Double {
    for _ in 0..<operations { try body() }
    let before = floor_allocations()
    for _ in 0..<operations { try body() }
    return Double(floor_allocations() - before) / Double(operations)
}

// MARK: Operations

/// Two fibers yield to each other.
private func yields() throws -> Double {
    var isDone = false
    let partner = Fiber.spawn { while !isDone { try Fiber.yield() } }
    let count = try allocations { try Fiber.yield() } / 2
    isDone = true
    try partner.wait()
    return count
}

/// Two fibers wake each other and park, through conditions.
private func conditionWaits() throws -> Double {
    let pair = try ConditionPair()
    let count = try allocations(pair.roundTrip) / 2
    try pair.stop()
    return count
}

/// A put and a take without a buffer.
private func channelTrips() throws -> Double {
    let pair = try ChannelPair()
    let count = try allocations { _ = try pair.roundTrip(1) } / 2
    try pair.stop()
    return count
}

/// A put and a take with a buffer.
private func channelElements() throws -> Double {
    let stream = ChannelStream(capacity: 32)
    let count = try allocations { _ = try stream.take() }
    try stream.stop()
    return count
}

/// A value produced and consumed.
private func producedValues() throws -> Double {
    let producer = Producer<Int> { while true { try $0.produce(1) } }
    let count = try allocations { _ = try producer.consume() }
    producer.cancel()
    try producer.fiber.waitUntilDone()
    return count
}

/// Two fibers wake each other and park, by name.
private func parks() throws -> Double {
    var isDone = false
    let this = Fiber.current
    let partner = Fiber.spawn {
        while !isDone {
            try Fiber.park()
            this.schedule()
        }
    }
    try Fiber.yield()
    let roundTrip = {
        partner.schedule()
        _ = try Fiber.park()
    }
    let count = try allocations(roundTrip) / 2
    isDone = true
    try roundTrip()
    try partner.wait()
    return count
}

private func sleeps() throws -> Double {
    try allocations { try Fiber.sleep(for: .zero) }
}

private func spawns() throws -> Double {
    try allocations { _ = try Fiber.spawn { 1 }.fetch() }
}

private func eventTurns() throws -> Double {
    let event = Event(autoReset: true)
    event.notify()
    return try turns(take: event.wait, give: event.notify)
}

private func semaphoreTurns() throws -> Double {
    let semaphore = Semaphore(1)
    return try turns(take: semaphore.acquire, give: semaphore.release)
}

private func lockTurns() throws -> Double {
    let lock = ReentrantLock()
    return try turns(take: lock.lock, give: lock.unlock)
}

/// Two fibers take turns with what one at a time can have: each turn waits, and hands over.
private func turns(take: @escaping () throws -> Void, give: @escaping () -> Void) throws -> Double {
    var isDone = false
    let turn = {
        try take()
        try Fiber.yield()
        give()
    }
    let partner = Fiber.spawn { while !isDone { try turn() } }
    let count = try allocations(turn) / 2
    isDone = true
    try partner.wait()
    return count
}

/// A request and its answer over TCP.
private func echoes() throws -> Double {
    let pair = try EchoPair()
    let count = try allocations(pair.roundTrip)
    try pair.stop()
    return count
}

/// A line that is looked at in the reader's memory, and one written through a buffer.
private func borrowedLines() throws -> Double {
    let ends = try DescriptorStream.makePipe()
    let (reader, writer) = (BufferedReader(ends.reading), BufferedWriter(ends.writing))
    let line = [UInt8](repeating: 120, count: 63) + [10]
    return try allocations {
        try writer.write(line)
        try writer.flush()
        try reader.withLine { precondition($0.count == 63) }
    }
}
