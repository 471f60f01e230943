// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

/// What monitors use where there is no inotify.
@Suite struct PathWatchTests {
    @Test func `what happens in a folder is told, with the name`() throws {
        try inFiber {
            let folder = try TemporaryFolder()
            let watch = try PathWatch(folder.path, isRecursive: false)
            let waiter = Fiber.spawn { try watch.wait() }
            try drain()
            #expect(waiter.state == .waiting)
            try folder.write("file")
            try waiter.wait()
            let notices = try watch.takeNotices()
            #expect(notices.first?.name == "file")
            #expect(notices.first?.isAnother == true)
            try folder.setPermissions("file")
            repeat { try watch.wait() } while try watch.takeNotices().last?.isAnother != false
        }
    }

    @Test func `what is not there cannot be watched`() throws {
        try inFiber {
            let error = #expect(throws: IOError.self) { try PathWatch("/missing", isRecursive: false) }
            #expect(error?.code == .noSuchFileOrDirectory)
            #expect(error?.subject == "/missing")
        }
    }

    @Test func `closing gives ClosedError to who waits and who will`() throws {
        try inFiber {
            let watch = try PathWatch("/", isRecursive: false)
            let waiter = Fiber.spawn { try watch.wait() }
            try drain()
            watch.close()
            #expect(failure(of: waiter) is ClosedError)
            #expect(throws: ClosedError.self) { try watch.takeNotices() }
        }
    }
}
