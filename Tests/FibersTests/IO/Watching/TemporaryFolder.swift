// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import SystemPackage

/// A folder of its own for a test, removed with all that is in it.
final class TemporaryFolder {
    let path: FilePath

    init() throws {
        path = FilePath("/tmp/swift-fibers-\(UUID().uuidString)")
        try makeFolder("")
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    func callAsFunction(_ name: String) -> FilePath { path.pushing(FilePath(name)) }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: self(name).string, withIntermediateDirectories: true)
    }

    /// Makes a file, or writes to the end of one.
    func write(_ name: String, _ text: String = "text") throws {
        let file = try FileDescriptor.open(
            self(name), .writeOnly, options: [.create, .append, .closeOnExec], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: self(name).string) }

    /// Unlike Foundation's, this replaces what is there.
    func move(_ name: String, to other: String) throws {
        guard rename(self(name).string, self(other).string) == 0 else { throw Errno(rawValue: errno) }
    }

    func setPermissions(_ name: String) throws {
        guard chmod(self(name).string, 0o640) == 0 else { throw Errno(rawValue: errno) }
    }
}
