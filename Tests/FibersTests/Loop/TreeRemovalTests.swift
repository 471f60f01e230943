// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

@Suite struct TreeRemovalTests {
    @Test func `a folder that is exchanged for a link while it is listed loses nothing`() throws {
        try inFolder { folder in
            let (tree, outside) = (folder.appending("tree"), folder.appending("outside"))
            try File.makeFolder(tree)
            try File.makeFolder(outside)
            try File.write([1], to: outside.appending("kept"))
            try File.makeFolder(tree.appending("child"))
            let opened = OpenFolder(try FileCalls.open(tree, .readOnly, options: .directory), at: tree)
            let entry = try #require(try opened.next(1).first)
            try File.removeFolder(tree.appending("child"))
            try File.makeSymbolicLink(at: tree.appending("child"), to: outside)
            let error = failure { try opened.open(entry.name) } as? IOError
            #expect(error?.code == .notDirectory || error?.code == .tooManySymbolicLinkLevels)
            #expect(error?.subject == tree.appending("child").string)
        }
    }

    @Test func `a folder that is moved while it is being emptied ends the removal`() throws {
        try inFolder { folder in
            let tree = folder.appending("tree")
            try File.makeFolder(tree.appending("child"), withIntermediates: true)
            for name in 0..<300 { try File.write([], to: tree.appending("child/\(name)")) }
            let removal = TreeRemoval(of: tree)
            while try File.entries(of: tree.appending("child")).count == 300 { _ = try removal.step() }
            try File.rename(tree.appending("child"), to: folder.appending("moved"))
            try File.write([1], to: folder.appending("kept"))
            let error = failure { while try removal.step() {} } as? IOError
            #expect(error?.code == .staleNFSFileHandle)
            try #expect(names(in: folder) == ["kept", "moved", "tree"])
        }
    }

    @Test func `what somebody else has removed already is no error`() throws {
        try inFolder { folder in
            let tree = folder.appending("tree")
            try File.makeFolder(tree.appending("child"), withIntermediates: true)
            for name in 0..<300 { try File.write([], to: tree.appending("child/\(name)")) }
            let removal = TreeRemoval(of: tree)
            while try File.entries(of: tree.appending("child")).count == 300 { _ = try removal.step() }
            for entry in try File.entries(of: tree.appending("child")) {
                try File.remove(tree.appending("child").appending(entry.name))
            }
            while try removal.step() {}
            try #expect(!File.exists(tree))
        }
    }
}
