// SPDX-License-Identifier: MIT
import Fibers

/// A client as the others see it: a name, and a bounded queue of lines for it to read.
///
/// Nobody waits for slow readers. Who has not taken the lines of a full queue when one more comes is dropped: the notice of
/// that replaces them and is the last line, and the connection is closed.
final class Member {
    static let notice = "! dropped: you read too slowly"
    var nick: String
    /// Closed when nothing more will come.
    let lines: Channel<String>
    private(set) var isDropped = false
    /// Until it leaves the lobby.
    var isPresent = true

    init(nick: String, queueSize: Int) {
        self.nick = nick
        lines = Channel(capacity: queueSize)
    }

    /// Never parks. What comes for who has left or was dropped is lost.
    func send(_ line: String) {
        guard lines.isOpen, !lines.putIfAvailable(line) else { return }
        isDropped = true
        lines.removeAll()
        lines.putIfAvailable(Self.notice)
        lines.close()
    }
}
