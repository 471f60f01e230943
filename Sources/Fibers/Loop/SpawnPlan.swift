// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// What becomes of a child before it is the program.
struct SpawnPlan {
    /// Paths of the program, tried in turn.
    var candidates: [[UInt8]]
    /// The first is the name by which the program is called.
    var arguments: [[UInt8]]
    /// `NAME=value` each; `nil` inherits.
    var environment: [[UInt8]]?
    /// `nil` inherits.
    var directory: FilePath?
    /// In place of a descriptor: the child has what we have, if we would leave it open.
    static let inherited = fibers_spawn_inherited

    /// Become 0, 1 and 2.
    var streams: (CInt, CInt, CInt)
    var group = FIBERS_SPAWN_SAME_GROUP
    /// Becomes the terminal that controls the new session; -1 for none.
    var terminal: CInt = -1
    var modeMask: FilePermissions?
    var limits: [fibers_spawn_limit] = []
    var identity: Command.Identity?

    var hasGroup: Bool { group != FIBERS_SPAWN_SAME_GROUP }

    /// Starts the program. Blocks the thread until it runs, or cannot.
    ///
    /// - Parameter name: What errors call the program.
    func start(_ name: String) throws(IOError) -> fibers_spawn_outcome {
        let outcome = withPlan { plan in
            withUnsafePointer(to: plan) { fibers_spawn($0) }
        }
        guard outcome.error != 0 else { return outcome }
        let (operation, subject) = failure(of: outcome.step, name)
        throw IOError(operation: operation, subject: subject, code: outcome.error)
    }

    private func withPlan<Result>(_ body: (fibers_spawn_plan) -> Result) -> Result {
        let candidates = CStrings(candidates)
        let arguments = CStrings(arguments)
        let environment = CStrings(environment ?? [])
        return limits.withUnsafeBufferPointer { limits in
            (identity?.supplementaryGroups ?? []).withUnsafeBufferPointer { groups in
                (directory ?? FilePath()).withPlatformString { directory in
                    body(
                        fibers_spawn_plan(
                            candidates: candidates.pointers, arguments: arguments.pointers,
                            environment: self.environment == nil ? nil : environment.pointers,
                            directory: self.directory == nil ? nil : directory, streams: streams, group: group,
                            terminal: terminal, mode_mask: modeMask.map { CInt($0.rawValue) } ?? -1,
                            limits: limits.baseAddress, limit_count: limits.count,
                            identity: identity.plan(groups: groups)))
                }
            }
        }
    }

    private func failure(of step: fibers_spawn_step, _ name: String) -> (operation: String, subject: String) {
        switch step {
        case FIBERS_SPAWN_GROUP: ("make a process group for", name)
        case FIBERS_SPAWN_TERMINAL: ("make a terminal control", name)
        case FIBERS_SPAWN_LIMITS: ("limit resources of", name)
        case FIBERS_SPAWN_IDENTITY: ("take on user and group for", name)
        case FIBERS_SPAWN_DIRECTORY: ("change directory", directory?.string ?? "")
        case FIBERS_SPAWN_STREAMS: ("redirect", name)
        default: ("spawn", name)
        }
    }
}

extension Command.Identity? {
    fileprivate func plan(groups: UnsafeBufferPointer<UInt32>) -> fibers_spawn_identity {
        fibers_spawn_identity(
            changes_user: self?.user != nil, changes_group: self?.group != nil,
            names_groups: self?.supplementaryGroups != nil, user: self?.user ?? 0, group: self?.group ?? 0,
            groups: groups.baseAddress, group_count: groups.count)
    }
}

extension SpawnPlan {
    /// Both ends of a pipe, of which ours is non-blocking and the child's is not: programs expect that of their streams.
    static func pipe(to child: DescriptorPoll.Direction) throws(IOError) -> (ours: CInt, theirs: CInt) {
        let (read, write) = try pipe()
        let ends = child == .reading ? (ours: write, theirs: read) : (ours: read, theirs: write)
        _ = fibers_set_blocking(ends.ours, false)
        return ends
    }

    /// Both ends of a pipe between two children.
    static func pipe() throws(IOError) -> (read: CInt, write: CInt) {
        var (read, write): (CInt, CInt) = (-1, -1)
        try check(fibers_process_pipe(&read, &write), "pipe")
        return (read, write)
    }

    /// For a child, of what was opened without waiting.
    static func makeBlocking(_ descriptor: CInt) { _ = fibers_set_blocking(descriptor, true) }

    /// Both sides of a pseudo-terminal, of which ours is non-blocking.
    static func terminal(_ size: Command.TerminalSize) throws(IOError) -> (ours: CInt, theirs: CInt) {
        var (ours, theirs): (CInt, CInt) = (-1, -1)
        try check(fibers_terminal_open(&ours, &theirs), "open a terminal")
        try resize(ours, to: size)
        return (ours, theirs)
    }

    static func resize(_ terminal: CInt, to size: Command.TerminalSize) throws(IOError) {
        try check(
            fibers_terminal_resize(terminal, UInt16(size.columns), UInt16(size.rows)), "resize", "terminal")
    }

    /// The environment of this process: `NAME=value` each.
    static var ownEnvironment: [[UInt8]] {
        guard let strings = fibers_environment() else { return [] }
        var entries: [[UInt8]] = []
        while let string = strings[entries.count] {
            entries.append(Array(UnsafeRawBufferPointer(start: string, count: string.length)))
        }
        return entries
    }
}

extension UnsafeMutablePointer<CChar> {
    fileprivate var length: Int {
        var end = self
        while end.pointee != 0 { end += 1 }
        return end - self
    }
}
