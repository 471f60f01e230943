// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct FilePathsTests {
    @Test func `what is at a path is told, and links are followed if wanted`() throws {
        try inFolder { folder in
            let (file, link) = (folder.appending("file"), folder.appending("link"))
            try File.write(pattern(42), to: file)
            try File.makeSymbolicLink(at: link, to: "file")
            let status = try File.stat(link)
            #expect(status.type == .regular && status.size == 42)
            try #expect(status == File.stat(file))
            try #expect(File.stat(link, followingLink: false).type == .symbolicLink)
            try #expect(File.stat(folder).type == .directory)
        }
    }

    @Test func `a path that leads to nothing is named by the error`() throws {
        try inFolder { folder in
            let error = #expect(throws: IOError.self) { try File.stat(folder.appending("missing")) }
            #expect(error?.description == "stat \(folder)/missing: no such file or directory (ENOENT)")
        }
    }

    @Test func `whether something exists is told for files, folders and links`() throws {
        try inFolder { folder in
            let (file, link) = (folder.appending("file"), folder.appending("link"))
            try File.makeSymbolicLink(at: link, to: "file")
            try #expect(!File.exists(file) && !File.exists(link) && File.exists(link, followingLink: false))
            try File.write([], to: file)
            try #expect(File.exists(file) && File.exists(link) && File.exists(folder))
            try #expect(!File.exists(file.appending("child")))
            let name = String(repeating: "x", count: 300)
            let error = #expect(throws: IOError.self) { try File.exists(folder.appending(name)) }
            #expect(error?.code == .fileNameTooLong)
        }
    }

    @Test func `a renamed file replaces what was there`() throws {
        try inFolder { folder in
            let (one, other) = (folder.appending("one"), folder.appending("other"))
            try File.write("one".utf8, to: one)
            try File.write("other".utf8, to: other)
            try File.rename(one, to: other)
            try #expect(File.readText(other) == "one")
            let error = #expect(throws: IOError.self) { try File.rename(one, to: other) }
            #expect(error?.subject == "\(one) to \(other)" && error?.code == .noSuchFileOrDirectory)
        }
    }

    @Test func `a file is removed, a link itself, and a folder not`() throws {
        try inFolder { folder in
            let (file, link) = (folder.appending("file"), folder.appending("link"))
            try File.write([], to: file)
            try File.makeSymbolicLink(at: link, to: "file")
            try File.remove(link)
            try #expect(names(in: folder) == ["file"])
            try File.remove(file)
            #expect(code(of: failure { try File.remove(file) }) == .noSuchFileOrDirectory)
            let refusal = code(of: failure { try File.remove(folder) })
            #expect(refusal == .isDirectory || refusal == .notPermitted)
        }
    }

    @Test func `permissions are exactly those that are set`() async {
        await #expect(processExitsWith: .success) {
            umask(0o077)
            try inFolder { folder in
                let path = folder.appending("file")
                try File.write([], to: path)
                try File.setPermissions(of: path, to: [.ownerRead, .groupReadWrite])
                try #expect(File.stat(path).permissions == [.ownerRead, .groupReadWrite])
            }
        }
    }

    @Test func `a link is one more path of the same file`() throws {
        try inFolder { folder in
            let (file, link) = (folder.appending("file"), folder.appending("link"))
            try File.write([], to: file)
            try File.makeLink(at: link, to: file)
            try #expect(File.stat(link).inode == File.stat(file).inode && File.stat(file).linkCount == 2)
            let error = #expect(throws: IOError.self) { try File.makeLink(at: link, to: file) }
            #expect(error?.operation == "link" && error?.code == .fileExists)
        }
    }

    @Test(arguments: [1, 255, 256, 257, 1000])
    func `a symbolic link tells where it leads, however long that is`(length: Int) throws {
        try inFolder { folder in
            let target = FilePath(String(repeating: "x", count: length))
            try File.makeSymbolicLink(at: folder.appending("link"), to: target)
            try #expect(File.readLink(folder.appending("link")) == target)
            let error = #expect(throws: IOError.self) { try File.readLink(folder) }
            #expect(error?.code == .invalidArgument)
        }
    }
}
