// SPDX-License-Identifier: MIT
// A tour of swift-fibers: every part of it once, on real sockets and real processes. `make run` runs it.

import Fibers

func section(_ title: String) { print("\n\(title)") }

// A fiber waits for another through a Condition. Nothing runs at the same time, so plain variables will do.

section("A producer and a consumer")

var shelf: [Int] = []
var isFinished = false
let shelfChanged = Condition<Void>(name: "shelf changed")

let producer = Fiber.spawn(name: "producer") {
    for number in 1...5 {
        shelf.append(number * number)
        shelfChanged.notify()
        try Fiber.yield()
    }
    isFinished = true
    shelfChanged.notify()
}

let consumer = Fiber.spawn(name: "consumer") {
    var taken: [Int] = []
    while true {
        while shelf.isEmpty, !isFinished { try shelfChanged.wait() }
        guard !shelf.isEmpty else { return taken }
        taken.append(shelf.removeFirst())
    }
}

try producer.wait()
print("the consumer took \(try consumer.fetch())")

// Sleeping costs nothing but memory: everybody is woken by one event loop, on this thread.

section("10,000 fibers asleep at once")

let longest = Duration.milliseconds(300)
let clock = ContinuousClock()
var awake = 0
let nap = try clock.measure {
    let sleepers = (1...10_000).map { number in
        Fiber.spawn {
            try Fiber.sleep(for: longest * number / 10_000)
            awake += 1
        }
    }
    for sleeper in sleepers { try sleeper.wait() }
}
print("\(awake) woke up; in about the longest sleep: \(nap >= longest && nap < longest * 3)")

// A daemon is straight-line code: a fiber for each client, no callbacks. The client is a program that we did not write.

section("An echo daemon and a client from outside")

let listener = try TCPListener.listen(on: 0)
Fiber.spawn(name: "daemon") {
    for connection in listener {
        Fiber.spawn(name: "client \(connection.peer)") {
            defer { connection.close() }
            while case let bytes = try connection.read(), !bytes.isEmpty {
                try connection.write(bytes)
            }
        }
    }
}

let script = """
    exec 3<>/dev/tcp/127.0.0.1/\(listener.address.port)
    echo "hello from a child" >&3
    read -r line <&3
    echo "$line"
    """
let reply = String(decoding: try Command("bash", "-c", script).output(), as: UTF8.self)
print("the daemon sent back: \(reply)", terminator: "")
listener.close()

// Waiting for a process parks only the fiber that waits.

section("A child process, and a timer beside it")

let child = try Command("sleep", "0.2").spawn()
var ticks = 0
let ticker = Fiber.spawn(name: "ticker") {
    while child.isRunning {
        try Fiber.sleep(for: .milliseconds(20))
        ticks += 1
    }
}
let status = try child.wait()
try ticker.wait()
print("the child \(status); the timer ticked meanwhile: \(ticks >= 5)")

do {
    try Command("no-such-program").run()
} catch {
    print(error)
}

// For what can only be asked and never announces itself.

section("timedWait, both answers")

let start = clock.now
print(try timedWait(timeout: .seconds(5), pollInterval: .milliseconds(5)) { clock.now - start > .milliseconds(20) })
print(try timedWait(timeout: .milliseconds(20), pollInterval: .milliseconds(5)) { false })

// When nothing can ever run again, the program is told instead of hanging.

section("A deadlock, explained")

let never = Condition<Void>(name: "never notified")
let stuck = Fiber.spawn(name: "stuck") { try never.wait() }
do {
    try stuck.wait()
} catch let deadlock as DeadlockError {
    print(deadlock)
}
stuck.cancel()
try? stuck.wait()
print("after cancel: \(stuck.state)")

// Two fibers that hand the processor to each other.

section("Switch throughput")

let switches = 2_000_000
let elapsed = try clock.measure {
    let pair = (0..<2).map { _ in
        Fiber.spawn { for _ in 0..<switches / 2 { try Fiber.yield() } }
    }
    for fiber in pair { try fiber.wait() }
}
print("\(switches) switches, \((elapsed / switches).components.attoseconds / 1_000_000_000) ns each")
