// SPDX-License-Identifier: MIT
#if os(Linux)
    import Fibers
    import Foundation
    import SystemPackage
    import Testing

    @Suite struct RecursiveFolderMonitorTests {
        private func withFolder(
            containing folders: String..., body: (TemporaryFolder, FolderMonitor) throws -> Void
        ) throws {
            try inFiber {
                let folder = try TemporaryFolder()
                for name in folders { try folder.makeFolder(name) }
                try body(folder, FolderMonitor(folder.path, recursive: true))
            }
        }

        /// Takes changes until nothing has happened any more; some may be told by an overflow.
        private func allChanges(of monitor: FolderMonitor, in folder: TemporaryFolder) throws -> [FolderChange] {
            var changes: [FolderChange] = []
            repeat {
                try folder.makeFolder("the end")
                repeat { changes.append(try monitor.wait()) } while !isLast(changes.last)
                try folder.remove("the end")
                try #expect(monitor.wait() == .removed("the end"))
            } while changes.last == .overflow
            return changes.dropLast()
        }

        private func isLast(_ change: FolderChange?) -> Bool { change == .overflow || change == .created("the end") }

        @Test func `what happens in the folders below is told with the path from the top`() throws {
            try withFolder(containing: "a/b", "c") { folder, monitor in
                try folder.write("a/b/file", "")
                try folder.makeFolder("c/d")
                try folder.remove("a/b/file")
                let changes = try allChanges(of: monitor, in: folder)
                #expect(changes == [.created("a/b/file"), .created("c/d"), .removed("a/b/file")])
            }
        }

        @Test func `what was made in a new folder before it could be watched is found, and told once`() throws {
            try withFolder { folder, monitor in
                try folder.makeFolder("a/b/c")
                try folder.write("a/file", "")
                try folder.write("a/b/c/file", "")
                let changes = try allChanges(of: monitor, in: folder)
                let expected: [FilePath] = ["a", "a/b", "a/file", "a/b/c", "a/b/c/file"]
                #expect(changes.first == .created("a"))
                #expect(changes.count == expected.count)
                #expect(Set(changes) == Set(expected.map(FolderChange.created)))
                try folder.write("a/b/c/file")
                try #expect(allChanges(of: monitor, in: folder) == [.modified("a/b/c/file")])
            }
        }

        @Test func `folders that are made while somebody waits are told of, each once`() throws {
            try withFolder { folder, monitor in
                var found: [FilePath] = []
                let watcher = Fiber.spawn {
                    for change in monitor {
                        if change == .created("the end") { break }
                        if case .created(let path) = change { found.append(path) }
                    }
                }
                let expected = (0..<100).flatMap { ["\($0)", "\($0)/x", "\($0)/x/y", "\($0)/x/y/file"] }
                for number in 0..<100 {
                    try folder.makeFolder("\(number)/x/y")
                    if number % 3 == 0 { try Fiber.yield() }
                    try folder.write("\(number)/x/y/file", "")
                }
                try folder.makeFolder("the end")
                try watcher.wait()
                #expect(found.count == expected.count)
                #expect(Set(found) == Set(expected.map { FilePath($0) }))
            }
        }

        @Test func `a folder that is renamed goes on to be watched, under its new name`() throws {
            try withFolder(containing: "a/b", "c") { folder, monitor in
                try folder.move("a", to: "c/d")
                try folder.write("c/d/b/file", "")
                try folder.write("c/d/file", "")
                let changes = try allChanges(of: monitor, in: folder)
                #expect(changes == [.renamed(from: "a", to: "c/d"), .created("c/d/b/file"), .created("c/d/file")])
            }
        }

        @Test func `a folder that leaves is watched no more, and is found whole when it comes back`() throws {
            try withFolder(containing: "a/b") { folder, monitor in
                let other = try TemporaryFolder()
                try folder.move("a", to: other("a").string)
                try #expect(monitor.wait() == .removed("a"))
                try other.write("a/b/file", "")
                try #expect(allChanges(of: monitor, in: folder) == [])
                try other.move("a", to: folder("a").string)
                try #expect(monitor.wait() == .created("a"))
                let changes = try allChanges(of: monitor, in: folder)
                #expect(Set(changes) == [.created("a/b"), .created("a/b/file")])
            }
        }

        @Test func `a folder that comes back at once is watched as before`() throws {
            try withFolder(containing: "a/b") { folder, monitor in
                let other = try TemporaryFolder()
                try folder.move("a", to: other("a").string)
                try other.move("a", to: folder("a").string)
                let changes = try allChanges(of: monitor, in: folder)
                #expect(changes == [.removed("a"), .created("a"), .created("a/b")])
                try Fiber.sleep(for: .milliseconds(10))
                try folder.write("a/b/file", "")
                try #expect(allChanges(of: monitor, in: folder) == [.created("a/b/file")])
            }
        }

        @Test func `a folder that is removed and made again is watched again`() throws {
            try withFolder(containing: "a") { folder, monitor in
                for _ in 0..<3 {
                    try folder.remove("a")
                    try folder.makeFolder("a")
                    try folder.write("a/file", "")
                    let changes = try allChanges(of: monitor, in: folder)
                    #expect(changes.suffix(3) == [.removed("a"), .created("a"), .created("a/file")])
                }
            }
        }

        @Test func `links are not followed`() throws {
            try withFolder { folder, monitor in
                let other = try TemporaryFolder()
                try FileManager.default.createSymbolicLink(
                    atPath: folder("link").string, withDestinationPath: other.path.string)
                try other.write("file", "")
                try #expect(allChanges(of: monitor, in: folder) == [.created("link")])
            }
        }

        @Test func `random changes of a tree, told one by one, lead to the same tree`() throws {
            for seed in UInt64(1)...5 {
                try withFolder { folder, monitor in
                    var random = SplitMix(seed: seed)
                    var model = TreeModel()
                    for _ in 0..<60 {
                        for _ in 0..<Int.random(in: 1...4, using: &random) { try change(folder, &random) }
                        let changes = try allChanges(of: monitor, in: folder)
                        for change in changes { try model.apply(change, in: folder.path) }
                        try #expect(model.paths == TreeModel.paths(in: folder.path), "seed \(seed)")
                    }
                }
            }
        }

        private func change(_ folder: TemporaryFolder, _ random: inout SplitMix) throws {
            let paths = try TreeModel.paths(in: folder.path).map(\.string).sorted()
            let parent = paths.filter { $0.hasPrefix("f") }.randomElement(using: &random)
            let name = (Bool.random(using: &random) ? "f" : "g") + "\(Int.random(in: 0..<4, using: &random))"
            let place = parent.flatMap { Bool.random(using: &random) ? "\($0)/\(name)" : nil } ?? name
            switch Int.random(in: 0..<4, using: &random) {
            case 0: try? folder.makeFolder(place)
            case 1: try? folder.write(place, "")
            case 2: if let path = paths.randomElement(using: &random) { try? folder.remove(path) }
            default: if let path = paths.randomElement(using: &random) { try? folder.move(path, to: place) }
            }
        }
    }

    /// What somebody who only hears of changes believes to be in a folder.
    private struct TreeModel {
        private(set) var paths: Set<FilePath> = []

        mutating func apply(_ change: FolderChange, in folder: FilePath) throws {
            switch change {
            case .created(let path): paths.insert(path)
            case .removed(let path): paths = paths.filter { !$0.starts(with: path) }
            case .renamed(let old, let new): move(old, to: new)
            case .modified: break
            case .overflow: paths = try Self.paths(in: folder)
            }
        }

        private mutating func move(_ old: FilePath, to new: FilePath) {
            let moved = paths.filter { $0.starts(with: old) }
            paths = paths.filter { !$0.starts(with: old) && !$0.starts(with: new) }
            for path in moved { paths.insert(new.appending(path.components.dropFirst(old.components.count))) }
        }

        static func paths(in folder: FilePath) throws -> Set<FilePath> {
            Set(try FileManager.default.subpathsOfDirectory(atPath: folder.string).map { FilePath($0) })
        }
    }
#endif
