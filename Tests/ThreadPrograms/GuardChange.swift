// SPDX-License-Identifier: MIT
import Fibers

/// The main thread uses what may be shared alone, hence without guards, until a worker begins to use it as well.
func shareInTheMiddle() throws {
    try useAlone()
    try shareWithWorkers(count: 5000)
    print("nothing was lost")
}

/// Every kind of object, by fibers of the one thread.
private func useAlone() throws {
    let channel = Channel<Int>(capacity: 2), event = Event(), semaphore = Semaphore(1), sum = Lockable(0)
    let producer = Fiber.spawn {
        try event.wait()
        for number in 0..<1000 { try channel.put(number) }
        channel.close()
    }
    event.notify()
    let consumers = (0..<2).map { _ in
        Fiber.spawn { try channel.forEach { number in try semaphore.withPermit { try sum.withLock { $0 += number } } } }
    }
    for fiber in [producer] + consumers { try fiber.wait() }
    try expect(sum.withLock(\.self) == 499_500)
}

/// Numbers from 0 come from a worker, while the main thread puts its own, from -1 down, and takes all. It does so from
/// before the worker starts, without a pause.
private func shareWithWorkers(count: Int) throws {
    let channel = Channel<Int>(capacity: 8)
    var (own, taken): (Int, [Int]) = (0, [])
    func hammer() {
        for _ in 0..<20 where channel.putIfAvailable(-own - 1) { own += 1 }
        while let number = channel.takeIfAvailable() { taken.append(number) }
    }
    for _ in 0..<100 { hammer() }
    let worker = try Threads.spawn { for number in 0..<count { try channel.put(number) } }
    while !worker.isDone { hammer() }
    hammer()
    try worker.wait()
    expect(taken.filter { $0 >= 0 } == Array(0..<count))
    expect(taken.filter { $0 < 0 } == (0..<own).map { -$0 - 1 })
}

private func expect(_ condition: Bool, line: UInt = #line) {
    if !condition { fatalError("something was lost: line \(line)") }
}
