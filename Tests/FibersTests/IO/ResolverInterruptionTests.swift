// SPDX-License-Identifier: MIT
import Testing

@testable import Fibers

@Suite struct ResolverInterruptionTests {
    private let servers = SlowServers()

    private func slowResolver(limit: Int) -> Resolver { Resolver(limit: limit, servers.addresses) }

    @Test func `SK7: a cancelled look-up returns at once and its late result is dropped`() throws {
        try inFiber {
            let resolver = slowResolver(limit: 1)
            let lookup = Fiber.spawn { try resolver.addresses(of: "slow") }
            try servers.waitUntilBegun(1)
            lookup.cancel()
            try Fiber.yield()
            #expect(lookup.isDone)
            #expect(failure(of: lookup) is CancellationError)
            servers.answer(2)
            try #expect(!resolver.addresses(of: "slow").isEmpty)
        }
    }

    @Test func `a look-up that is cancelled before its turn never begins`() throws {
        try inFiber {
            let resolver = slowResolver(limit: 1)
            let first = Fiber.spawn { try resolver.addresses(of: "slow") }
            try servers.waitUntilBegun(1)
            let second = Fiber.spawn { try resolver.addresses(of: "slow") }
            let third = Fiber.spawn { try resolver.addresses(of: "slow") }
            try drain()
            second.cancel()
            #expect(failure(of: second) is CancellationError)
            servers.answer(2)
            try first.wait()
            try third.wait()
            #expect(servers.begun == 2)
        }
    }

    @Test func `a fiber that is interrupted already starts no look-up`() throws {
        try inFiber {
            let resolver = slowResolver(limit: 1)
            let fiber = Fiber.spawn {
                Fiber.current.cancel()
                return try resolver.addresses(of: "slow")
            }
            #expect(failure(of: fiber) is CancellationError)
            #expect(servers.begun == 0)
        }
    }

    @Test func `a look-up has its time limit`() throws {
        _ = try inFiber {
            let resolver = slowResolver(limit: 1)
            #expect(throws: TimeoutError.self) {
                try withTimeout(.milliseconds(5)) { try resolver.addresses(of: "slow") }
            }
            servers.answer(1)
        }
    }

    @Test func `a loop that ends does not wait for look-ups that were given up`() throws {
        let resolver = slowResolver(limit: 4)
        try inFiber {
            for _ in 0..<6 { Fiber.spawn { try resolver.addresses(of: "slow") } }
            try servers.waitUntilBegun(4)
        }
        servers.answer(4)
    }

    @Test func `a process ends while servers do not answer`() async {
        await #expect(processExitsWith: .success) {
            let resolver = Resolver(limit: 4, SlowServers().addresses)
            try inFiber {
                for _ in 0..<4 { Fiber.spawn { try resolver.addresses(of: "slow") } }
                try drain()
            }
        }
    }
}
