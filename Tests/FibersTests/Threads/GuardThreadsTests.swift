// SPDX-License-Identifier: MIT
import CFibers
import Fibers
import Foundation
import Testing

/// The main thread uses what may be shared without guards until another thread does.
@Suite(.timeLimit(.minutes(2))) struct GuardThreadsTests {
    @Test(arguments: 0..<4)
    func `nothing is lost when threads begin to share what the main thread had alone`(round: Int) async {
        let r = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) { [round] in
            try await MainActor.run {
                var guardOfTest = fibers_guard()
                try useAlone()
                try shareInTheMiddle(count: 5000 + round)
                let entered = fibers_guard_enter(&guardOfTest)
                fibers_guard_leave(entered)
                try #require(entered != nil)
            }
        }
        print(errorOutput(of: r))
    }
}

/// Every kind of object, by fibers of the one thread.
private func useAlone() throws {
    let (channel, event, semaphore) = (Channel<Int>(capacity: 2), Event(), Semaphore(1))
    let value = Lockable(0)
    let producer = Fiber.spawn {
        try event.wait()
        for number in 0..<1000 { try channel.put(number) }
        channel.close()
    }
    event.notify()
    let consumers = (0..<2).map { _ in
        Fiber.spawn {
            for number in channel { try semaphore.withPermit { try value.withLock { $0 += number } } }
        }
    }
    for fiber in [producer] + consumers { try fiber.wait() }
    try #require(value.withLock(\.self) == 499_500)
}

/// Numbers from 0 come from a worker that starts while the main thread puts its own, from -1 down, and takes both.
private func shareInTheMiddle(count: Int) throws {
    let channel = Channel<Int>(capacity: 8)
    let starter = Fiber.spawn {
        for _ in 0..<10 { try Fiber.yield() }
        return try Threads.spawn { for number in 0..<count { try channel.put(number) } }
    }
    var (own, taken): (Int, [Int]) = (0, [])
    while taken.last != count - 1 {
        for _ in 0..<20 where channel.putIfAvailable(-own - 1) { own += 1 }
        while let number = channel.takeIfAvailable() {
            taken.append(number)
            if number == count - 1 { break }
        }
        if !starter.isDone { try Fiber.yield() }
    }
    while let number = channel.takeIfAvailable() { taken.append(number) }
    try starter.fetch().wait()
    try #require(taken.filter { $0 >= 0 } == Array(0..<count))
    try #require(taken.filter { $0 < 0 } == (0..<own).map { -$0 - 1 })
}
