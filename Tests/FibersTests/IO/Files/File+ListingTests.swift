// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct FileListingTests {
    @Test func `a list has every name and its type, and follows no link`() throws {
        try inFolder { folder in
            try File.write([], to: folder.appending("file"))
            try File.makeFolder(folder.appending("folder"))
            try File.makeSymbolicLink(at: folder.appending("link"), to: "folder")
            makeFifo(at: folder.appending("fifo"))
            let types = Dictionary(
                uniqueKeysWithValues: try File.entries(of: folder).map { ($0.name.string, $0.type) })
            #expect(types == ["file": .regular, "folder": .directory, "link": .symbolicLink, "fifo": .fifo])
        }
    }

    @Test func `a folder of many entries is listed whole, and the body may park`() throws {
        try inFolder { folder in
            let expected = (0..<1000).map { "\($0)" }
            for name in expected { try File.write([], to: folder.appending(name)) }
            var found: Set<String> = []
            try File.forEachEntry(of: folder) { entry in
                found.insert(entry.name.string)
                try Fiber.yield()
            }
            #expect(found == Set(expected))
        }
    }

    @Test func `an error of the body ends the list`() throws {
        try inFolder { folder in
            for name in ["a", "b", "c"] { try File.write([], to: folder.appending(name)) }
            var count = 0
            let expected = Failure("enough")
            let error = failure {
                try File.forEachEntry(of: folder) { _ in
                    count += 1
                    throw expected
                }
            }
            #expect(error as? Failure === expected && count == 1)
        }
    }

    @Test func `what cannot be listed is named`() throws {
        try inFolder { folder in
            let file = folder.appending("file")
            try File.write([], to: file)
            for (path, code) in [(file, Errno.notDirectory), (folder.appending("none"), .noSuchFileOrDirectory)] {
                let error = #expect(throws: IOError.self) { try File.entries(of: path) }
                #expect(error?.code == code && error?.subject == path.string)
            }
        }
    }
}
