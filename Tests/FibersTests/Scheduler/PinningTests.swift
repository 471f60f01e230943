// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import Testing

@Suite struct PinningTests {
    @Test func `T3: a fiber stays on the thread of its loop, whatever it waits for`() throws {
        try inFiber {
            let home = pthread_self()
            let fibers = Park.allCases.map { kind in
                Fiber.spawn {
                    var isAtHome = pthread_self() == home
                    try? kind.park()
                    isAtHome = isAtHome && pthread_self() == home
                    try? Fiber.shield { try Fiber.sleep(for: .microseconds(100)) }
                    return isAtHome && pthread_self() == home
                }
            }
            try Fiber.yield()
            for fiber in fibers { fiber.cancel() }
            try #expect(fibers.allSatisfy { try $0.fetch() })
        }
    }

    @Test func `T3: each thread has its own fibers, root and numbers`() throws {
        try inFiber {
            let here = ObjectIdentifier(Fiber.current)
            onNewThread {
                let there = try? inFiber { ObjectIdentifier(Fiber.current) }
                #expect(there != nil && there != here)
            }
            #expect(ObjectIdentifier(Fiber.current) == here)
        }
    }

    @Test func `errno is kept by the thread, not by the fiber: a fiber reads it before it parks`() throws {
        try inFiber {
            let fiber = Fiber.spawn {
                errno = ENOENT
                let code = errno
                try Fiber.yield()
                return code
            }
            Fiber.spawn { errno = EINTR }
            try #expect(fiber.fetch() == ENOENT)
        }
    }

    @Test func `TH4 TH8: fibers are no threads: a hundred of them share the one of their loop, over every yield`()
        throws
    {
        try inFiber {
            let home = pthread_self()
            let fibers = (0..<100).map { _ in
                Fiber.spawn { try (0..<100).allSatisfy { _ in try yieldsHome(home) } }
            }
            try #expect(fibers.allSatisfy { try $0.fetch() })
        }
    }

    private func yieldsHome(_ home: pthread_t) throws -> Bool {
        try Fiber.yield()
        return pthread_self() == home
    }
}
