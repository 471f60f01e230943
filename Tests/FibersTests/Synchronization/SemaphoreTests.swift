// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct SemaphoreTests {
    @Test(arguments: [0, -3])
    func `SM1: a size that is not positive traps`(size: Int) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [size] in
            _ = Semaphore(size)
        }
        #expect(trapSaid("Semaphore size must be > 0, not \(size)", result))
    }

    @Test(arguments: 1...4)
    func `SM2: never more fibers are inside than there are permits`(permits: Int) throws {
        try inFiber {
            let semaphore = Semaphore(permits)
            var (inside, most) = (0, 0)
            let fibers = (0..<10).map { _ in
                Fiber.spawn {
                    try semaphore.acquire()
                    inside += 1
                    most = max(most, inside)
                    try Fiber.yield()
                    inside -= 1
                    semaphore.release()
                }
            }
            for fiber in fibers { try fiber.wait() }
            #expect(most == permits && inside == 0)
        }
    }

    @Test func `SM2: a permit that is free is taken without parking`() throws {
        try inFiber {
            let semaphore = Semaphore(2)
            var isElsewhere = false
            Fiber.spawn { isElsewhere = true }
            for _ in 0..<2 { try semaphore.acquire() }
            #expect(!isElsewhere)
        }
    }

    @Test func `SM2: a permit is not owned, so a second acquire by the same fiber waits for ever`() throws {
        try inFiber {
            let semaphore = Semaphore(1, name: "only")
            try semaphore.acquire()
            let error = #expect(throws: DeadlockError.self) { try semaphore.acquire() }
            #expect(error?.fibers.first?.waitsFor == "for a permit of Semaphore \"only\" (0 of 1 free)")
            semaphore.release()
            try semaphore.acquire()
        }
    }

    @Test func `SM2: permits are handed over in the order of waiting, and a newcomer overtakes nobody`() throws {
        try inFiber {
            let semaphore = Semaphore(1)
            var log: [String] = []
            func spawn(_ name: String) {
                Fiber.spawn {
                    try semaphore.acquire()
                    log.append(name)
                }
            }
            try semaphore.acquire()
            for name in ["a", "b"] { spawn(name) }
            try Fiber.yield()
            semaphore.release()
            #expect(!semaphore.acquireIfAvailable())
            spawn("newcomer")
            for _ in 0..<2 {
                try drain()
                semaphore.release()
            }
            try drain()
            #expect(log == ["a", "b", "newcomer"])
        }
    }

    @Test func `SM2: without parking, a permit is taken only if one is free`() throws {
        try inFiber {
            let semaphore = Semaphore(2)
            #expect(semaphore.acquireIfAvailable() && semaphore.acquireIfAvailable())
            #expect(!semaphore.acquireIfAvailable())
            semaphore.release()
            #expect(semaphore.acquireIfAvailable())
        }
    }

    @Test func `SM3 NW6: withPermit returns the value of its body and releases`() throws {
        try inFiber {
            let semaphore = Semaphore(1)
            for number in 0..<3 {
                try #expect(semaphore.withPermit { number + (semaphore.acquireIfAvailable() ? 100 : 0) } == number)
            }
            #expect("\(semaphore)" == "Semaphore (1 of 1 free)")
        }
    }

    @Test func `SM3 NW6: withPermit releases when its body throws`() throws {
        try inFiber {
            let semaphore = Semaphore(2, name: "db")
            #expect(throws: Failure.self) { try semaphore.withPermit { throw Failure("expected") } }
            #expect("\(semaphore)" == "Semaphore \"db\" (2 of 2 free)")
        }
    }

    @Test func `SM4: any fiber may release, and release never switches`() throws {
        try inFiber {
            let semaphore = Semaphore(1)
            try semaphore.acquire()
            var log: [String] = []
            Fiber.spawn {
                try semaphore.acquire()
                log.append("acquired")
            }
            try Fiber.yield()
            Fiber.spawn {
                semaphore.release()
                log.append("released")
            }
            try drain()
            #expect(log == ["released", "acquired"])
        }
    }

    @Test func `SM4: a release without an acquire traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let semaphore = Semaphore(1)
                try semaphore.acquire()
                for _ in 0..<2 { semaphore.release() }
            }
        }
        #expect(trapSaid("release count must match acquire count", result))
    }
}
