// SPDX-License-Identifier: MIT
import CFibers
import Fibers
import Testing

/// A server with as many connections as a process may have. In a process of its own.
@Suite struct DescriptorLimitTests {
    @Test(.timeLimit(.minutes(5)))
    func `a server reaches 20000 descriptors, serves on, and accepts again when some are free`() async {
        await #expect(processExitsWith: .success) {
            let limit = allowDescriptors(fibers_announces_switches ? 5_000 : 20_000)  // a sanitizer takes its time
            try inFiber {
                let server = try FullServer()
                try server.connect((limit - 500) / 2)
                try server.stopAccepting()
                let refusal = try server.connectUntilRefused()
                #expect(refusal == "connect \(server.listener.address): too many open files (EMFILE)")
                try #require(server.waiting.count > 100)

                // Nobody else can come in, and those who are there notice nothing.
                server.accept()
                let before = processorTime()
                for number in 0..<10 {
                    try server.expectExchange(number)
                    try Fiber.sleep(for: .milliseconds(10))
                }
                #expect(processorTime() - before < .milliseconds(50))
                #expect(server.accepted.count < server.clients.count + server.waiting.count - 100)

                // Whoever waited is served as soon as others have gone.
                server.close(limit / 10)
                try server.expectAllAccepted()
                for number in 0..<server.waiting.count { try server.expectExchange(server.clients.count + number) }
            }
        }
    }
}

/// A server with its clients, both of which are told what to do. Clients are accepted in the order in which they came.
private final class FullServer {
    let listener: TCPListener
    private(set) var clients: [TCPConnection] = []
    private(set) var accepted: [TCPConnection] = []
    /// Clients that came when nobody accepted.
    private(set) var waiting: [TCPConnection] = []
    private var acceptor: Fiber<Void>?

    init() throws {
        listener = try TCPListener.listen(on: 0)
        accept()
    }

    func accept() {
        acceptor = Fiber.spawn { [self] in
            while true { accepted.append(try listener.accept()) }
        }
    }

    func stopAccepting() throws {
        acceptor?.cancel()
        #expect(failure(of: try #require(acceptor)) is CancellationError)
    }

    func connect(_ count: Int) throws {
        for _ in 0..<count { clients.append(try connect()) }
        try expectAllAccepted()
    }

    /// What the connect throws that finds no descriptor.
    func connectUntilRefused() throws -> String {
        while true {
            do { waiting.append(try connect()) } catch { return "\(error)" }
        }
    }

    /// Leaves no trace when it closes: of ports there are not many more than the test uses.
    private func connect() throws -> TCPConnection {
        var options = TCPOptions()
        options.resetsOnClose = true
        return try TCPConnection.connect(to: "127.0.0.1", port: listener.port, options: options)
    }

    func expectAllAccepted() throws {
        let count = clients.count + waiting.count
        let result = try timedWait(timeout: .seconds(60), pollInterval: .milliseconds(1)) { accepted.count == count }
        #expect(result == .ok)
    }

    /// What a client says, the server hears, and back.
    func expectExchange(_ number: Int) throws {
        let client = number < clients.count ? clients[number] : waiting[number - clients.count]
        try client.write("\(number)")
        try #expect(accepted[number].readText() == "\(number)")
        try accepted[number].write("yes")
        try #expect(client.readText() == "yes")
    }

    /// Closes connections at both ends.
    func close(_ count: Int) {
        for connection in accepted[..<clients.count].suffix(count) + clients.suffix(count) { connection.close() }
    }
}
