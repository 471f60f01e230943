// SPDX-License-Identifier: MIT
import Fibers

/// The rooms, and who is in which. A room is there as long as somebody is in it. Nothing in it parks.
final class Lobby {
    /// In the order in which they joined.
    private var rooms: [String: [Member]] = [:]
    private var nicks: Set<String> = []
    private var guestCount = 0
    private let queueSize: Int

    init(queueSize: Int = 100) { self.queueSize = queueSize }

    /// A newcomer, in no room.
    func enter() -> Member {
        repeat { guestCount += 1 } while nicks.contains("guest\(guestCount)")
        let member = Member(nick: "guest\(guestCount)", queueSize: queueSize)
        nicks.insert(member.nick)
        member.send("you are \(member.nick)")
        return member
    }

    /// Everybody is told who shares a room with the member. Nothing more comes for it.
    func exit(_ member: Member) {
        guard member.isPresent else { return }
        member.isPresent = false
        for room in rooms(of: member) { leave(room, member) }
        nicks.remove(member.nick)
        member.lines.close()
    }

    /// Does what a line says.
    func handle(_ request: ChatRequest, of member: Member) {
        switch request {
        case .nick(let nick): rename(member, to: nick)
        case .join(let room): join(room, member)
        case .say(let room, let text): say(text, in: room, member)
        case .leave(let room): leave(room, member)
        case .who(let room): member.send("\(room): \(names(in: room))")
        case .rooms: member.send("rooms: \(rooms.keys.sorted().joined(separator: " "))")
        case .quit: exit(member)
        case .wrong(let reason): member.send("! \(reason)")
        }
        exitDropped()
    }

    private func rename(_ member: Member, to nick: String) {
        guard nicks.insert(nick).inserted else { return member.send("! \(nick) is taken") }
        nicks.remove(member.nick)
        let old = member.nick
        member.nick = nick
        member.send("you are \(nick)")
        for room in rooms(of: member) { tell(room, "* \(old) is now \(nick)") }
    }

    private func join(_ room: String, _ member: Member) {
        guard !isIn(room, member) else { return member.send("! you are in \(room)") }
        rooms[room, default: []].append(member)
        tell(room, "* \(member.nick) joined")
    }

    private func say(_ text: String, in room: String, _ member: Member) {
        guard isIn(room, member) else { return member.send("! you are not in \(room)") }
        tell(room, "<\(member.nick)> \(text)")
    }

    private func leave(_ room: String, _ member: Member) {
        guard isIn(room, member) else { return member.send("! you are not in \(room)") }
        tell(room, "* \(member.nick) left")
        rooms[room]?.removeAll { $0 === member }
        if rooms[room]?.isEmpty == true { rooms[room] = nil }
    }

    private func tell(_ room: String, _ line: String) {
        for member in rooms[room] ?? [] { member.send("\(room): \(line)") }
    }

    /// Who was dropped meanwhile leaves every room, which may be what drops the next.
    private func exitDropped() {
        while let member = rooms.values.joined().first(where: \.isDropped) { exit(member) }
    }

    private func isIn(_ room: String, _ member: Member) -> Bool {
        rooms[room]?.contains { $0 === member } ?? false
    }

    private func rooms(of member: Member) -> [String] { rooms.keys.filter { isIn($0, member) }.sorted() }

    private func names(in room: String) -> String {
        rooms[room].map { $0.map(\.nick).joined(separator: " ") } ?? "nobody"
    }
}
