// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct FileWholeTests {
    @Test(arguments: [0, 1, 4096, 1 << 20, 2_500_000])
    func `what is written to a file is read from it`(count: Int) throws {
        try inFolder { folder in
            let path = folder.appending("file")
            try File.write(pattern(5_000_000), to: path)
            try File.write(pattern(count), to: path)
            let isSame = try File.read(path) == pattern(count)
            #expect(isSame)
        }
    }

    @Test func `text is read as UTF-8, and what is none is replaced`() throws {
        try inFolder { folder in
            try File.write([0x67, 0xC3, 0xBC, 0xFF], to: folder.appending("file"))
            try #expect(File.readText(folder.appending("file")) == "gü\u{FFFD}")
        }
    }

    @Test func `a file that is longer than the limit is an error`() throws {
        try inFolder { folder in
            let path = folder.appending("file")
            try File.write(pattern(10_000), to: path)
            try #expect(File.read(path, limit: 10_000).count == 10_000)
            let error = #expect(throws: LimitExceededError.self) { try File.read(path, limit: 9999) }
            #expect(error?.limit == 9999)
        }
    }

    @Test func `a folder cannot be read, and is named`() throws {
        try inFolder { folder in
            let error = #expect(throws: IOError.self) { try File.read(folder) }
            #expect(error?.code == .isDirectory && error?.subject == folder.string)
        }
    }

    @Test func `a replaced file has the new bytes and the old permissions, and nothing is left beside it`() throws {
        try inFolder { folder in
            let path = folder.appending("state")
            try File.write("old".utf8, to: path)
            try File.setPermissions(of: path, to: [.ownerReadWrite, .otherRead])
            let old = try File.stat(path)
            let reader = try File.open(path)
            try File.replace(path, with: "new".utf8)
            try #expect(File.readText(path) == "new")
            try #expect(File.stat(path).permissions == old.permissions && File.stat(path).inode != old.inode)
            try #expect(reader.read() == Array("old".utf8))
            try #expect(names(in: folder) == ["state"])
        }
    }

    @Test func `a replacement gets exactly the permissions that it is given`() async {
        await #expect(processExitsWith: .success) {
            umask(0o077)
            try inFolder { folder in
                try File.replace(folder.appending("given"), with: [], permissions: [.ownerRead, .groupRead])
                try File.replace(folder.appending("default"), with: [])
                try #expect(File.stat(folder.appending("given")).permissions == [.ownerRead, .groupRead])
                try #expect(File.stat(folder.appending("default")).permissions == .ownerReadWrite)
            }
        }
    }

    @Test func `a symbolic link is replaced, not followed`() throws {
        try inFolder { folder in
            let (path, target) = (folder.appending("link"), folder.appending("target"))
            try File.write("target".utf8, to: target)
            try File.makeSymbolicLink(at: path, to: "target")
            try File.replace(path, with: "new".utf8)
            try #expect(File.stat(path, followingLink: false).type == .regular)
            try #expect(File.readText(target) == "target")
        }
    }

    @Test func `a replacement that fails leaves the old file, and no other`() async {
        await #expect(processExitsWith: .success) {
            limitFileSize(to: 1000)
            try inFolder { folder in
                let path = folder.appending("state")
                try File.write("old".utf8, to: path)
                #expect(throws: PartialWriteError.self) { try File.replace(path, with: pattern(1500)) }
                try #expect(File.readText(path) == "old")
                try #expect(names(in: folder) == ["state"])
            }
        }
    }

    @Test func `a replacement that is interrupted at any moment leaves the old or the new file, and no other`() throws {
        try inFolder { folder in
            let path = folder.appending("state")
            let (old, new) = (pattern(10), pattern(100_000))
            for round in 0..<60 {
                try File.write(old, to: path)
                let fiber = Fiber.spawn { try File.replace(path, with: new) }
                try drain(rounds: round / 3)
                if round % 3 == 0 { fiber.schedule(throwing: Failure("enough")) } else { fiber.cancel() }
                let hasFailed = failure(of: fiber) != nil
                let bytes = try File.read(path)
                #expect(bytes == (hasFailed ? old : new))
                try #expect(names(in: folder) == ["state"])
            }
        }
    }

    @Test func `a file in a folder that is missing is not replaced`() throws {
        try inFolder { folder in
            let error = #expect(throws: IOError.self) { try File.replace(folder.appending("a/b"), with: []) }
            #expect(error?.operation == "open" && error?.code == .noSuchFileOrDirectory)
        }
    }
}
