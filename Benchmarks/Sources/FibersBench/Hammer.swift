// SPDX-License-Identifier: MIT
import ArgumentParser
import CFloor
import Dispatch
import Fibers
import Foundation

/// Two loops whose fibers wake each other over and over, and which go to sleep in between. A wake-up that gets lost on the
/// way into a sleep would end the exchange; the watchdog then dumps all fibers.
struct Hammer: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wakes fibers of another thread while that goes to sleep, again and again; fails if one comes late.")

    @Option(help: "How many wakes.")
    var wakes = 10_000_000

    @Option(help: "How many pairs of fibers wake each other. The fewer, the more often the loops sleep.")
    var pairs = 4

    @Option(help: "Milliseconds after which a wake is late.")
    var limit = 50

    func run() throws {
        try Threads.configure(default: 2)
        let progress = Progress()
        watch(progress)
        let all = (0..<pairs).map { _ in HammeredPair(wakes: wakes / pairs / 2) }
        let time = try ContinuousClock().measure {
            let sides = try Threads.spawnOnEachWorker { worker in
                try withFiberGroup { group in
                    for pair in all { group.spawn { try pair.run(side: worker - 1, progress) } }
                }
            }
            for side in sides { try side.wait() }
        }
        let late = all.flatMap(\.latest).filter { $0 > Double(limit) * 1e6 }.count
        let latest = all.flatMap(\.latest).max() ?? 0
        print("\(wakes) wakes in \(time): the latest after \(latest / 1e6) ms")
        guard late == 0 else { throw ExitCode.failure }
    }

    /// Ends the program with a dump of all fibers if nothing happens for five seconds.
    private func watch(_ progress: Progress) {
        Thread.detachNewThread {
            var last = -1
            while case let now = progress.count, now != last {
                last = now
                Thread.sleep(forTimeInterval: 5)
            }
            EventLoop.dumpFibers()
            Thread.sleep(forTimeInterval: 1)
            Foundation.exit(1)
        }
    }
}

/// Two fibers, on two threads, that wake each other in turn.
///
/// `@unchecked Sendable`: each time and each of the latest is written by one side, and read by the other when it was woken.
final class HammeredPair: @unchecked Sendable {
    private let events = [Event(autoReset: true), Event(autoReset: true)]
    private let wakes: Int
    /// When each side was woken.
    private var times: [UInt64] = [0, 0]
    /// Nanoseconds that the slowest wake of each side took.
    private(set) var latest: [Double] = [0, 0]

    init(wakes: Int) { self.wakes = wakes }

    func run(side: Int, _ progress: Progress) throws {
        var random = SystemRandomNumberGenerator()
        if side == 0 { wake(1) }
        for number in 1...wakes {
            try events[side].wait()
            latest[side] = max(latest[side], Double(DispatchTime.now().uptimeNanoseconds - times[side]))
            if number % 64 == 0 { progress.add(64) }
            if random.next(upperBound: 16 as UInt) == 0 { try Fiber.sleep(for: .milliseconds(1)) }
            if side == 1 || number < wakes { wake(1 - side) }
        }
    }

    private func wake(_ side: Int) {
        times[side] = DispatchTime.now().uptimeNanoseconds
        events[side].notify()
    }
}

/// How many wakes there were, for the watchdog.
final class Progress: Sendable {
    private let lock = NSLock()
    nonisolated(unsafe) private var value = 0

    var count: Int { lock.withLock { value } }

    func add(_ count: Int) { lock.withLock { value += count } }
}
