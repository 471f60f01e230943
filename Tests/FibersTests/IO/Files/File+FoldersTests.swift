// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct FileFoldersTests {
    @Test func `a folder is made once, and with those around it if wanted`() throws {
        try inFolder { folder in
            let deep = folder.appending("a/b/c")
            #expect(code(of: failure { try File.makeFolder(deep) }) == .noSuchFileOrDirectory)
            try File.makeFolder(deep, withIntermediates: true)
            try File.makeFolder(deep, withIntermediates: true)
            let error = #expect(throws: IOError.self) { try File.makeFolder(deep) }
            #expect(error?.code == .fileExists && error?.subject == deep.string)
            try #expect(File.stat(deep).type == .directory)
        }
    }

    @Test func `a file in the way of a folder is an error, even if folders may be there`() throws {
        try inFolder { folder in
            let file = folder.appending("file")
            try File.write([], to: file)
            let error = failure { try File.makeFolder(file, withIntermediates: true) } as? IOError
            #expect(error?.code == .fileExists)
            let inside = failure { try File.makeFolder(file.appending("a/b"), withIntermediates: true) } as? IOError
            #expect(inside?.code == .notDirectory)
        }
    }

    @Test func `an empty folder is removed, any other not`() throws {
        try inFolder { folder in
            let child = folder.appending("child")
            try File.makeFolder(child)
            let error = #expect(throws: IOError.self) { try File.removeFolder(folder) }
            #expect(error?.code == .directoryNotEmpty || error?.code == .fileExists)
            try File.removeFolder(child)
            try #expect(names(in: folder) == [])
        }
    }

    @Test func `a tree is removed, and what its links lead to is not`() throws {
        try inFolder { folder in
            let (tree, outside) = (folder.appending("tree"), folder.appending("outside"))
            try File.makeFolder(outside)
            try File.write([1], to: outside.appending("kept"))
            for number in 0..<40 {
                let child = tree.appending("\(number)/deeper")
                try File.makeFolder(child, withIntermediates: true)
                for name in 0..<10 { try File.write([], to: child.appending("\(name)")) }
                try File.makeSymbolicLink(at: child.appending("link"), to: outside)
            }
            for name in 0..<600 { try File.write([], to: tree.appending("file \(name)")) }
            try File.removeTree(tree)
            try #expect(names(in: folder) == ["outside"])
            try #expect(names(in: outside) == ["kept"])
        }
    }

    @Test func `a file or a link is removed as a tree, and nothing is no error`() throws {
        try inFolder { folder in
            try File.makeFolder(folder.appending("target"))
            try File.write([], to: folder.appending("file"))
            try File.makeSymbolicLink(at: folder.appending("link"), to: "target")
            for name in ["file", "link", "nothing"] { try File.removeTree(folder.appending(name)) }
            try #expect(names(in: folder) == ["target"])
        }
    }

    @Test func `a name that is no UTF-8 is listed and removed`() throws {
        #if os(Linux)
            try inFolder { folder in
                let names: [[CChar]] = [[0x61, -1, 0], [-2, 0]]
                let components = try names.map { try #require(FilePath.Component(platformString: $0)) }
                try File.makeFolder(folder.appending(components[0]))
                try File.write([], to: folder.appending(components[0]).appending(components[1]))
                try #expect(File.entries(of: folder).map(\.name) == [components[0]])
                try File.removeTree(folder.appending(components[0]))
                try #expect(File.entries(of: folder) == [])
            }
        #endif
    }

    @Test func `a deep tree is removed with few descriptors`() async {
        await #expect(processExitsWith: .success) {
            try inFolder { folder in
                var path = folder.appending("tree")
                for _ in 0..<300 {
                    try File.makeFolder(path)
                    try File.write([], to: path.appending("file"))
                    path.append("x")
                }
                limitDescriptors(toMoreThanOpen: 5)
                try File.removeTree(folder.appending("tree"))
                try #expect(names(in: folder) == [])
            }
        }
    }

    @Test func `what cannot be removed is named`() async throws {
        try inFolder { folder in
            guard geteuid() != 0 else { return }  // who may do everything
            let closed = folder.appending("closed")
            try File.makeFolder(closed)
            try File.write([], to: closed.appending("file"))
            try File.setPermissions(of: closed, to: [.ownerRead, .ownerExecute])
            defer { try? File.setPermissions(of: closed, to: .ownerReadWriteExecute) }
            let error = #expect(throws: IOError.self) { try File.removeTree(folder) }
            #expect(error?.code == .permissionDenied && error?.subject == closed.appending("file").string)
        }
    }
}
