// SPDX-License-Identifier: MIT
public import SystemPackage

/// A program and its arguments. Never goes through a shell, so nothing in an argument means anything special.
public struct Command: Sendable, CustomStringConvertible {
    /// A path, or a name that is looked for in the folders of the child's `PATH`.
    public var program: String
    /// What the program gets after its own name.
    public var arguments: [String]
    /// The whole environment of the child; `nil` inherits this process's.
    public var environment: [String: String]?
    /// Where the child starts; `nil` inherits.
    public var workingDirectory: FilePath?

    /// A program with its arguments, this environment and this folder.
    ///
    /// ```swift
    /// Command("grep", "-n", "fiber", "README.md")
    /// ```
    public init(_ program: String, _ arguments: String...) {
        self.init(program, arguments: arguments)
    }

    /// As ``init(_:_:)``, with everything that can be said about a command.
    public init(
        _ program: String, arguments: [String], environment: [String: String]? = nil,
        workingDirectory: FilePath? = nil
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }

    /// The words of the command; not quoted, so for people only.
    public var description: String { ([program] + arguments).joined(separator: " ") }
}

// MARK: Running

extension Command {
    /// Starts the program with this process's standard streams.
    ///
    /// Never parks. The child goes on when the object is dropped, is reaped when it exits, and is killed if its loop
    /// ends first.
    ///
    /// - Throws: ``IOError`` that names the program: `ENOENT` if it does not exist, `EACCES` if it may not be run;
    ///   ``ArgumentError`` if the program's name is empty or a string holds a NUL character.
    public func spawn() throws -> ChildProcess {
        try ChildProcess(self, standardOutput: 1)
    }

    /// Runs the program with this process's standard streams.
    ///
    /// Parks the calling fiber until it has exited. If the fiber is cancelled meanwhile, the child is killed and reaped.
    ///
    /// - Throws: As ``spawn()``; ``ProcessFailedError`` unless the exit status is 0; `CancellationError` if the fiber is
    ///   cancelled.
    @available(*, noasync)
    public func run() throws {
        try spawn().waitOrKill().check(self)
    }

    /// Runs the program and returns what it wrote to its standard output.
    ///
    /// Parks the calling fiber until the output has ended and the program has exited. If the fiber is cancelled
    /// meanwhile, the child is killed and reaped.
    ///
    /// - Throws: As ``run()``.
    @available(*, noasync)
    public func output() throws -> [UInt8] {
        let pipe = try Socket.outputPipe()
        let poll: DescriptorPoll
        let child: ChildProcess
        do {
            defer { Socket.close(pipe.write) }
            poll = try DescriptorPoll(pipe.read, subject: "output of \(self)")
            child = try ChildProcess(self, standardOutput: pipe.write)
        }
        let bytes = try child.killingOnError { try poll.readToEnd() }
        try child.waitOrKill().check(self)
        return bytes
    }
}

extension DescriptorPoll {
    /// Everything up to the end. Parks until then.
    func readToEnd() throws -> [UInt8] {
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { buffer.deallocate() }
        while true {
            let count = try check(retry(.reading) { Socket.read($0, into: buffer) }, "read")
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }
}
