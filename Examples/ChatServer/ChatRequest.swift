// SPDX-License-Identifier: MIT

/// What a line of a client says.
enum ChatRequest: Equatable {
    case nick(String)
    case join(String)
    case say(room: String, text: String)
    case leave(String)
    case who(String)
    case rooms
    case quit
    /// Nothing, for this reason.
    case wrong(String)

    init(parsing line: String) {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        switch (words.first, words.count) {
        case ("nick", 2): self = .nick(words[1])
        case ("join", 2): self = .join(words[1])
        case ("say", 3): self = .say(room: words[1], text: words[2])
        case ("leave", 2): self = .leave(words[1])
        case ("who", 2): self = .who(words[1])
        case ("who", 1): self = .rooms
        case ("quit", 1): self = .quit
        default: self = .wrong("say one of: nick NAME, join ROOM, say ROOM TEXT, leave ROOM, who [ROOM], quit")
        }
    }
}
