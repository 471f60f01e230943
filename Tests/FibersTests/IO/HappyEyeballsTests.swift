// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

/// Hosts that accept, refuse or keep silent as told, and what was tried with them.
private final class Hosts {
    private(set) var tried: [String] = []
    private(set) var ended: [String] = []
    private let answers: [String: Event]
    private let refusing: Set<String>

    /// Every host that is not named accepts at once.
    init(silent: [String] = [], refusing: Set<String> = []) {
        answers = Dictionary(uniqueKeysWithValues: silent.map { ($0, Event()) })
        self.refusing = refusing
    }

    func attempt(_ address: SocketAddress) throws -> String {
        let host = address.host
        tried.append(host)
        defer { ended.append(host) }
        try answers[host]?.wait()
        if refusing.contains(host) { throw IOError(operation: "connect", subject: host, code: .connectionRefused) }
        return host
    }

    func answer(_ host: String) { answers[host]?.notify() }
}

@Suite struct HappyEyeballsTests {
    private let never = HappyEyeballs(delay: .seconds(3600))
    private let atOnce = HappyEyeballs(delay: .zero)

    private func addresses(_ hosts: String...) -> [SocketAddress] {
        hosts.compactMap { SocketAddress(numericHost: $0, port: 1) }
    }

    @Test(arguments: [
        (["::1", "::2", "1.1.1.1", "2.2.2.2"], ["::1", "1.1.1.1", "::2", "2.2.2.2"]),
        (["1.1.1.1", "::1", "::2", "::3"], ["1.1.1.1", "::1", "::2", "::3"]),
        (["::1", "::2", "::3", "1.1.1.1"], ["::1", "1.1.1.1", "::2", "::3"]),
        (["1.1.1.1", "2.2.2.2"], ["1.1.1.1", "2.2.2.2"]),
    ])
    func `kinds of address are tried by turns, the system's favourite first`(system: [String], order: [String]) throws {
        try inFiber {
            let hosts = Hosts(refusing: Set(system))
            let addresses = system.compactMap { SocketAddress(numericHost: $0, port: 1) }
            let error = #expect(throws: IOError.self) { try never.first(of: addresses, hosts.attempt) }
            #expect(hosts.tried == order)
            #expect(error?.subject == order.last)
        }
    }

    @Test func `an address that accepts at once is the only one tried`() throws {
        try inFiber {
            let hosts = Hosts()
            try #expect(never.first(of: addresses("::1", "1.1.1.1"), hosts.attempt) == "::1")
            #expect(hosts.tried == ["::1"])
        }
    }

    @Test func `the next address is tried as soon as one refuses`() throws {
        try inFiber {
            let hosts = Hosts(refusing: ["::1", "1.1.1.1"])
            try #expect(never.first(of: addresses("::1", "1.1.1.1", "::2"), hosts.attempt) == "::2")
        }
    }

    @Test func `the next address is tried when one keeps silent for too long, and the silent one is given up`() throws {
        try inFiber {
            let hosts = Hosts(silent: ["::1"])
            try #expect(atOnce.first(of: addresses("::1", "1.1.1.1"), hosts.attempt) == "1.1.1.1")
            #expect(hosts.ended == ["1.1.1.1", "::1"])
        }
    }

    @Test func `a slow address that answers while the next is tried wins`() throws {
        try inFiber {
            let hosts = Hosts(silent: ["::1", "1.1.1.1"])
            let winner = Fiber.spawn { try atOnce.first(of: addresses("::1", "1.1.1.1"), hosts.attempt) }
            while hosts.tried.count < 2 { try Fiber.yield() }
            try drain()
            hosts.answer("::1")
            try #expect(winner.fetch() == "::1")
            #expect(hosts.ended == ["::1", "1.1.1.1"])
        }
    }

    @Test func `of two that answer at the same time the first one wins`() throws {
        try inFiber {
            let hosts = Hosts(silent: ["::1", "1.1.1.1"])
            let winner = Fiber.spawn { try atOnce.first(of: addresses("::1", "1.1.1.1"), hosts.attempt) }
            while hosts.tried.count < 2 { try Fiber.yield() }
            hosts.answer("1.1.1.1")
            hosts.answer("::1")
            try #expect(winner.fetch() == "1.1.1.1")
        }
    }

    @Test func `while others keep silent, the last one to refuse does not end the wait`() throws {
        try inFiber {
            let hosts = Hosts(silent: ["::1"], refusing: ["1.1.1.1"])
            let winner = Fiber.spawn { try atOnce.first(of: addresses("::1", "1.1.1.1"), hosts.attempt) }
            while hosts.ended.isEmpty { try Fiber.yield() }
            try drain()
            #expect(!winner.isDone)
            hosts.answer("::1")
            try #expect(winner.fetch() == "::1")
        }
    }

    @Test func `a cancelled race leaves no attempt behind`() throws {
        try inFiber {
            let hosts = Hosts(silent: ["::1", "1.1.1.1"])
            let race = Fiber.spawn { try atOnce.first(of: addresses("::1", "1.1.1.1"), hosts.attempt) }
            while hosts.tried.count < 2 { try Fiber.yield() }
            race.cancel()
            #expect(failure(of: race) is CancellationError)
            #expect(hosts.ended == ["::1", "1.1.1.1"])
        }
    }

    @Test func `a time limit around a race ends it, and no further address is tried`() throws {
        try inFiber {
            let hosts = Hosts(silent: ["::1", "1.1.1.1"])
            #expect(throws: TimeoutError.self) {
                try withTimeout(.milliseconds(1)) {
                    try never.first(of: addresses("::1", "1.1.1.1"), hosts.attempt)
                }
            }
            #expect(hosts.tried == ["::1"])
            #expect(hosts.ended == ["::1"])
        }
    }
}
