// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct FileTests {
    @Test func `lines of a file are read through a buffered reader`() throws {
        try inFolder { folder in
            let path = folder.appending("lines")
            try File.write("one\ntwo\nthree".utf8, to: path)
            let reader = BufferedReader(try File.open(path))
            try #expect([reader.readLine(), reader.readLine(), reader.readLine()] == ["one", "two", "three"])
            try #expect(reader.readLine() == nil)
        }
    }

    @Test func `reads and writes begin where the last one ended, and seeking moves that`() throws {
        try inFolder { folder in
            let file = try File.open(folder.appending("file"), .readWrite, options: .create)
            try file.write("hello ")
            try file.write(gathering: [Array("wor".utf8), Array("ld".utf8)])
            try #expect(file.seek(offset: 0, from: .current) == 11)
            try #expect(file.seek(offset: -5, from: .end) == 6)
            try #expect(file.read() == Array("world".utf8))
            try #expect(file.read() == [])
        }
    }

    @Test func `a file that is missing is named by the error`() throws {
        try inFolder { folder in
            let error = #expect(throws: IOError.self) { try File.open(folder.appending("missing")) }
            #expect(error?.operation == "open" && error?.code == .noSuchFileOrDirectory)
            #expect(error?.subject == folder.appending("missing").string)
        }
    }

    @Test func `a read that the system refuses names the path`() throws {
        try inFolder { folder in
            let error = #expect(throws: IOError.self) { try File.open(folder).read() }
            #expect(error?.operation == "read" && error?.subject == folder.string && error?.code == .isDirectory)
        }
    }

    @Test func `a file that must be new is made once`() throws {
        try inFolder { folder in
            func make() throws -> File {
                try File.open(folder.appending("lock"), .writeOnly, options: [.create, .exclusiveCreate])
            }
            _ = try make()
            let error = #expect(throws: IOError.self) { try make() }
            #expect(error?.code == .fileExists)
        }
    }

    @Test func `descriptors are close-on-exec`() throws {
        try inFolder { folder in
            let file = try File.open(folder.appending("file"), .writeOnly, options: .create)
            #expect(fcntl(file.poll.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        }
    }

    @Test func `a file opened for appending is written at its end`() throws {
        try inFolder { folder in
            let path = folder.appending("log")
            try File.write("one ".utf8, to: path)
            let file = try File.open(path, .writeOnly, options: .append)
            #expect(!file.isReadable && file.isWritable)
            try file.write("two")
            try #expect(File.readText(path) == "one two")
        }
    }

    @Test func `a file is cut off and extended, and tells its size`() throws {
        try inFolder { folder in
            let file = try File.open(folder.appending("file"), .readWrite, options: .create)
            try file.write("hello")
            try file.truncate(to: 2)
            try #expect(file.size() == 2)
            try file.truncate(to: 4)
            try #expect(file.read(upTo: 9, at: 0) == [104, 101, 0, 0])
            try file.sync()
            try file.sync(dataOnly: true)
            let error = #expect(throws: ArgumentError.self) { try file.truncate(to: -1) }
            #expect(error?.message == "size -1 is negative: a file has at least 0 bytes")
        }
    }

    @Test func `an open file tells what it is, even when it is removed`() throws {
        try inFolder { folder in
            let path = folder.appending("file")
            let file = try File.open(path, .writeOnly, options: .create)
            let inode = try File.stat(path).inode
            try File.remove(path)
            let status = try file.stat()
            #expect(status.type == .regular && status.inode == inode && status.linkCount == 0)
        }
    }

    @Test func `a closed file throws in every call`() throws {
        try inFolder { folder in
            let file = try File.open(folder.appending("file"), .readWrite, options: .create)
            file.close()
            #expect(file.isClosed && !file.isReadable && !file.isWritable)
            let calls: [() throws -> Void] = [
                { _ = try file.read() }, { try file.write("x") }, { _ = try file.read(upTo: 1, at: 0) },
                { try file.write([1], at: 0) }, { _ = try file.stat() }, { try file.seek(offset: 0) },
                { try file.truncate() }, { try file.sync() }, { _ = try file.readAll() },
                { try file.send(to: MemoryStream()) },
            ]
            for call in calls {
                #expect((failure(of: call) as? ClosedError)?.subject == "file \(file.path)")
            }
        }
    }
}
