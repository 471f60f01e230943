// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct FileMonitorTests {
    private func withFile(_ body: (TemporaryFolder, FileMonitor) throws -> Void) throws {
        try inFiber {
            let folder = try TemporaryFolder()
            try folder.write("file")
            try body(folder, FileMonitor(folder("file")))
        }
    }

    @Test func `FW3: a write wakes the fiber that waits, and so does a change of the permissions`() throws {
        try withFile { folder, monitor in
            let waiter = Fiber.spawn { try monitor.wait() }
            try drain()
            #expect(waiter.state == .waiting)
            try folder.write("file", "more")
            try #expect(waiter.fetch() == .changed)
            try folder.setPermissions("file")
            try #expect(monitor.wait() == .changed)
        }
    }

    @Test func `FW3: a file that is not there is an error, and so is no path`() throws {
        try inFiber {
            let folder = try TemporaryFolder()
            let error = #expect(throws: IOError.self) { try FileMonitor(folder("file")) }
            #expect(error?.code == .noSuchFileOrDirectory)
            #expect(error?.subject == folder("file").string)
            #expect(throws: ArgumentError.self) { try FileMonitor("") }
        }
    }

    @Test func `FW4: what happens when nobody waits is told as one`() throws {
        try withFile { folder, monitor in
            try folder.write("file")
            try folder.write("file")
            try folder.setPermissions("file")
            try folder.move("file", to: "other")
            try #expect(monitor.wait() == [.changed, .renamed])
            let waiter = Fiber.spawn { try monitor.wait() }
            try Fiber.sleep(for: .milliseconds(1))
            #expect(waiter.state == .waiting)
        }
    }

    @Test func `FW4: it goes on when another takes the place of the file`() throws {
        try withFile { folder, monitor in
            try folder.write("new")
            try folder.move("new", to: "file")
            try #expect(monitor.wait().contains(.renamed))
            try folder.write("file")
            try #expect(monitor.wait() == .changed)
            try folder.remove("file")
            try #expect(monitor.wait().contains(.renamed))
            try folder.write("file", "")
            try #expect(monitor.wait().contains(.renamed))
            try folder.write("file")
            try #expect(monitor.wait().contains(.changed))
        }
    }

    @Test func `FW4: what happens to another file, or to the file in another place, is not told`() throws {
        try withFile { folder, monitor in
            try folder.write("other")
            try folder.move("file", to: "elsewhere")
            try #expect(monitor.wait() == .renamed)
            try folder.write("elsewhere")
            try folder.remove("other")
            let waiter = Fiber.spawn { try monitor.wait() }
            try Fiber.sleep(for: .milliseconds(1))
            #expect(waiter.state == .waiting)
        }
    }

    @Test func `FW4: closing gives ClosedError to who waits and who will`() throws {
        try withFile { folder, monitor in
            let waiter = Fiber.spawn { try monitor.wait() }
            try drain()
            monitor.close()
            monitor.close()
            #expect(failure(of: waiter) is ClosedError)
            try folder.write("file")
            #expect(throws: ClosedError.self) { try monitor.wait() }
            #expect(monitor.isClosed)
        }
    }

    @Test func `FW3: a wait with a limit, or a cancelled one, loses nothing`() throws {
        try withFile { folder, monitor in
            #expect(throws: TimeoutError.self) { try withTimeout(.milliseconds(1)) { try monitor.wait() } }
            let waiter = Fiber.spawn { try monitor.wait() }
            try drain()
            waiter.cancel()
            #expect(failure(of: waiter) is CancellationError)
            try folder.write("file")
            try #expect(monitor.wait() == .changed)
        }
    }

    @Test func `a folder can be watched, too`() throws {
        try inFiber {
            let folder = try TemporaryFolder()
            let monitor = try FileMonitor(folder.path)
            try folder.write("file", "")
            try #expect(monitor.wait().contains(.renamed))
        }
    }
}
