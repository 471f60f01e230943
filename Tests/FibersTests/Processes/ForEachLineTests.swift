// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct ForEachLineTests {
    @Test func `PR9: lines come one by one, while the program runs`() throws {
        try inFiber {
            var lines: [String] = []
            try Command("printf", "one\\n\\ntwo").forEachLine { lines.append($0) }
            #expect(lines == ["one", "", "two"])
            var count = 0
            #expect(throws: Failure.self) {
                try Command("yes").forEachLine { _ in
                    count += 1
                    if count == 3 { throw Failure("enough") }
                }
            }
            #expect(count == 3)
        }
    }

    @Test func `PR9: the status is looked at behind the last line`() throws {
        try inFiber {
            var lines: [String] = []
            let command = Command("sh", "-c", "echo x; exit 3")
            let error = #expect(throws: ProcessFailedError.self) { try command.forEachLine { lines.append($0) } }
            #expect(error?.status == .exited(3) && lines == ["x"])
            #expect(throws: LimitExceededError.self) { try mischief("flood", 100).forEachLine(limit: 10) { _ in } }
        }
    }
}
