// SPDX-License-Identifier: MIT
import Testing

@testable import Fibers

@Suite struct NameLookupTests {
    @Test func `a numeric host is not looked up, so it never parks`() throws {
        try inFiber {
            let other = Fiber.spawn {}
            try #expect(NameLookup.addresses(of: "127.0.0.1", port: 80).map(\.description) == ["127.0.0.1:80"])
            #expect(!other.isDone)
        }
    }

    @Test func `a name gives addresses with the port asked for`() throws {
        try inFiber {
            let addresses = try NameLookup.addresses(of: "localhost", port: 80)
            #expect(!addresses.isEmpty)
            #expect(addresses.allSatisfy { $0.port == 80 && ["127.0.0.1", "::1"].contains($0.host) })
        }
    }

    @Test func `other fibers run while a name is looked up`() throws {
        try inFiber {
            var order: [String] = []
            Fiber.spawn { order.append("other") }
            _ = try NameLookup.addresses(of: "localhost", port: 80)
            order.append("found")
            #expect(order == ["other", "found"])
        }
    }

    @Test func `a cancelled look-up returns at once and its late result is dropped`() throws {
        try inFiber {
            let lookup = Fiber.spawn { try NameLookup.addresses(of: "localhost", port: 80) }
            try Fiber.yield()
            lookup.cancel()
            try Fiber.yield()
            #expect(lookup.isDone)
            #expect(failure(of: lookup) is CancellationError)
            try #expect(!NameLookup.addresses(of: "localhost", port: 80).isEmpty)
        }
    }

    @Test func `a loop that ends waits for the look-ups that were given up`() throws {
        for count in [1, 4, 20] {
            try inFiber {
                for _ in 0..<count { Fiber.spawn { try NameLookup.addresses(of: "localhost", port: 80) } }
                try Fiber.yield()
            }
        }
    }

    @Test(arguments: ["", "no.such.invalid", String(repeating: "x", count: 5000)])
    func `a name that cannot be resolved is named by the error`(host: String) throws {
        try inFiber {
            let error = #expect(throws: IOError.self) { try NameLookup.addresses(of: host, port: 80) }
            #expect(error?.operation == "resolve")
            #expect(error?.subject == host)
        }
    }
}
