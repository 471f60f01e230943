// SPDX-License-Identifier: MIT
import Testing

@testable import KeyValueServer

@Suite struct RequestTests {
    /// The words of the commands in `text`, and what is left of it.
    private func parse(_ text: String, limits: Limits = Limits()) throws -> (commands: [[String]], rest: Int) {
        let request = Request()
        request.limits = limits
        return try Array(text.utf8).withUnsafeBytes { bytes in
            var (commands, used) = ([[String]](), 0)
            while let count = try request.parse(UnsafeRawBufferPointer(rebasing: bytes[used...])) {
                used += count
                commands.append(request.words.map(\.description))
            }
            return (commands, bytes.count - used)
        }
    }

    private func refusal(of text: String, limits: Limits = Limits()) -> String? {
        do {
            _ = try parse(text, limits: limits)
            return nil
        } catch {
            guard case .error(let message) = error as? Reply else { return "\(error)" }
            return message.replacing("ERR Protocol error: ", with: "")
        }
    }

    @Test func `arrays and lines may follow each other`() throws {
        let (commands, rest) = try parse(
            "*2\r\n$4\r\nECHO\r\n$4\r\na\r\nb\r\nPING\r\n  set  k\tv \n\r\n*0\r\n*-1\r\n*1\r\n$0\r\n\r\n")
        #expect(commands == [["ECHO", "a\r\nb"], ["PING"], ["set", "k", "v"], [], [], [], [""]])
        #expect(rest == 0)
    }

    @Test(arguments: ["*2\r\n$4\r\nECHO\r\n$26\r\nthat is longer than inside\r\n", "ECHO  word\r\n"])
    func `every part of a command asks for more`(text: String) throws {
        for count in 0..<text.utf8.count {
            let part = String(decoding: text.utf8.prefix(count), as: UTF8.self)
            try #expect(parse(part).commands == [], "\(count) bytes")
        }
    }

    @Test func `what is no protocol is refused in Redis's words`() {
        #expect(refusal(of: "*x\r\n") == "invalid multibulk length")
        #expect(refusal(of: "*\r\n") == "invalid multibulk length")
        #expect(refusal(of: "*1\r\n!1\r\n") == "expected '$', got '!'")
        #expect(refusal(of: "*1\r\n$-1\r\n") == "invalid bulk length")
        #expect(refusal(of: "*1\r\n$1x\r\n") == "invalid bulk length")
        #expect(refusal(of: "*1\r\n$99999999999999999999\r\n") == "invalid bulk length")
    }

    @Test func `limits are kept, and what is within them is taken`() {
        let limits = Limits(bulk: 3, words: 2, line: 8, total: 40)
        #expect(refusal(of: "*2\r\n$3\r\nabc\r\n$3\r\nabc\r\n", limits: limits) == nil)
        #expect(refusal(of: "*1\r\n$4\r\n", limits: limits) == "invalid bulk length")
        #expect(refusal(of: "*3\r\n", limits: limits) == "invalid multibulk length")
        #expect(refusal(of: "12345678", limits: limits) == nil)
        #expect(refusal(of: "123456789", limits: limits) == "too big inline request")
        #expect(refusal(of: "*12345678", limits: limits) == "too big mbulk count string")
        #expect(refusal(of: "*1\r\n$12345678", limits: limits) == "too big bulk count string")
        #expect(refusal(of: "*1\r\n$3", limits: Limits(total: 5)) == "too big request")
    }
}
