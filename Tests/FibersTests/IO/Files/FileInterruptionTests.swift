// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

@Suite struct FileInterruptionTests {
    /// A call of every kind, each of which would leave something behind.
    private static func calls(_ file: File, _ folder: FilePath) -> [(name: String, make: () throws -> Void)] {
        let new = folder.appending("new")
        return [
            ("open", { _ = try File.open(file.path) }),
            ("create", { _ = try File.open(new, .writeOnly, options: .create) }),
            ("read", { _ = try file.read() }),
            ("write", { try file.write("x") }),
            ("read at", { _ = try file.read(upTo: 1, at: 0) }),
            ("write at", { try file.write([1], at: 0) }),
            ("read all", { _ = try file.readAll() }),
            ("seek", { try file.seek(offset: 1) }),
            ("truncate", { try file.truncate() }),
            ("sync", { try file.sync() }),
            ("stat of the file", { _ = try file.stat() }),
            ("send", { try file.send(to: MemoryStream()) }),
            ("send to a file", { try file.send(to: file) }),
            ("stat", { _ = try File.stat(file.path) }),
            ("exists", { _ = try File.exists(file.path) }),
            ("rename", { try File.rename(file.path, to: new) }),
            ("remove", { try File.remove(file.path) }),
            ("set permissions", { try File.setPermissions(of: file.path, to: []) }),
            ("link", { try File.makeLink(at: new, to: file.path) }),
            ("symbolic link", { try File.makeSymbolicLink(at: new, to: file.path) }),
            ("read link", { _ = try File.readLink(file.path) }),
            ("make folder", { try File.makeFolder(new) }),
            ("remove folder", { try File.removeFolder(folder) }),
            ("remove tree", { try File.removeTree(folder) }),
            ("list", { _ = try File.entries(of: folder) }),
            ("read a file", { _ = try File.read(file.path) }),
            ("write a file", { try File.write([1], to: file.path) }),
            ("replace a file", { try File.replace(file.path, with: [1]) }),
            ("temporary file", { _ = try File.makeTemporary(in: folder) }),
            ("temporary folder", { _ = try File.makeTemporaryFolder(in: folder) }),
            ("scoped temporary file", { try withTemporaryFile(in: folder) { _ in } }),
            ("scoped temporary folder", { try withTemporaryFolder(in: folder) { _ in } }),
        ]
    }

    @Test func `a call that no thread has begun when its fiber is cancelled is never made`() async {
        await #expect(processExitsWith: .success) {
            limitPoolToOneThread()
            try inFolder { folder in
                let file = try File.open(folder.appending("file"), .readWrite, options: .create)
                try file.write("hello")
                try file.seek(offset: 0)
                let before = try file.stat()
                let count = openFileCount()
                try withBusyPool {
                    for (name, make) in FileInterruptionTests.calls(file, folder) {
                        let fiber = Fiber.spawn(name: name) { try make() }
                        try drain(rounds: 2)
                        #expect(fiber.state == .waiting, "\(name)")
                        fiber.cancel()
                        try drain(rounds: 2)
                        // libuv tells that it took the call back as soon as its loop turns
                        while !fiber.isDone { try Fiber.sleep(for: .milliseconds(1)) }
                        #expect(failure(of: fiber) is CancellationError, "\(name)")
                    }
                }
                try #expect(names(in: folder) == ["file"])
                try #expect(file.stat() == before)
                try #expect(file.seek(offset: 0, from: .current) == 0)
                #expect(openFileCount() == count)
            }
        }
    }

    @Test func `a call in a fiber that is cancelled already is never made`() throws {
        try inFolder { folder in
            let file = try File.open(folder.appending("file"), .readWrite, options: .create)
            for (name, make) in Self.calls(file, folder) {
                let fiber = Fiber.spawn(name: name) {
                    Fiber.current.cancel()
                    try make()
                }
                #expect(failure(of: fiber) is CancellationError, "\(name)")
            }
            try #expect(names(in: folder) == ["file"])
        }
    }

    @Test func `files opened in fibers that are cancelled at every moment are all closed`() async {
        await #expect(processExitsWith: .success) {
            try inFolder { folder in
                let path = folder.appending("file")
                try File.write([], to: path)
                let before = openFileCount()
                for round in 0..<200 {
                    let options: FileDescriptor.OpenOptions = round % 2 == 0 ? [] : .create
                    let fiber = Fiber.spawn { try File.open(path, options: options) }
                    try drain(rounds: round % 5)
                    fiber.cancel()
                    try? fiber.wait()
                }
                try File.sync(path)  // libuv ends requests in the order in which they were done
                while openFileCount() != before { try Fiber.sleep(for: .milliseconds(1)) }
            }
        }
    }

    @Test func `a read that a thread has begun gives its bytes to the cancelled fiber`() throws {
        try inFolder { folder in
            let path = folder.appending("file")
            try File.write(pattern(100), to: path)
            for round in 0..<50 {
                let file = try File.open(path)
                var bytes: [UInt8] = []
                let fiber = Fiber.spawn { while true { bytes += try file.read(upTo: 10) } }
                try drain(rounds: round % 7)
                fiber.cancel()
                #expect(failure(of: fiber) is CancellationError)
                let isWhole = try bytes + file.readAll() == pattern(100)
                #expect(isWhole)
            }
        }
    }

    @Test func `a time limit leaves a folder that is being removed with whole files`() throws {
        try inFolder { folder in
            for number in 0..<600 { try File.write([1], to: folder.appending("\(number)")) }
            let fiber = Fiber.spawn { try File.removeTree(folder) }
            try drain(rounds: 1)
            fiber.cancel()
            try? fiber.wait()
            for entry in try File.entries(of: folder) { try #expect(File.read(folder.appending(entry.name)) == [1]) }
        }
    }
}

extension File {
    fileprivate static func sync(_ path: FilePath) throws { try open(path).sync() }
}
