// SPDX-License-Identifier: MIT
import Fibers
import FibersTLS
import SystemPackage
import Testing

/// What a side may send without end, and what that costs the other one.
@Suite struct FloodTests {
    private func withClient(
        capacity: Int = 65_536, _ body: (OpenSSLClient, TLSStream, MemoryStream) throws -> Void
    ) throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair(capacity: capacity)
            let accepting = Fiber.spawn { try TLSStream.accept(over: far, context: .server()) }
            let client = OpenSSLClient(over: near)
            try client.shakeHands()
            try body(client, accepting.fetch(), near)
        }
    }

    @Test(arguments: [false, true])
    func `keys that are changed without end, and without data, end the conversation`(isAsking: Bool) throws {
        try withClient { client, server, near in
            let flood = Fiber.spawn { while true { try client.changeKeys(times: 10, isAsking: isAsking) } }
            for _ in 0..<2 {
                let error = failure { try server.read() } as? TLSError
                #expect(error?.cause == .protocolViolated)
                #expect(error?.reason == "too many records without data")
            }
            #expect(failure { try server.write("more") } is TLSError)
            server.close()
            #expect(code(of: failure(of: flood)) == .brokenPipe)
            // Each answer takes 27 bytes.
            try #expect(near.readAll().count < 40 * 27)
        }
    }

    @Test func `keys may be changed as often as one likes between data, and nothing is lost`() throws {
        try withClient { client, server, _ in
            let sender = Fiber.spawn {
                for number in 0..<100 {
                    try client.changeKeys(times: 32, isAsking: number % 10 == 0)
                    try client.write("\(number) ")
                }
            }
            var text = ""
            while !text.hasSuffix("99 ") { text += try server.readText() }
            #expect(text == (0..<100).map { "\($0) " }.joined())
            try sender.wait()
            try server.write("all of it")
            try #expect(client.read() == "all of it")
        }
    }

    @Test func `who asks for new keys and reads no answers is not read from any more`() throws {
        try withClient(capacity: 4096) { client, server, near in
            var sent = 0
            let sender = Fiber.spawn {
                while sent < 300 {
                    try client.changeKeys(times: 20, isAsking: true)
                    try client.write("x")
                    sent += 1
                }
            }
            var received = 0
            let reader = Fiber.spawn { while received < 300 { received += try server.readText().utf8.count } }
            let result = try timedWait(timeout: .seconds(60)) { sender.state == .waiting && reader.state == .waiting }
            #expect(result == .ok)
            // Answers of 64 KiB and of what a transport holds, at 27 bytes each; the client is a little ahead.
            #expect((100..<200).contains(received))
            #expect(sent < 200)

            // When it does read the answers, all goes on.
            let answers = Fiber.spawn { try client.read() }
            try sender.wait()
            try reader.wait()
            try server.write("end")
            try #expect(answers.fetch() == "end")
        }
    }

    @Test(arguments: [false, true])
    func `a side that sends without end does not hold up a close`(isFinishing: Bool) throws {
        try inFiber {
            let (near, far) = MemoryStream.makePair()
            let transport = ObservedStream(near)
            let accepting = Fiber.spawn { try TLSStream.accept(over: far, context: .server()) }
            let context = try TLSContext.client { $0.closeLimit = .milliseconds(5) }
            let client = try TLSStream.connect(over: transport, host: "example.org", context: context)
            let server = try accepting.fetch()
            transport.willRead = { try server.write("more") }
            if isFinishing {
                #expect(throws: TimeoutError.self) { try client.finish() }
            } else {
                client.close()
            }
            let result = try timedWait(timeout: .seconds(60)) { transport.isClosed }
            #expect(result == .ok)
        }
    }
}
