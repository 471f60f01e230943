// SPDX-License-Identifier: MIT

/// Commands that run at the same time, each reading what the one before writes, or side by side (row PR5).
///
/// ```swift
/// let count = try (Command("git", "ls-files") | Command("wc", "-l")).output()
/// try ((Command("echo", "one") & Command("echo", "two")) | Command("sort")).run()
/// ```
///
/// Both ends are where the commands there say: `standardInput` of the first, `standardOutput` of the last. A command whose
/// streams lead elsewhere takes no part in the pipe.
public struct Pipeline: Runnable {
    fileprivate indirect enum Node: Sendable {
        case command(Command)
        case piped(Node, Node)
        case together(Node, Node)
    }

    private let root: Node

    /// A pipeline of one.
    public init(_ command: Command) { root = .command(command) }

    private init(_ root: Node) { self.root = root }

    /// Itself.
    public var pipeline: Pipeline { self }

    /// In the order in which they are written.
    public var commands: [Command] { root.commands }

    /// As it is written.
    public var description: String { root.description }

    /// Starts all commands and goes on. If one cannot be started, the others are killed.
    ///
    /// Never parks; see ``Command/spawn()``.
    ///
    /// - Throws: As ``Command/spawn()``; ``IOError`` `EMFILE` if there is no descriptor for a pipe.
    public func spawn() throws -> ProcessChain { try start(StreamTriple()) }

    /// - Parameter streams: Of what the commands inherit.
    func start(_ streams: StreamTriple) throws -> ProcessChain {
        var started: [ChildProcess] = []
        do {
            try root.start(streams, adding: &started)
        } catch {
            try? ProcessChain(started).kill(.kill)
            throw error
        }
        return ProcessChain(started)
    }

    fileprivate static func piped(_ left: Pipeline, _ right: Pipeline) -> Pipeline {
        Pipeline(.piped(left.root, right.root))
    }

    fileprivate static func together(_ left: Pipeline, _ right: Pipeline) -> Pipeline {
        Pipeline(.together(left.root, right.root))
    }
}

extension Pipeline.Node {
    var commands: [Command] {
        switch self {
        case .command(let command): [command]
        case .piped(let left, let right), .together(let left, let right): left.commands + right.commands
        }
    }

    var description: String {
        switch self {
        case .command(let command): command.description
        case .piped(let left, let right): "\(left.description) | \(right.description)"
        case .together(let left, let right): "(\(left.description) & \(right.description))"
        }
    }

    func start(_ streams: StreamTriple, adding started: inout [ChildProcess]) throws {
        switch self {
        case .command(let command):
            started.append(try ChildProcess(command, defaults: streams))
        case .together(let left, let right):
            try left.start(streams, adding: &started)
            try right.start(streams, adding: &started)
        case .piped(let left, let right):
            let pipe = try SpawnPlan.pipe()
            defer { for end in [pipe.read, pipe.write] { Socket.close(end) } }
            try left.start(streams.with(\.output, pipe.write), adding: &started)
            try right.start(streams.with(\.input, pipe.read), adding: &started)
        }
    }
}

extension Runnable {
    /// What `left` writes, `right` reads.
    public static func | (left: Self, right: some Runnable) -> Pipeline { .piped(left.pipeline, right.pipeline) }

    /// Both share their standard streams with each other.
    public static func & (left: Self, right: some Runnable) -> Pipeline { .together(left.pipeline, right.pipeline) }
}
