// SPDX-License-Identifier: MIT
import SystemPackage

/// Descriptors that become standard input, output and error of a child, unless its command says otherwise.
struct StreamTriple {
    var input: CInt = 0
    var output: CInt = 1
    var error: CInt = 2

    func with(_ stream: WritableKeyPath<StreamTriple, CInt>, _ descriptor: CInt) -> StreamTriple {
        var copy = self
        copy[keyPath: stream] = descriptor
        return copy
    }
}

/// Where a child's standard streams lead, and what we hold of that: the other ends of its pipes until somebody takes them,
/// and what the child alone is to have until it has started.
struct ChildStreams: ~Copyable {
    private(set) var triple: StreamTriple
    private(set) var input: DescriptorStream?
    private(set) var output: DescriptorStream?
    private(set) var error: DescriptorStream?
    private(set) var terminal: PseudoTerminal?
    /// The descriptor of the other side of the terminal; -1 if there is none.
    private(set) var terminalOfChild: CInt = -1
    private var ofChild: [CInt] = []

    /// - Parameter defaults: For what is inherited.
    init(of command: Command, defaults: StreamTriple) throws {
        triple = defaults
        if let size = command.terminal { try openTerminal(size, "\(command)") }
        triple.input = try descriptor(for: command.standardInput, "\(command)")
        try redirectOutputs(of: command)
    }

    deinit { for descriptor in ofChild { Socket.close(descriptor) } }

    private mutating func openTerminal(_ size: Command.TerminalSize, _ name: String) throws {
        let sides = try SpawnPlan.terminal(size)
        ofChild.append(sides.theirs)
        terminal = try PseudoTerminal(sides.ours, of: name)
        terminalOfChild = sides.theirs
        triple = StreamTriple(input: sides.theirs, output: sides.theirs, error: sides.theirs)
    }

    private mutating func redirectOutputs(of command: Command) throws {
        guard command.standardOutput != .merged || command.standardError != .merged else {
            throw ArgumentError("\(command): output and error are merged into each other: let one lead somewhere")
        }
        if let (descriptor, stream) = try descriptor(for: command.standardOutput, "output of \(command)") {
            (triple.output, output) = (descriptor, stream)
        }
        if let (descriptor, stream) = try descriptor(for: command.standardError, "errors of \(command)") {
            (triple.error, error) = (descriptor, stream)
        }
        if command.standardOutput == .merged { triple.output = triple.error }
        if command.standardError == .merged { triple.error = triple.output }
    }

    private mutating func descriptor(for source: Command.Input, _ name: String) throws -> CInt {
        switch source {
        case .inherit: return triple.input
        case .null: return try open("/dev/null", .readOnly)
        case .file(let path): return try open(path, .readOnly)
        case .descriptor(let descriptor): return descriptor.rawValue
        case .pipe, .bytes:
            let ends = try SpawnPlan.pipe(to: .reading)
            ofChild.append(ends.theirs)
            input = try DescriptorStream(descriptor: ends.ours, subject: "input of \(name)")
            return ends.theirs
        }
    }

    /// `nil` if it is where it was.
    private mutating func descriptor(
        for target: Command.Output, _ name: String
    ) throws -> (CInt, DescriptorStream?)? {
        switch target {
        case .inherit, .merged: return nil
        case .null: return (try open("/dev/null", .writeOnly), nil)
        case .file(let path): return (try open(path, .writeOnly, [.create, .truncate]), nil)
        case .appending(let path): return (try open(path, .writeOnly, [.create, .append]), nil)
        case .descriptor(let descriptor): return (descriptor.rawValue, nil)
        case .pipe:
            let ends = try SpawnPlan.pipe(to: .writing)
            ofChild.append(ends.theirs)
            return (ends.theirs, try DescriptorStream(descriptor: ends.ours, subject: name))
        }
    }

    /// Never waits for the other side of a named pipe: without one, writing to it is an error.
    private mutating func open(
        _ path: FilePath, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions = []
    ) throws -> CInt {
        do {
            let descriptor = try FileDescriptor.open(
                path, mode, options: options.union([.closeOnExec, .nonBlocking]),
                permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
            ofChild.append(descriptor.rawValue)
            SpawnPlan.makeBlocking(descriptor.rawValue)
            return descriptor.rawValue
        } catch let code as Errno {
            throw IOError(operation: "open", subject: path.string, code: code)
        }
    }
}
