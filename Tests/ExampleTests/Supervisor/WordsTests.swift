// SPDX-License-Identifier: MIT
import Testing

@testable import Supervisor

@Suite struct WordsTests {
    @Test(arguments: [
        ("", []), ("  \t ", []), ("a", ["a"]), (" a  b\tc ", ["a", "b", "c"]), ("'a b' c", ["a b", "c"]),
        (#"'a "b" \n'"#, [#"a "b" \n"#]),
        (#""a 'b' \" \\ \$x \` \n""#, [#"a 'b' " \ $x ` \n"#]), (#"a\ b \'"#, ["a b", "'"]),
        ("a'b'\"c\"d", ["abcd"]), ("'' \"\"", ["", ""]), ("$HOME *.c | > ;", ["$HOME", "*.c", "|", ">", ";"]),
        ("# a", ["#", "a"]), ("ä'ö ü'", ["äö ü"]),
    ])
    func `a line is split at blanks that are not quoted`(line: String, words: [String]) throws {
        try #expect(Words.split(line[...]) == words)
    }

    @Test(arguments: ["'a", "a \"b\\\"", "a 'b\" c"])
    func `a quotation has to end`(line: String) {
        #expect { try Words.split(line[...]) } throws: { "\($0)".contains("does not end") }
    }

    @Test func `a backslash needs something to stand for itself`() {
        #expect(throws: SyntaxError("nothing follows the last backslash")) { try Words.split("a \\") }
    }
}
