// SPDX-License-Identifier: MIT
public import SystemPackage

/// A program, its arguments, and what surrounds it when it runs. Never goes through a shell, so nothing in an argument means
/// anything special.
///
/// ```swift
/// try Command("git", "commit", "-m", message).run()
/// let names = try Command("ls", folder).with(\.environment, .adding(["LC_ALL": "C"])).lines()
/// try (Command("grep", "-c", word) | Command("sort", "-n")).run()
/// ```
public struct Command: Runnable {
    /// A path if it holds a slash: a relative one starts at ``workingDirectory``. Else a name that is looked for in the
    /// folders of the child's `PATH`, in their order; in `/usr/local/bin`, `/usr/bin` and `/bin` if it has none. Folders that
    /// are not absolute are left out, so that a program is never found in the current folder by chance.
    public var program: any CommandArgument
    /// What the program gets after its own name.
    public var arguments: [any CommandArgument]
    /// The variables of the child's environment.
    public var environment = Environment.inherit
    /// Where the child starts; `nil` inherits.
    public var workingDirectory: FilePath?
    /// Where the child reads from.
    public var standardInput = Input.inherit
    /// Where the child writes to.
    public var standardOutput = Output.inherit
    /// Where the child writes what is not its output.
    public var standardError = Output.inherit
    /// Who gets the signals that are meant for the child.
    public var processGroup = ProcessGroup.inherit
    /// On whose behalf the child runs; `nil` inherits.
    public var identity: Identity?
    /// Permissions that files made by the child do not get; `nil` inherits.
    public var fileModeMask: FilePermissions?
    /// How much of the system the child may use.
    public var limits: [ResourceLimit] = []
    /// Gives the child a terminal of this size, for all three standard streams that are inherited: see
    /// ``ChildProcess/terminal``.
    public var terminal: TerminalSize?
    /// Whether a status other than 0 is an error (row PR3).
    public var checksStatus = true
    /// How long the program's streams are read after its exit, if it has left a child behind that has them open.
    public var patience: Duration = .seconds(2)

    /// A program with its arguments.
    ///
    /// ```swift
    /// Command("grep", "-n", "fiber", path)
    /// ```
    public init(_ program: any CommandArgument, _ arguments: any CommandArgument...) {
        self.init(program, arguments: arguments)
    }

    /// As ``init(_:_:)``, with an array.
    public init(_ program: any CommandArgument, arguments: [any CommandArgument]) {
        self.program = program
        self.arguments = arguments
    }

    /// A copy with another value of a property.
    ///
    /// ```swift
    /// Command("make").with(\.workingDirectory, "/src").with(\.standardInput, .null)
    /// ```
    public func with<Value>(_ property: WritableKeyPath<Command, Value>, _ value: Value) -> Command {
        var copy = self
        copy[keyPath: property] = value
        return copy
    }

    /// This command only.
    public var pipeline: Pipeline { Pipeline(self) }

    /// The words of the command; not quoted, so for people only.
    public var description: String { ([program] + arguments).map(\.description).joined(separator: " ") }
}
