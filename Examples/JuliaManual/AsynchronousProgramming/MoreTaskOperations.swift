// SPDX-License-Identifier: MIT
// Manual, "Asynchronous Programming" and "Control Flow": what other task operations are built on. Both only describe
// it; the programs are ours.

import Fibers

/// Two symmetric coroutines pass a ball: each switch makes the other's last one return what was passed.
func pingPong() throws {
    let pinger = Fiber.current
    let ponger = Fiber {
        var ball = try Fiber.switch(to: pinger)
        while let ping = ball {
            print(ping)
            ball = try Fiber.switch(to: pinger, passing: "pong")
        }
    }
    try Fiber.switch(to: ponger)  // a fiber that begins ignores what it is passed
    for round in 1...3 {
        if let pong = try Fiber.switch(to: ponger, passing: "ping \(round)") { print(pong) }
    }
    try ponger.schedule().wait()  // without a ball
}

/// Which task runs, and whether another one has started and finished.
func queryTasks() throws {
    let task = Fiber(name: "asked") {
        print(Fiber.current)
        try Fiber.yield()
    }
    print(task.isStarted, task.isDone)
    try Fiber.yield(to: task)
    print(task.isStarted, task.isDone)
    try task.wait()
    print(task.isStarted, task.isDone)
}

private let language = FiberLocal<String>(name: "language")

/// Every task has a store of its own: get, set, and set for the duration of a call. A missing value is an error.
func keepTaskLocalValues() throws {
    language.value = "Julia"
    try language.withValue("Swift") { print(try language.get()) }
    print(try language.get())
    let other = Fiber.spawn(name: "other") { try language.get() }
    do { print(try other.fetch()) } catch let error as FiberFailedError { print(error.rootCause) }
}
