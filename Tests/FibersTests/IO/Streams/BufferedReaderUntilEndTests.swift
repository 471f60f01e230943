// SPDX-License-Identifier: MIT
import Testing

@testable import Fibers

@Suite struct BufferedReaderUntilEndTests {
    @Test func `what the body returns is returned, and what came meanwhile can be read`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let (reader, job) = (BufferedReader(near), Channel<Int>())
            let waiting = Fiber.spawn { try reader.untilEnd { try job.take() } }
            try drain()
            try far.write("more")
            try drain()
            try job.put(1)
            try #expect(waiting.fetch() == 1)
            try #expect(reader.read() == Array("more".utf8))
            try far.write("again")
            try #expect(reader.read() == Array("again".utf8))
        }
    }

    @Test func `the end of input ends the body, which takes nothing, and the fiber parks as usual afterwards`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let (reader, job) = (BufferedReader(near), Channel<Int>())
            let waiting = Fiber.spawn {
                let taken = try reader.untilEnd { try job.take() }
                try Fiber.yield()
                return taken
            }
            try drain()
            try far.write("more")
            far.close()
            try #expect(waiting.fetch() == nil)
            #expect(!job.putIfAvailable(1))
            try #expect(reader.readToEnd() == Array("more".utf8))
        }
    }

    @Test func `what the body was handed before the end of input is returned`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let (reader, job) = (BufferedReader(near), Channel<Int>())
            let waiting = Fiber.spawn { try reader.untilEnd { try job.take() } }
            try drain()
            #expect(job.putIfAvailable(1))
            far.close()
            try #expect(waiting.fetch() == 1)
        }
    }

    @Test func `a body that does not park is not ended, and one that fails throws its error`() throws {
        try inFiber {
            let reader = BufferedReader(MemoryStream())
            try #expect(reader.untilEnd { 1 } == 1)
            let error = Failure("no")
            #expect(failure { _ = try reader.untilEnd { throw error } } as? Failure === error)
        }
    }

    @Test func `an end behind more than is read ahead is not noticed`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let (reader, job) = (BufferedReader(near), Channel<Int>())
            let waiting = Fiber.spawn { try reader.untilEnd(readingAhead: 3) { try job.take() } }
            try far.write("abc")
            far.close()
            try drain()
            #expect(!waiting.isDone)
            try job.put(1)
            try #expect(waiting.fetch() == 1)
        }
    }

    @Test func `a failure of the stream ends the body, and the next read throws it`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let (reader, job) = (BufferedReader(near), Channel<Int>())
            let waiting = Fiber.spawn { try reader.untilEnd { try job.take() } }
            try drain()
            near.close()
            try #expect(waiting.fetch() == nil)
            #expect(failure { try reader.read() } is ClosedError)
            far.close()
        }
    }

    @Test func `the cancellation of the fiber is thrown`() throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let waiting = Fiber.spawn { try BufferedReader(near).untilEnd { try Channel<Int>().take() } }
            try drain()
            waiting.cancel()
            #expect(failure(of: waiting) is CancellationError)
            far.close()
        }
    }
}
