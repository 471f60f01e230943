// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct CountLinesTests {
    private func count(with command: String) throws -> String {
        let command = command.replacing("CountLines", with: example("CountLines"))
        return try EventLoop.run { try text(of: Command("bash", "-c", command)) }
    }

    @Test func `lines of a pipe, a file and the null device are counted`() throws {
        try #expect(count(with: "printf 'a\\nbc\\n\\nd' | 'CountLines'") == "4 lines, 4 bytes without their ends\n")
        try #expect(count(with: "seq 100000 | 'CountLines'") == "100000 lines, 488895 bytes without their ends\n")
        try #expect(count(with: "'CountLines' <<<one") == "1 lines, 3 bytes without their ends\n")
        try #expect(count(with: "'CountLines' </dev/null") == "0 lines, 0 bytes without their ends\n")
    }

    @Test func `a socket as standard input is blocking again when the program has ended`() async {
        await #expect(processExitsWith: .success) { try countLinesOfSocket() }
    }
}

private func countLinesOfSocket() throws {
    var ends: [CInt] = [-1, -1]
    #expect(socketpair(AF_UNIX, streamType, 0, &ends) == 0)
    dup2(ends[0], 0)
    try EventLoop.run {
        let far = try DescriptorStream(adopting: FileDescriptor(rawValue: ends[1]))
        let program = Fiber.spawn { try text(of: Command(example("CountLines"))) }
        try far.write("one\ntwo\n")
        try Fiber.sleep(for: .milliseconds(1))
        try far.write("three\n")
        try far.closeWrite()
        try #expect(program.fetch() == "3 lines, 11 bytes without their ends\n")
    }
    #expect(fcntl(0, F_GETFL) & O_NONBLOCK == 0)
}

#if canImport(Darwin)
    private let streamType = SOCK_STREAM
#else
    private let streamType = CInt(SOCK_STREAM.rawValue)
#endif
