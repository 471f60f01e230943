// SPDX-License-Identifier: MIT
import SystemPackage

/// Descriptors that become standard input, output and error of a child, unless its command says otherwise.
struct StreamTriple {
    var input = SpawnPlan.inherited
    var output = SpawnPlan.inherited
    var error = SpawnPlan.inherited

    func with(_ stream: WritableKeyPath<StreamTriple, CInt>, _ descriptor: CInt) -> StreamTriple {
        var copy = self
        copy[keyPath: stream] = descriptor
        return copy
    }
}

/// Where a child's standard streams lead, and our sides of them.
struct ChildStreams {
    private(set) var triple: StreamTriple
    private(set) var input: DescriptorStream?
    private(set) var output: DescriptorStream?
    private(set) var error: DescriptorStream?
    private(set) var terminal: PseudoTerminal?
    /// The descriptor of the child's side of the terminal; -1 if there is none.
    private(set) var terminalOfChild: CInt = -1
    let theirs = DescriptorsOfChild()

    /// - Parameter defaults: For what is inherited.
    init(of command: Command, defaults: StreamTriple) throws {
        triple = defaults
        if let size = command.terminal { try openTerminal(size, of: "\(command)") }
        try redirectInput(of: command)
        try redirectOutputs(of: command)
    }

    private mutating func openTerminal(_ size: Command.TerminalSize, of name: String) throws {
        let side: CInt
        (side, terminal) = try theirs.terminal(size, of: name)
        terminalOfChild = side
        triple = StreamTriple(input: side, output: side, error: side)
    }

    private mutating func redirectInput(of command: Command) throws {
        switch command.standardInput {
        case .inherit: break
        case .null: triple.input = try theirs.open("/dev/null", .readOnly)
        case .file(let path): triple.input = try theirs.open(path, .readOnly)
        case .descriptor(let descriptor): triple.input = descriptor.rawValue
        case .pipe, .bytes: (triple.input, input) = try theirs.pipe(to: .reading, "input of \(command)")
        }
    }

    private mutating func redirectOutputs(of command: Command) throws {
        guard command.standardOutput != .merged || command.standardError != .merged else {
            throw ArgumentError("\(command): output and error are merged into each other: let one lead somewhere")
        }
        (triple.output, output) = try redirect(triple.output, to: command.standardOutput, "output of \(command)")
        (triple.error, error) = try redirect(triple.error, to: command.standardError, "errors of \(command)")
        if command.standardOutput == .merged { triple.output = triple.error == SpawnPlan.inherited ? 2 : triple.error }
        if command.standardError == .merged { triple.error = triple.output == SpawnPlan.inherited ? 1 : triple.output }
    }

    private func redirect(
        _ inherited: CInt, to target: Command.Output, _ name: @autoclosure () -> String
    ) throws -> (theirs: CInt, ours: DescriptorStream?) {
        switch target {
        case .inherit, .merged: (inherited, nil)
        case .null: (try theirs.open("/dev/null", .writeOnly), nil)
        case .file(let path): (try theirs.open(path, .writeOnly, [.create, .truncate]), nil)
        case .appending(let path): (try theirs.open(path, .writeOnly, [.create, .append]), nil)
        case .descriptor(let descriptor): (descriptor.rawValue, nil)
        case .pipe: try theirs.pipe(to: .writing, name())
        }
    }
}
