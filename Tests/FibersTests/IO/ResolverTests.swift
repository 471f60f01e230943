// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

@Suite struct ResolverTests {
    private let servers = SlowServers()

    private func slowResolver(limit: Int) -> Resolver { Resolver(limit: limit, servers.addresses) }

    @Test func `a numeric host is not looked up, so it never parks`() throws {
        try inFiber {
            let other = Fiber.spawn {}
            try #expect(Resolver.shared.addresses(of: "127.0.0.1", port: 80).map(\.description) == ["127.0.0.1:80"])
            #expect(!other.isDone)
        }
    }

    @Test func `SK7: a name gives addresses with the port asked for`() throws {
        try inFiber {
            let addresses = try Resolver.shared.addresses(of: "localhost", port: 80)
            #expect(!addresses.isEmpty)
            #expect(addresses.allSatisfy { $0.port == 80 && ["127.0.0.1", "::1"].contains($0.host) })
        }
    }

    @Test func `SK7: an address has a name`() throws {
        try inFiber {
            let address = try #require(SocketAddress(numericHost: "127.0.0.1", port: 0))
            try #expect(!Resolver.shared.name(of: address).isEmpty)
        }
    }

    @Test func `SK7: other fibers run while a name is looked up`() throws {
        try inFiber {
            let lookup = Fiber.spawn { try slowResolver(limit: 1).addresses(of: "slow", port: 7) }
            try servers.waitUntilBegun(1)
            #expect(lookup.state == .waiting)
            servers.answer(1)
            try #expect(lookup.fetch().map(\.description) == ["127.0.0.1:7"])
        }
    }

    @Test func `no more look-ups run at a time than the limit, and all are answered`() throws {
        try inFiber {
            let resolver = slowResolver(limit: 3)
            let lookups = (0..<20).map { number in Fiber.spawn { try resolver.addresses(of: "slow", port: number)[0] } }
            servers.answer(20)
            for (number, lookup) in lookups.enumerated() { try #expect(lookup.fetch().port == number) }
            #expect(servers.peak <= 3)
        }
    }

    @Test func `servers that do not answer delay neither offloaded work nor other resolvers`() throws {
        try inFiber {
            let resolver = slowResolver(limit: 8)
            let lookups = (0..<20).map { _ in Fiber.spawn { try resolver.addresses(of: "slow") } }
            try servers.waitUntilBegun(8)
            for number in 0..<8 { try #expect(offload { number } == number) }
            try #expect(!Resolver.shared.addresses(of: "localhost").isEmpty)
            #expect(lookups.allSatisfy { !$0.isDone })
            servers.answer(20)
            for lookup in lookups { try lookup.wait() }
        }
    }

    @Test func `several threads share a resolver`() throws {
        let resolver = slowResolver(limit: 2)
        servers.answer(40)
        try inFiber {
            let workers = try (0..<4).map { number in
                try Threads.spawn { try (0..<10).map { try resolver.addresses(of: "x", port: number + $0)[0].port } }
            }
            for (number, worker) in workers.enumerated() {
                try #expect(worker.fetch() == Array(number..<number + 10))
            }
        }
    }

    @Test(arguments: ["", "no.such.invalid", String(repeating: "x", count: 5000)])
    func `SK7: a name that cannot be resolved is named by the error`(host: String) throws {
        try inFiber {
            let error = #expect(throws: IOError.self) { try Resolver.shared.addresses(of: host, port: 80) }
            #expect(error?.operation == "resolve")
            #expect(error?.subject == host)
            #expect(error?.name.hasPrefix("E") == true)
        }
    }

    @Test func `SK7: a host that holds a NUL, and a port that is none, are refused`() throws {
        try inFiber {
            #expect(throws: ArgumentError.self) { try Resolver.shared.addresses(of: "a\0b") }
            #expect(throws: ArgumentError.self) { try Resolver.shared.addresses(of: "localhost", port: 65_536) }
        }
    }

    @Test func `a limit that lets no look-up begin traps`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Resolver(limit: 0)
        }
        #expect(trapSaid("a resolver needs a limit of at least 1 look-up, not 0", result))
    }
}
