// SPDX-License-Identifier: MIT
import Fibers

/// A connection: one fiber reads lines and handles them, another writes what comes for the member.
final class Session {
    /// The most bytes of a line.
    private static let lineLimit = 1024
    /// How long a client may take to take what is written to it.
    private let patience: Duration
    private let connection: TCPConnection
    private let lobby: Lobby
    private let member: Member

    init(_ connection: TCPConnection, in lobby: Lobby, patience: Duration) {
        self.connection = connection
        self.lobby = lobby
        self.patience = patience
        member = lobby.enter()
    }

    /// Parks until the client quits, is dropped or goes away, or the server ends, and all is written.
    func run(_ server: Server<TCPConnection>) throws {
        let writer = Fiber.spawn(name: "writer to \(connection.peer)") { [self] in try write() }
        defer {
            lobby.exit(member)
            writer.cancel()
        }
        try read(server)
        if server.isShuttingDown { member.send("! the server ends") }
        lobby.exit(member)
        try writer.waitUntilDone()
        if let failure = writer.failure { throw failure }
    }

    private func read(_ server: Server<TCPConnection>) throws {
        let reader = BufferedReader(connection)
        do {
            while member.lines.isOpen,
                let line = try server.untilShutDown({ try reader.readLine(limit: Self.lineLimit) })
            {
                lobby.handle(ChatRequest(parsing: line), of: member)
            }
        } catch is LimitExceededError {
            member.send("! a line has at most \(Self.lineLimit) bytes")
        } catch is ClosedError {
            // The writer has ended: the member was dropped, or takes nothing.
        }
    }

    /// Many lines make one write if they are there.
    private func write() throws {
        defer { connection.close() }
        let writer = BufferedWriter(connection)
        try member.lines.forEach { line in
            try withTimeout(patience) {
                try writer.write("\(line)\n")
                if member.lines.isEmpty { try writer.flush() }
            }
        }
    }
}
