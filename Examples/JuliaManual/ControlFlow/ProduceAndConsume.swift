// SPDX-License-Identifier: MIT
// Manual of 2014, "Control Flow": tasks that produce.

import Fibers

private func produceAll(_ producer: Producer<Any>) throws {
    try producer.produce("start")
    for number in 1...4 { try producer.produce(2 * number) }
    try producer.produce("stop")
}

/// Each time it is asked, the producer goes on until its next value.
func consumeFromProducer() throws {
    let producer = Producer<Any>(produceAll)
    for _ in 1...6 {
        if let value = try producer.consume() { debugPrint(value) }
    }
}

/// A loop consumes until the producer has finished.
func loopOverTask() throws {
    for value in Producer<Any>(produceAll) { print(value) }
}

/// A producer with a parameter, which a closure supplies.
func parameterizeProducer() throws {
    func countdown(from start: Int, _ producer: Producer<Int>) throws {
        for number in (0...start).reversed() { try producer.produce(number) }
    }
    print(try Producer<Int> { try countdown(from: 7, $0) }.collect())
}

/// The manual explains that these two are built on switches and the memory of who consumes. So they can be built by
/// hand.
func produceBySwitching() throws {
    let consumer = Fiber.current
    let producer = Fiber {
        for number in 1...4 { try Fiber.switch(to: consumer, passing: 2 * number) }
        consumer.schedule()
    }
    while let value = try Fiber.switch(to: producer) { print(value) }
    print(producer.state)
}
