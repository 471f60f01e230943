// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct DescriptorPollTests {
    /// A poll on the read end of a pipe, and the write end.
    private func pipe() throws -> (poll: DescriptorPoll, writeEnd: FileDescriptor) {
        let ends = try SpawnPlan.pipe(to: .writing)
        return (try DescriptorPoll(ends.ours, subject: "pipe"), FileDescriptor(rawValue: ends.theirs))
    }

    private func readByte(_ poll: DescriptorPoll) throws -> UInt8? {
        var byte: UInt8 = 0
        let count = try poll.retry(.reading) { descriptor in
            withUnsafeMutableBytes(of: &byte) { Socket.read(descriptor, into: $0) }
        }
        return count == 1 ? byte : nil
    }

    @Test func `everybody who waits for a descriptor is woken`() throws {
        try inFiber {
            let (poll, writeEnd) = try pipe()
            let waiters = (0..<3).map { _ in Fiber.spawn { try poll.wait(.reading) } }
            try drain()
            try writeEnd.writeAll([1])
            for waiter in waiters { try waiter.wait() }
            try writeEnd.close()
        }
    }

    @Test func `the system call is tried before the fiber parks`() throws {
        try inFiber {
            let (poll, writeEnd) = try pipe()
            try writeEnd.writeAll([1])
            try #expect(readByte(poll) == 1)
            #expect(poll.armed == 0)
            try writeEnd.close()
        }
    }

    @Test func `who always finds data lets others run, and timers fire`() throws {
        try inFiber {
            let (poll, writeEnd) = try pipe()
            try writeEnd.writeAll([UInt8](repeating: 1, count: 10_000))
            let reader = Fiber.spawn { for _ in 0..<10_000 { try #expect(readByte(poll) == 1) } }
            let sleeper = Fiber.spawn { try Fiber.sleep(for: .nanoseconds(1)) }
            var turns = 0
            while !reader.isDone {
                turns += 1
                try Fiber.yield()
            }
            #expect(turns > 100)
            #expect(sleeper.isDone)
            try writeEnd.close()
        }
    }

    @Test func `a cancelled fiber does without parking what can be done without`() throws {
        try inFiber {
            let (poll, writeEnd) = try pipe()
            try writeEnd.writeAll([UInt8](repeating: 1, count: 1000))
            let reader = Fiber.spawn {
                Fiber.current.cancel()
                for _ in 0..<1000 { try #expect(readByte(poll) == 1) }
            }
            try reader.wait()
            try writeEnd.close()
        }
    }

    @Test func `a descriptor stays watched until who was woken has run, and can be drained`() throws {
        try inFiber {
            let (poll, writeEnd) = try pipe()
            let reader = Fiber.spawn { try poll.wait(.reading) }
            try drain()
            try writeEnd.writeAll([1])
            for _ in 0..<3 {
                Loop.current.turn(of: .current, timeout: 0)
                #expect(reader.state == .queued && poll.armed != 0)
                #expect(Scheduler.current.polledFibers == 1)
            }
            try reader.wait()
            #expect(Scheduler.current.polledFibers == 0)
            Loop.current.turn(of: .current, timeout: 0)
            #expect(poll.armed == 0)
            try writeEnd.close()
        }
    }

    @Test func `who is woken and interrupted before it runs counts as having run`() throws {
        try inFiber {
            let (poll, writeEnd) = try pipe()
            let reader = Fiber.spawn { try poll.wait(.reading) }
            try drain()
            try writeEnd.writeAll([1])
            Loop.current.turn(of: .current, timeout: 0)
            reader.cancel()
            try reader.wait()
            #expect(Scheduler.current.polledFibers == 0)
            try writeEnd.close()
        }
    }

    @Test func `a descriptor stays watched from request to request`() throws {
        try inFiber {
            let (poll, writeEnd) = try pipe()
            let reader = Fiber.spawn { while try readByte(poll) != nil {} }
            for byte in UInt8(0)..<10 {
                while reader.state != .waiting { try Fiber.yield() }
                #expect(poll.armed != 0)
                try writeEnd.writeAll([byte])
            }
            try writeEnd.close()
            try reader.wait()
        }
    }

    @Test func `a descriptor that is ready while nobody waits is watched no more`() throws {
        try inFiber {
            let (poll, writeEnd) = try pipe()
            let reader = Fiber.spawn { try readByte(poll) }
            try drain()
            try writeEnd.writeAll([1, 2])
            try #expect(reader.fetch() == 1)
            #expect(poll.armed != 0)
            try Fiber.sleep(for: .milliseconds(1))
            #expect(poll.armed == 0)
            try #expect(readByte(poll) == 2)
            try writeEnd.close()
        }
    }

    @Test func `a cancelled wait leaves the others waiting`() throws {
        try inFiber {
            let (poll, writeEnd) = try pipe()
            let waiters = (0..<2).map { _ in Fiber.spawn { try poll.wait(.reading) } }
            try drain()
            waiters[0].cancel()
            #expect(failure(of: waiters[0]) is CancellationError)
            try writeEnd.close()
            try waiters[1].wait()
        }
    }

    @Test func `closing gives ClosedError to who waits and who will`() throws {
        try inFiber {
            let (poll, writeEnd) = try pipe()
            let waiter = Fiber.spawn { try poll.wait(.reading) }
            try drain()
            poll.close()
            #expect(failure(of: waiter) is ClosedError)
            let error = #expect(throws: ClosedError.self) { try poll.wait(.writing) }
            #expect(error?.subject == "pipe")
            try writeEnd.close()
        }
    }

    @Test func `after an error was reported the descriptor can be waited for again`() throws {
        try inFiber {
            let port = try unusedUDPPort()
            let poll = try DescriptorPoll(connectedUDPSocket(port), subject: "UDP socket")
            let reader = Fiber.spawn { try readByte(poll) }
            try drain()
            _ = send(poll.descriptor, [1], 1, 0)
            try #expect(reader.fetch() == nil)
            let next = Fiber.spawn { try readByte(poll) }
            try drain()
            let answerer = try connectedUDPSocket(poll.localPort, from: port)
            _ = send(answerer, [42], 1, 0)
            try #expect(next.fetch() == 42)
            close(answerer)
        }
    }

    @Test func `a descriptor that cannot be watched is refused and closed`() throws {
        try inFiber {
            let folder = try FileDescriptor.open("/", .readOnly, options: .closeOnExec)
            let error = #expect(throws: IOError.self) { try DescriptorPoll(folder.rawValue, subject: "folder") }
            #expect(error?.code == .notPermitted)
            #expect(error?.subject == "folder")
        }
    }
}
