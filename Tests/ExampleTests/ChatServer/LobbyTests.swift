// SPDX-License-Identifier: MIT
import Fibers
import Testing

@testable import ChatServer

@Suite struct LobbyTests {
    private let lobby = Lobby(queueSize: 4)

    private func enter(as nick: String, joining room: String? = nil) -> Member {
        let member = lobby.enter()
        lobby.handle(.nick(nick), of: member)
        if let room { lobby.handle(.join(room), of: member) }
        _ = lines(of: member)
        return member
    }

    /// Takes what waits for the member.
    private func lines(of member: Member) -> [String] {
        var lines: [String] = []
        while let line = member.lines.takeIfAvailable() { lines.append(line) }
        return lines
    }

    @Test func `all in a room get what is said, each line once, and nobody else does`() {
        let (ann, bob, eve) = (enter(as: "ann", joining: "tea"), enter(as: "bob", joining: "tea"), enter(as: "eve"))
        _ = lines(of: ann)
        lobby.handle(.say(room: "tea", text: "hello"), of: ann)
        #expect(lines(of: ann) == ["tea: <ann> hello"])
        #expect(lines(of: bob) == ["tea: <ann> hello"])
        lobby.handle(.say(room: "tea", text: "let me in"), of: eve)
        #expect(lines(of: eve) == ["! you are not in tea"])
        #expect(lines(of: ann) == [])
    }

    @Test func `a room hears who joins, leaves, is renamed and goes away`() {
        let ann = enter(as: "ann", joining: "tea")
        let bob = enter(as: "bob", joining: "tea")
        lobby.handle(.nick("rob"), of: bob)
        lobby.handle(.leave("tea"), of: bob)
        #expect(lines(of: ann) == ["tea: * bob joined", "tea: * bob is now rob", "tea: * rob left"])
        lobby.handle(.join("tea"), of: bob)
        lobby.handle(.quit, of: bob)
        lobby.exit(bob)
        #expect(lines(of: ann) == ["tea: * rob joined", "tea: * rob left"])
        #expect(!bob.lines.isOpen)
    }

    @Test func `rooms are there as long as somebody is in them`() {
        let ann = enter(as: "ann", joining: "tea")
        let bob = enter(as: "bob", joining: "tea")
        lobby.handle(.join("work"), of: bob)
        _ = (lines(of: ann), lines(of: bob))
        lobby.handle(.rooms, of: ann)
        lobby.handle(.who("tea"), of: ann)
        lobby.exit(bob)
        lobby.handle(.rooms, of: ann)
        #expect(lines(of: ann) == ["rooms: tea work", "tea: ann bob", "tea: * bob left", "rooms: tea"])
        lobby.handle(.who("work"), of: ann)
        #expect(lines(of: ann) == ["work: nobody"])
    }

    @Test func `a name is of one member at a time`() {
        let (ann, bob) = (enter(as: "ann"), enter(as: "bob"))
        lobby.handle(.nick("ann"), of: bob)
        #expect(lines(of: bob) == ["! ann is taken"])
        lobby.exit(ann)
        lobby.handle(.nick("ann"), of: bob)
        #expect(lines(of: bob) == ["you are ann"])
        lobby.exit(ann)
        lobby.handle(.nick("ann"), of: enter(as: "eve"))
        #expect(bob.nick == "ann")
    }

    @Test func `who reads too slowly is dropped with a notice in place of all lines, and the room hears it`() {
        let ann = enter(as: "ann", joining: "tea")
        let slow = enter(as: "slow", joining: "tea")
        for number in 1...4 {
            _ = lines(of: ann)
            lobby.handle(.say(room: "tea", text: "\(number)"), of: ann)
        }
        #expect(!slow.isDropped)
        _ = lines(of: ann)
        lobby.handle(.say(room: "tea", text: "5"), of: ann)
        #expect(slow.isDropped)
        #expect(lines(of: slow) == [Member.notice])
        #expect(!slow.lines.isOpen)
        #expect(lines(of: ann) == ["tea: <ann> 5", "tea: * slow left"])
    }

    @Test func `members that are dropped together all leave`() {
        let members = (1...3).map { enter(as: "m\($0)", joining: "tea") }
        let ann = enter(as: "ann", joining: "tea")
        for number in 1...8 {
            _ = lines(of: ann)
            lobby.handle(.say(room: "tea", text: "\(number)"), of: ann)
        }
        #expect(members.allSatisfy { $0.isDropped })
        _ = lines(of: ann)
        lobby.handle(.who("tea"), of: ann)
        #expect(lines(of: ann) == ["tea: ann"])
    }

    @Test(arguments: [
        ("nick ann", ChatRequest.nick("ann")), ("join tea", .join("tea")), ("leave tea", .leave("tea")),
        ("say tea  hello, all ", .say(room: "tea", text: " hello, all ")), ("who tea", .who("tea")), ("who", .rooms),
        ("quit", .quit),
    ])
    func `a line says one thing`(line: String, request: ChatRequest) {
        #expect(ChatRequest(parsing: line) == request)
    }

    @Test(arguments: ["", "nick", "nick a b", "say tea", "quit now", "hello"])
    func `any other line is explained`(line: String) {
        guard case .wrong(let reason) = ChatRequest(parsing: line) else { return #expect(Bool(false), "\(line)") }
        #expect(reason.hasPrefix("say one of: nick NAME, "))
    }
}
