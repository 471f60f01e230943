// SPDX-License-Identifier: MIT
import Fibers

/// Programs that are tested as whole processes, because they are about all threads of one.
@main
enum ThreadPrograms {
    static func main() throws {
        switch CommandLine.arguments.dropFirst().first {
        case "deadlock": try waitForEachOther()
        case "deadlock-among-workers": try waitForWorkersThatWait()
        case "no-deadlock": try waitForThreadWithoutLoop()
        case "end": try endWithShieldsThatWaitForEachOther()
        case "dump": try dumpFibers()
        case "share": try shareInTheMiddle()
        case let name: fatalError("there is no program \(name ?? "without a name")")
        }
    }
}

/// The root fiber and one on a worker wait for the same thing, which nobody has.
private func waitForEachOther() throws {
    let news = Channel<Int>()
    try Threads.spawn(name: "reader") { try news.take() }
    printDeadlock { try news.take() }
    try news.put(1)  // for the reader, who still waits
    printDeadlock { try news.put(2) }
}

/// All workers wait, and the root fiber for them.
private func waitForWorkersThatWait() throws {
    let never = Event(name: "never")
    let fibers = try (1...4).map { number in try Threads.spawn(name: "waiter \(number)") { try never.wait() } }
    printDeadlock { try fibers[0].wait() }
    never.notify()
    for fiber in fibers { try fiber.wait() }
    print("all have ended")
}

private func printDeadlock(_ body: () throws -> some Any) {
    do { _ = try body() } catch { print(error) }
}

/// Nobody knows what a thread without an event loop may do.
private func waitForThreadWithoutLoop() throws {
    let event = Event()
    let thread = ForeignThread { event.notify() }
    try event.wait()
    thread.join()
    print("notified")
}

private func dumpFibers() throws {
    let never = Event(name: "never")
    let fiber = try Threads.spawn(name: "waiter") { try never.wait() }
    Fiber.spawn(name: "sleeper") { try Fiber.sleep(for: .seconds(100)) }
    awaitRestOfOtherThreads()
    EventLoop.dumpFibers()
    try Fiber.sleep(for: .milliseconds(1))
    awaitRestOfOtherThreads()
    never.notify()
    try fiber.wait()
}

/// Two fibers on two workers, each of which holds its cancellation back until the other has ended.
private func endWithShieldsThatWaitForEachOther() throws {
    let first = Event(), second = Event(), areReady = Semaphore(2)
    try EventLoop.run {
        for (mine, other) in [(first, second), (second, first)] {
            try areReady.acquire()
            try Threads.spawn {
                defer { mine.notify() }
                areReady.release()
                try Fiber.shield { try other.wait() }
            }
        }
        for _ in 1...2 { try areReady.acquire() }
    }
    print("ended")
}
