// SPDX-License-Identifier: MIT
import Fibers
import Testing

@testable import Supervisor

@Suite struct PartsTests {
    @Test func `the back-off doubles up to its limit, and is reset by a long run`() {
        var backOff = BackOff(first: .seconds(0.5), limit: .seconds(30), reset: .seconds(60))
        let delays = (1...8).map { _ in backOff.delay(afterRunOf: .seconds(59)) }
        #expect(delays == [0.5, 1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
        #expect(backOff.delay(afterRunOf: .seconds(60)) == .seconds(0.5))
        #expect(backOff.delay(afterRunOf: .zero) == .seconds(1))
    }

    @Test(arguments: [
        (Restart.never, false, false), (.onFailure, false, true), (.always, true, true),
    ])
    func `the policy says which programs start again`(policy: Restart, afterSuccess: Bool, afterFailure: Bool) {
        #expect(policy.applies(to: .exited(0)) == afterSuccess)
        #expect(policy.applies(to: .exited(1)) == afterFailure)
        #expect(policy.applies(to: .signaled(.terminate)) == afterFailure)
    }

    @Test(arguments: [("abc", 0), ("aä", 1), ("a€", 1), ("a€", 2), ("a😀", 1), ("a😀", 2), ("a😀", 3)])
    func `a piece of a line ends between characters`(text: String, missing: Int) {
        let bytes = Array(text.utf8.dropLast(missing))
        #expect(Console.wholeCharacters(in: bytes) == (missing == 0 ? bytes.count : 1))
    }

    @Test func `bytes that are no text are cut anywhere`() {
        #expect(Console.wholeCharacters(in: [UInt8](repeating: 0x80, count: 9)) == 9)
        #expect(Console.wholeCharacters(in: [0x61, 0x80, 0x80, 0x80, 0x80]) == 5)
        #expect(Console.wholeCharacters(in: [0xFF]) == 1)
    }
}
