// SPDX-License-Identifier: MIT
import Testing

@testable import Fibers

@Suite struct WithoutParkingTests {
    @Test func `what need not park is done, and a park throws at once`() throws {
        try inFiber {
            var others = 0
            Fiber.spawn { others += 1 }
            let (one, other) = MemoryStream.makePair(capacity: 3)
            let error = failure { try withoutParking { try one.write("hello") } }
            #expect((error as? PartialWriteError)?.bytesWritten == 3)
            #expect(failure { try withoutParking { try Event().wait() } } is CancellationError)
            #expect(others == 0)
            #expect(try other.readText() == "hel")
            try Fiber.yield()
            #expect(others == 1)
        }
    }

    @Test func `what was thrown into the fiber before stays for its next park`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                try? withoutParking { try Event().wait() }
                try Event().wait()
            }
            fiber.cancel()
            #expect(failure(of: fiber) is CancellationError)
            Fiber.current.schedule(throwing: Failure("handed"))
            #expect(failure { try withoutParking { try Event().wait() } } is CancellationError)
            #expect((failure { try Event().wait() } as? Failure)?.description == "handed")
        }
    }

    @Test func `a fiber that is parked is interrupted, one whose wait was decided is not`() throws {
        try inFiber {
            let event = Event()
            let parked = Fiber.spawn { try event.wait() }
            let running = Fiber.spawn { try Fiber.yield() }
            try Fiber.yield()
            for fiber in [parked, running] { fiber.interruptIfUndecided(throwing: Failure("over")) }
            #expect(failure(of: parked) is Failure)
            #expect(failure(of: running) == nil)
        }
    }
}
