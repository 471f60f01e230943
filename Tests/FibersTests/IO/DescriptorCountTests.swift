// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// Each in a process of its own, because descriptors are counted and limited per process.
@Suite struct DescriptorCountTests {
    @Test func `cancelled accepts leak nothing`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let listener = try TCPListener.listen(on: 0)
                let before = openStreamCount()
                for _ in 0..<50 {
                    let acceptor = Fiber.spawn { try listener.accept() }
                    try drain(rounds: 2)
                    acceptor.cancel()
                    #expect(failure(of: acceptor) is CancellationError)
                }
                #expect(openStreamCount() == before)
            }
        }
    }

    @Test func `connects cancelled at every moment leak nothing`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let listener = try TCPListener.listen(on: 0)
                let before = openStreamCount()
                for round in 0..<100 {
                    let connector = Fiber.spawn { try TCPConnection.connect(to: "127.0.0.1", port: listener.port) }
                    try drain(rounds: round % 4)
                    connector.cancel()
                    try? connector.wait()
                }
                #expect(openStreamCount() == before)
            }
        }
    }

    @Test func `failed connects and listens leak nothing`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let port = try unusedPort()
                let before = openStreamCount()
                for _ in 0..<50 {
                    #expect(throws: IOError.self) { try TCPConnection.connect(to: "127.0.0.1", port: port) }
                    #expect(throws: IOError.self) { try TCPListener.listen(on: port, host: "192.0.2.1") }
                }
                #expect(openStreamCount() == before)
            }
        }
    }

    @Test func `a loop leaves no descriptor behind, whatever was left open in it`() async {
        await #expect(processExitsWith: .success) {
            func leaveEverythingOpen() throws -> [Any] {
                try inFiber {
                    let pair = try connectedPair()
                    let listener = try TCPListener.listen(on: 0)
                    Fiber.spawn { try pair.server.read() }
                    Fiber.spawn { try listener.accept() }
                    Fiber.spawn { try Command("sleep", "100").output() }
                    try drain()
                    return [pair, listener, WakeUp(), try Signals(.hangup)]
                }
            }
            let warmUp = try leaveEverythingOpen()
            let before = openDescriptorCount()
            for _ in 0..<20 { _ = try leaveEverythingOpen() }
            #expect(openDescriptorCount() < before + 20)
            #expect(!warmUp.isEmpty)
        }
    }

    @Test func `connections that are dropped close their descriptors`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let before = openStreamCount()
                for _ in 0..<50 { _ = try connectedPair() }
                #expect(openStreamCount() == before)
            }
        }
    }

    @Test func `while descriptors are short an acceptor does not spin, and later goes on`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let listener = try TCPListener.listen(on: 0)
                let (client, server) = try connectedPair()
                let clients = try (0..<20).map { _ in try TCPConnection.connect(to: "127.0.0.1", port: listener.port) }
                limitDescriptors(toMoreThanOpen: 5)
                var accepted: [TCPConnection] = []
                Fiber.spawn { for connection in listener { accepted.append(connection) } }

                let before = processorTime()
                for _ in 0..<10 {
                    try client.write("ping")
                    try #expect(server.read() == Array("ping".utf8))
                    try Fiber.sleep(for: .milliseconds(10))
                }
                #expect(processorTime() - before < .milliseconds(50))
                #expect((1..<10).contains(accepted.count))

                while accepted.count < clients.count {
                    accepted.forEach { $0.close() }
                    try Fiber.sleep(for: .milliseconds(1))
                }
            }
        }
    }

    @Test func `while descriptors are short connecting and listening say so`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let listener = try TCPListener.listen(on: 0)
                limitDescriptors(toMoreThanOpen: 5)
                let connecting = errorAtDescriptorLimit {
                    try TCPConnection.connect(to: "127.0.0.1", port: listener.port)
                }
                #expect(connecting == "connect \(listener.address): too many open files (EMFILE)")
                let listening = errorAtDescriptorLimit { try TCPListener.listen(on: 0) }
                #expect(listening == "listen 127.0.0.1:0: too many open files (EMFILE)")
                let binding = errorAtDescriptorLimit { try UDPSocket.bind() }
                #expect(binding == "bind 127.0.0.1:0: too many open files (EMFILE)")
            }
        }
    }

    @Test func `a listener closed while descriptors are short ends its acceptor at once`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let listener = try TCPListener.listen(on: 0)
                let clients = try (0..<10).map { _ in try TCPConnection.connect(to: "127.0.0.1", port: listener.port) }
                limitDescriptors(toMoreThanOpen: 2)
                var accepted: [TCPConnection] = []
                let acceptor = Fiber.spawn { while true { accepted.append(try listener.accept()) } }
                try Fiber.sleep(for: .milliseconds(40))
                #expect(accepted.count < clients.count)
                listener.close()
                try drain()
                #expect(acceptor.failure is ClosedError)
            }
        }
    }
}
