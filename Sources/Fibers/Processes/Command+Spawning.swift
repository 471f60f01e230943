// SPDX-License-Identifier: MIT

extension Command {
    /// Starts the program and goes on.
    ///
    /// Never parks; blocks the thread for the third of a millisecond that the system takes to make a process, and for up to
    /// 20 ms if somebody writes the program's file. The child goes on when the object is dropped, is reaped when it exits, and
    /// is killed if its loop ends first. It gets its three standard streams, no other descriptor, and default actions for all
    /// signals.
    ///
    /// - Returns: The process, with our ends of its pipes.
    /// - Throws: ``IOError`` that names what failed: `spawn` the program, with `ENOENT` if it does not exist, `EACCES` if it
    ///   may not be run, `ENOEXEC` if it is none; `open` a file; `change directory`; `take on user and group`; `limit
    ///   resources`; `EMFILE` or `EAGAIN` where the system is short of something. ``ArgumentError`` if the program's name is
    ///   empty, a string holds a NUL character, or a variable's name an equals sign.
    public func spawn() throws -> ChildProcess { try ChildProcess(self, defaults: StreamTriple()) }

    /// Before anything is opened, so that a command that is refused empties no file.
    ///
    /// - Returns: The child's environment; `nil` inherits.
    func validatedEntries() throws(ArgumentError) -> [[UInt8]]? {
        guard !program.argumentBytes.isEmpty else {
            throw ArgumentError("cannot spawn an empty command: name a program")
        }
        for argument in [program] + arguments { try Command.checkNoNull(argument) }
        return try environment.entries()
    }

    /// - Parameter entries: The child's environment.
    func plan(_ streams: ChildStreams, _ entries: [[UInt8]]?) -> SpawnPlan {
        let program = program.argumentBytes
        let triple = streams.triple
        return SpawnPlan(
            candidates: ExecutableSearch.candidates(for: program, environment: entries ?? SpawnPlan.ownEnvironment),
            arguments: [program] + arguments.map(\.argumentBytes), environment: entries, directory: workingDirectory,
            streams: (triple.input, triple.output, triple.error),
            group: terminal == nil ? processGroup.planned : ProcessGroup.ownSession.planned,
            terminal: streams.terminalOfChild, modeMask: fileModeMask, limits: limits.map(\.planned), identity: identity
        )
    }
}
