// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct EnvironmentTests {
    private func environment(_ environment: Command.Environment) throws -> [String] {
        let output = try inFiber { try mischief("environment").with(\.environment, environment).output() }
        return strings(output).map { String(decoding: $0, as: UTF8.self) }
    }

    private static let own =
        sequence(first: 0) { $0 + 1 }.lazy.map { environ[$0] }.prefix { $0 != nil }
        .map { String(cString: $0.unsafelyUnwrapped) } as [String]

    @Test func `PR15: ours is inherited as it is`() throws {
        try #expect(environment(.inherit) == Self.own)
    }

    @Test func `PR15: reliability 81: only what is named reaches the child, byte for byte`() throws {
        try #expect(environment(.only([:])) == [])
        let variables = ["A": "1", "B": "", "C": "a=b=c", "D": " é\n\"", "lower": "2"]
        try #expect(environment(.only(variables)) == ["A=1", "B=", "C=a=b=c", "D= é\n\"", "lower=2"])
    }

    @Test func `PR15: what is added replaces, and the rest stays`() throws {
        let received = try environment(.adding(["PATH": "/bin", "FIBERS_TEST": "x"]))
        let rest = Self.own.filter { !$0.hasPrefix("PATH=") }
        #expect(received.filter { !["PATH=/bin", "FIBERS_TEST=x"].contains($0) } == rest)
        #expect(received.filter { $0.hasPrefix("PATH=") } == ["PATH=/bin"])
    }

    @Test func `reliability 81: what is removed does not reach the child`() throws {
        #expect(Self.own.contains { $0.hasPrefix("PATH=") })
        let command = Command.Environment.removing("PATH", "NO_SUCH_VARIABLE")
        try #expect(environment(command) == Self.own.filter { !$0.hasPrefix("PATH=") })
    }

    @Test func `changes apply in their order`() throws {
        try #expect(environment(.only(["A": "1"]).adding(["B": "2"]).removing("A")) == ["B=2"])
        try #expect(environment(.only(["A": "1"]).removing("A").adding(["A": "2"])) == ["A=2"])
        try #expect(environment(.only(["A": "1"]).adding(["A": "2"])) == ["A=2"])
        #expect(Command.Environment.adding(["A": "1"]) == .inherit.adding(["A": "1"]))
        #expect(Command.Environment.removing("A") != .inherit)
    }

    @Test func `reliability 81: of variables that came twice or without a value none is left where it is replaced`()
        async
    {
        await #expect(processExitsWith: .success) {
            for (index, entry) in ["TWICE=1", "TWICE=2", "BARE", "KEPT=1"].enumerated() {
                environ[index] = strdup(entry)
            }
            environ[4] = nil
            let expectations: [(Command.Environment, [String])] = [
                (.inherit, ["TWICE=1", "TWICE=2", "BARE", "KEPT=1"]),
                (.adding(["TWICE": "3"]), ["BARE", "KEPT=1", "TWICE=3"]),
                (.removing("TWICE", "BARE"), ["KEPT=1"]),
            ]
            for (environment, expected) in expectations {
                try #expect(EnvironmentTests().environment(environment) == expected)
            }
        }
    }

    @Test(arguments: ["", "A=B", "="]) func `reliability 81: a name that can be none is refused`(name: String) throws {
        try inFiber {
            for environment in [Command.Environment.only([name: ""]), .adding([name: "1"]), .removing(name)] {
                let command = mischief("environment").with(\.environment, environment)
                #expect(throws: ArgumentError.self) { try command.spawn() }
            }
        }
    }

    @Test func `PR15: the child starts in its folder`() throws {
        try inFiber {
            try #expect(mischief("directory").with(\.workingDirectory, "/usr").text() == "/usr\n")
            try #expect(mischief("directory").with(\.workingDirectory, "/").text() == "/\n")
            let path = try #require(realpath(".", nil))
            defer { free(path) }
            try #expect(mischief("directory").text() == String(cString: path) + "\n")
        }
    }
}
