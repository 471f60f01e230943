// SPDX-License-Identifier: MIT

extension Workload {
    /// One line for `list`.
    var summary: String {
        switch self {
        case .switching: "fibers that yield to each other, in rings of 2, 100 and 1,000 (--fibers)"
        case .switchTo: "two fibers that switch to each other by name"
        case .spawn: "spawn, run and join, one by one and 1,000 at a time (--fibers)"
        case .condition: "round trips of two fibers through two conditions"
        case .notify: "1,000 fibers that are notified all at once (--fibers)"
        case .channel: "round trips through channels without a buffer, elements through one with room for 32"
        case .sharedChannel: "the same when another thread has used channels, too"
        case .wake: "two threads that wake each other, on one core and on two"
        case .threads: "work on two worker threads, and spawns to them"
        case .skynet: "a tree of 1,000,000 fibers that sum their numbers (--fibers)"
        case .allocations: "calls of the allocator per operation"
        case .instructions: "instructions per operation, as callgrind counts them"
        case .lines: "lines of a file of 1 GiB"
        case .linesSocket: "lines from a connection"
        case .echo: "a TCP server that sends back what comes: 64 bytes and 16 KiB, 1 to 1,000 connections"
        case .echoTLS: "the same over TLS, and handshakes"
        case .connections: "memory of 10,000 connections that are idle (--fibers)"
        case .processes: "child processes: one by one, 16 at once, with their output, from a large parent"
        case .idle: "CPU of 10,000 parked fibers (--fibers, --seconds)"
        case .sleepers: "1,000,000 fibers asleep at once (--fibers)"
        case .all: "all of them"
        }
    }
}
