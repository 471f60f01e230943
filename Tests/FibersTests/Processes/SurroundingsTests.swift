// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Group, session, identity, mask, limits and signals of a child.
@Suite struct SurroundingsTests {
    private func ids(_ command: Command = mischief("ids")) throws -> [String: String] {
        let lines = try inFiber { try command.lines() }
        return Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let words = line.split(separator: " ", maxSplits: 1).map(String.init)
                return (words[0], words.count > 1 ? words[1] : "")
            })
    }

    @Test func `a child is in our group unless it is to have its own`() throws {
        let inherited = try ids()
        #expect(inherited["process-group"] == "\(getpgrp())" && inherited["leads-group"] == "0")
        let own = try ids(mischief("ids").with(\.processGroup, .own))
        #expect(own["leads-group"] == "1" && own["leads-session"] == "0")
        let session = try ids(mischief("ids").with(\.processGroup, .ownSession))
        #expect(session["leads-group"] == "1" && session["leads-session"] == "1")
    }

    @Test func `the mask of new files is the child's`() throws {
        try #expect(
            ids(mischief("ids").with(\.fileModeMask, [.groupReadWriteExecute, .otherReadWriteExecute]))["mode-mask"]
                == "77")
        try #expect(ids(mischief("ids").with(\.fileModeMask, []))["mode-mask"] == "0")
        let own = umask(0o22)
        umask(own)
        try #expect(ids()["mode-mask"] == String(own, radix: 8))
    }

    @Test func `limits are the child's`() throws {
        let limited = try ids(
            mischief("ids").with(
                \.limits,
                [
                    .openFiles(123), .coreSize(0), .fileSize(4567), .addressSpace(1 << 30), .stackSize(1 << 20),
                    .cpuSeconds(60), .processes(5000),
                ]))
        let expected = [
            "open-files": "123", "core-size": "0", "file-size": "4567", "address-space": "\(1 << 30)",
            "stack-size": "\(1 << 20)", "cpu-seconds": "60", "processes": "5000",
        ]
        for (name, value) in expected { #expect(limited[name] == value) }
    }

    @Test func `a limit is kept`() throws {
        try inFiber {
            let file = TemporaryFile()
            let flood = mischief("flood", 100_000).with(\.standardOutput, .file(FilePath(file.path)))
                .with(\.limits, [.fileSize(1000), .coreSize(0)])
            try #expect(flood.spawn().wait() == .signaled(Signal(rawValue: SIGXFSZ)))
            try #expect(File.read(FilePath(file.path)).count == 1000)
            let spin = mischief("spin", 10_000).with(\.limits, [.cpuSeconds(1), .coreSize(0)])
            try #expect(spin.spawn().wait() == .signaled(Signal(rawValue: SIGXCPU)))
        }
    }

    @Test(.enabled(if: geteuid() == 0, "changes user and group"))
    func `another identity drops our groups`() throws {
        let identity = Command.Identity(user: 12_345, group: 54_321)
        try inFiber {
            for (option, expected) in [
                ("-u", 12_345), ("-ur", 12_345), ("-g", 54_321), ("-gr", 54_321), ("-G", 54_321),
            ] {
                try #expect(Command("id", option).with(\.identity, identity).text() == "\(expected)\n")
            }
        }
    }

    @Test(.enabled(if: geteuid() == 0, "changes groups"))
    func `groups are those that are named`() async {
        await #expect(processExitsWith: .success) {
            let none: [gid_t] = [1, 2, 3]
            try #require(setgroups(3, none) == 0)
            let test = SurroundingsTests()
            let command = mischief("ids")
            try #expect(test.ids()["groups"] == "1 2 3")
            let named = Command.Identity(supplementaryGroups: [7, 8])
            try #expect(test.ids(command.with(\.identity, named))["groups"] == "7 8")
            try #expect(test.ids(command.with(\.identity, .init(group: 9)))["groups"] == "")
            try #expect(test.ids(command.with(\.identity, .init(group: 9)))["group"] == "9 9")
            try #expect(inFiber { try Command("id", "-G").with(\.identity, .init(user: 9)).text() } == "0\n")
            #expect(geteuid() == 0 && getegid() == 0)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "gives up privileges"))
    func `an identity that we may not give is an error`() async {
        await #expect(processExitsWith: .success) {
            try #require(setgid(65_534) == 0 && setuid(65_534) == 0)
            try inFiber {
                for identity in [
                    Command.Identity(user: 0), .init(group: 0), .init(supplementaryGroups: [0]),
                    .init(user: 0, group: 0, supplementaryGroups: []),
                ] {
                    let error = #expect(throws: IOError.self) { try Command("true").with(\.identity, identity).spawn() }
                    #expect(error?.operation == "take on user and group for" && error?.code == .notPermitted)
                }
                try Command("true").with(\.identity, .init(user: 65_534, group: 65_534)).run()
            }
        }
    }

    @Test func `reliability 82: a child has default actions and blocks nothing`() async {
        await #expect(processExitsWith: .success) {
            for number in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGTSTP] { signal(number, SIG_IGN) }
            signal(SIGUSR2) { _ in }
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_BLOCK, &all, nil)
            try inFiber {
                try #expect(mischief("signals").text() == "")
                try #expect(mischief("signals").with(\.terminal, .init()).openTerminal() == "")
            }
            var now = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &now)
            #expect(sigismember(&now, SIGUSR1) == 1)
        }
    }
}

extension Command {
    /// All that is printed to the command's terminal.
    fileprivate func openTerminal() throws -> String {
        let child = try spawn()
        defer { _ = try? child.wait() }
        return String(decoding: try #require(child.terminal).readAll(), as: UTF8.self)
    }
}
