// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct PollingFileWatcherTests {
    private let interval = Duration.milliseconds(1)

    /// Has the watcher look at the file, which changes until that has told.
    private func begin(_ watcher: PollingFileWatcher, _ folder: TemporaryFolder) throws {
        let waiter = Fiber.spawn { try watcher.wait() }
        while !waiter.isDone {
            try folder.write("file", "1")
            try Fiber.sleep(for: .milliseconds(2))
        }
        try waiter.wait()
    }

    @Test func `FW7: a file that changes, goes and comes is told with what was and what is`() throws {
        try inFiber {
            let folder = try TemporaryFolder()
            let watcher = try PollingFileWatcher(folder("file"), every: interval)
            try begin(watcher, folder)
            try folder.remove("file")
            var change = try watcher.wait()
            while change.current != nil { change = try watcher.wait() }
            #expect(change.previous != nil)
            try folder.makeFolder("file")
            change = try watcher.wait()
            #expect(change.previous == nil)
            #expect(change.current?.type == .directory)
        }
    }

    @Test func `FW7: changes between two waits are told by the second, at once`() throws {
        try inFiber {
            let folder = try TemporaryFolder()
            try folder.write("file", "1")
            let watcher = try PollingFileWatcher(folder("file"), every: .seconds(100))
            #expect(throws: TimeoutError.self) { try withTimeout(.milliseconds(50)) { try watcher.wait() } }
            try folder.write("file", "2")
            // Unless the limit ended the first look, the second one is another.
            if let change = try? withTimeout(.milliseconds(500), { try watcher.wait() }) {
                #expect(change.previous?.size == 1)
                #expect(change.current?.size == 2)
            }
        }
    }

    @Test func `FW7: everybody who waits is told`() throws {
        try inFiber {
            let folder = try TemporaryFolder()
            let watcher = try PollingFileWatcher(folder("file"), every: interval)
            try begin(watcher, folder)
            let waiters = (0..<2).map { _ in Fiber.spawn { try watcher.wait() } }
            try Fiber.yield()
            try folder.remove("file")
            for waiter in waiters {
                let (previous, current) = try waiter.fetch()
                #expect(previous != nil)
                #expect(current?.size != previous?.size)
            }
        }
    }

    @Test func `FW7: closing gives ClosedError to who waits and who will`() throws {
        try inFiber {
            let watcher = try PollingFileWatcher("/", every: .seconds(100))
            let waiters = (0..<2).map { _ in Fiber.spawn { try watcher.wait() } }
            try Fiber.sleep(for: .milliseconds(1))
            watcher.close()
            watcher.close()
            for waiter in waiters { #expect((failure(of: waiter) as? ClosedError)?.subject == "watcher of /") }
            #expect(throws: ClosedError.self) { try watcher.wait() }
        }
    }

    @Test func `FW7: an interval that is none, or no path, is an error`() throws {
        try inFiber {
            #expect(throws: ArgumentError.self) { try PollingFileWatcher("/", every: .zero) }
            #expect(throws: ArgumentError.self) { try PollingFileWatcher("") }
            try #expect(PollingFileWatcher("/").interval == .milliseconds(5007))
        }
    }
}
