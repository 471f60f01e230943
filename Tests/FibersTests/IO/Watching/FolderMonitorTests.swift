// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import SystemPackage
import Testing

@Suite struct FolderMonitorTests {
    private func withFolder(_ body: (TemporaryFolder, FolderMonitor) throws -> Void) throws {
        try inFiber {
            let folder = try TemporaryFolder()
            try body(folder, FolderMonitor(folder.path))
        }
    }

    @Test func `FW5: what happens is told in order, also what happened when nobody waited`() throws {
        try withFolder { folder, monitor in
            try folder.write("file", "")
            try folder.write("file")
            try folder.makeFolder("folder")
            try folder.remove("file")
            try #expect(monitor.wait() == .created("file"))
            try #expect(monitor.wait() == .modified("file"))
            try #expect(monitor.wait() == .created("folder"))
            try #expect(monitor.wait() == .removed("file"))
        }
    }

    @Test func `FW5: writes that follow on each other may be told as one, but never as none`() throws {
        try withFolder { folder, monitor in
            try folder.write("file", "")
            for _ in 0..<100 { try folder.write("file") }
            try folder.write("end", "")
            let changes = try changes(of: monitor, upTo: .created("end"))
            #expect(changes == [.created("file"), .modified("file"), .created("end")])
        }
    }

    @Test func `FW6: of several fibers that wait, each gets another change`() throws {
        try withFolder { folder, monitor in
            let waiters = (0..<3).map { _ in Fiber.spawn { try monitor.wait() } }
            try drain()
            for number in 0..<3 { try folder.makeFolder("\(number)") }
            let changes = try waiters.map { try $0.fetch() }
            #expect(changes == [.created("0"), .created("1"), .created("2")])
        }
    }

    @Test func `FW6: closing gives ClosedError to who waits and ends loops`() throws {
        try withFolder { folder, monitor in
            let waiter = Fiber.spawn { try monitor.wait() }
            let loop = Fiber.spawn { for _ in monitor {} }
            try drain()
            monitor.close()
            monitor.close()
            #expect(failure(of: waiter) is ClosedError)
            try loop.wait()
            #expect(throws: ClosedError.self) { try monitor.wait() }
            #expect(monitor.isClosed)
        }
    }

    @Test func `FW5: a wait with a limit, or a cancelled one, loses nothing`() throws {
        try withFolder { folder, monitor in
            #expect(throws: TimeoutError.self) { try withTimeout(.milliseconds(1)) { try monitor.wait() } }
            let waiter = Fiber.spawn { try monitor.wait() }
            try drain()
            waiter.cancel()
            #expect(failure(of: waiter) is CancellationError)
            try folder.makeFolder("folder")
            try #expect(monitor.wait() == .created("folder"))
        }
    }

    @Test func `what is no folder is an error, and so is no path`() throws {
        try inFiber {
            let folder = try TemporaryFolder()
            let missing = #expect(throws: IOError.self) { try FolderMonitor(folder("missing")) }
            #expect(missing?.code == .noSuchFileOrDirectory)
            try folder.write("file")
            let file = #expect(throws: IOError.self) { try FolderMonitor(folder("file")) }
            #expect(file?.code == .notDirectory)
            #expect(throws: ArgumentError.self) { try FolderMonitor("") }
        }
    }

    @Test func `when the folder itself is removed, all before is told, and then ENOENT`() throws {
        try withFolder { folder, monitor in
            try folder.makeFolder("folder")
            try folder.remove("")
            try #expect(monitor.wait() == .created("folder"))
            try #expect(monitor.wait() == .removed("folder"))
            let error = #expect(throws: IOError.self) { try monitor.wait() }
            #expect(error?.code == .noSuchFileOrDirectory)
            for _ in monitor {}
        }
    }

    #if os(Linux)
        @Test func `a rename is told as one change`() throws {
            try withFolder { folder, monitor in
                try folder.write("old", "")
                try folder.move("old", to: "new")
                try #expect(monitor.wait() == .created("old"))
                try #expect(monitor.wait() == .renamed(from: "old", to: "new"))
            }
        }

        @Test func `what leaves the folder was removed, what comes into it was created`() throws {
            try withFolder { folder, monitor in
                let other = try TemporaryFolder()
                try folder.makeFolder("folder")
                try folder.move("folder", to: other("folder").string)
                try other.move("folder", to: folder("again").string)
                try #expect(monitor.wait() == .created("folder"))
                try #expect(monitor.wait() == .removed("folder"))
                try #expect(monitor.wait() == .created("again"))
            }
        }

        @Test func `more than the system can remember is told as an overflow, and then it goes on`() throws {
            try withFolder { folder, monitor in
                let limit = try Int(text(of: "/proc/sys/fs/inotify/max_queued_events")) ?? 0
                try #require((1...100_000).contains(limit))
                let files = try ["one", "two"].map { name in
                    try FileDescriptor.open(folder(name), .writeOnly, options: .create, permissions: .ownerReadWrite)
                }
                for number in 0...limit { fchmod(files[number % 2].rawValue, 0o640) }
                for file in files { try file.close() }
                let changes = try changes(of: monitor, upTo: .overflow)
                #expect(changes.count > limit / 2)
                try folder.write("three", "")
                try #expect(monitor.wait() == .created("three"))
            }
        }

        private func text(of path: FilePath) throws -> String {
            let file = try FileDescriptor.open(path, .readOnly)
            return try file.closeAfter {
                var bytes = [UInt8](repeating: 0, count: 64)
                let count = try bytes.withUnsafeMutableBytes { try file.read(into: $0) }
                return String(decoding: bytes[..<count], as: UTF8.self).filter { !$0.isWhitespace }
            }
        }
    #endif
}

/// Takes changes up to a given one.
func changes(of monitor: FolderMonitor, upTo last: FolderChange) throws -> [FolderChange] {
    var changes: [FolderChange] = []
    repeat { changes.append(try monitor.wait()) } while changes.last != last
    return changes
}
