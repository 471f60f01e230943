// SPDX-License-Identifier: MIT
import ArgumentParser
import Fibers

/// What the library does all the time, in the steady state: one operation after the other, with nothing in between.
enum Operation: String, CaseIterable, ExpressibleByArgument {
    case yield, condition, park, sleep
    case channel0 = "channel-0"
    case channel32 = "channel-32"
    case spawn, event, semaphore, lock, producer, echo, line

    /// In one call of what a meter calls.
    var timesPerCall: Double {
        switch self {
        case .yield, .condition, .park, .channel0, .event, .semaphore, .lock: 2
        default: 1
        }
    }

    /// - Parameter meter: Calls what it is given again and again.
    func run(_ meter: Meter) throws {
        switch self {
        case .yield: try yields(meter)
        case .condition: try conditionWaits(meter)
        case .park: try parks(meter)
        case .sleep: try sleeps(meter)
        case .channel0: try channelTrips(meter)
        case .channel32: try channelElements(meter)
        case .spawn: try spawns(meter)
        case .event: try eventTurns(meter)
        case .semaphore: try semaphoreTurns(meter)
        case .lock: try lockTurns(meter)
        case .producer: try producedValues(meter)
        case .echo: try echoes(meter)
        case .line: try borrowedLines(meter)
        }
    }
}

/// Calls a body often.
typealias Meter = (_ body: () throws -> Void) throws -> Void

/// Two fibers yield to each other.
private func yields(_ meter: Meter) throws {
    var isDone = false
    let partner = Fiber.spawn { while !isDone { try Fiber.yield() } }
    try meter { try Fiber.yield() }
    isDone = true
    try partner.wait()
}

/// Two fibers wake each other and park, through conditions.
private func conditionWaits(_ meter: Meter) throws {
    let pair = try ConditionPair()
    try meter(pair.roundTrip)
    try pair.stop()
}

/// A put and a take without a buffer.
private func channelTrips(_ meter: Meter) throws {
    let pair = try ChannelPair()
    try meter { _ = try pair.roundTrip(1) }
    try pair.stop()
}

/// A put and a take with a buffer.
private func channelElements(_ meter: Meter) throws {
    let stream = ChannelStream(capacity: 32)
    try meter { _ = try stream.take() }
    try stream.stop()
}

/// A value produced and consumed.
private func producedValues(_ meter: Meter) throws {
    let producer = Producer<Int> { while true { try $0.produce(1) } }
    try meter { _ = try producer.consume() }
    producer.cancel()
    try producer.fiber.waitUntilDone()
}

/// Two fibers wake each other and park, by name.
private func parks(_ meter: Meter) throws {
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
    try meter(roundTrip)
    isDone = true
    try roundTrip()
    try partner.wait()
}

private func sleeps(_ meter: Meter) throws {
    try meter { try Fiber.sleep(for: .zero) }
}

private func spawns(_ meter: Meter) throws {
    try meter { _ = try Fiber.spawn { 1 }.fetch() }
}

private func eventTurns(_ meter: Meter) throws {
    let event = Event(autoReset: true)
    event.notify()
    try turns(meter, take: event.wait, give: event.notify)
}

private func semaphoreTurns(_ meter: Meter) throws {
    let semaphore = Semaphore(1)
    try turns(meter, take: semaphore.acquire, give: semaphore.release)
}

private func lockTurns(_ meter: Meter) throws {
    let lock = ReentrantLock()
    try turns(meter, take: lock.lock, give: lock.unlock)
}

/// Two fibers take turns with what one at a time can have: each turn waits, and hands over.
private func turns(
    _ meter: Meter, take: @escaping () throws -> Void, give: @escaping () -> Void
) throws {
    var isDone = false
    let turn = {
        try take()
        try Fiber.yield()
        give()
    }
    let partner = Fiber.spawn { while !isDone { try turn() } }
    try meter(turn)
    isDone = true
    try partner.wait()
}

/// A request and its answer over TCP.
private func echoes(_ meter: Meter) throws {
    let pair = try EchoPair()
    try meter(pair.roundTrip)
    try pair.stop()
}

/// A line that is looked at in the reader's memory, and one written through a buffer.
private func borrowedLines(_ meter: Meter) throws {
    let ends = try DescriptorStream.makePipe()
    let (reader, writer) = (BufferedReader(ends.reading), BufferedWriter(ends.writing))
    let line = [UInt8](repeating: 120, count: 63) + [10]
    try meter {
        try writer.write(line)
        try writer.flush()
        try reader.withLine { precondition($0.count == 63) }
    }
}
