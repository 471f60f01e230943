// SPDX-License-Identifier: MIT
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file of the system's temporary folder, removed when the object goes away.
final class TemporaryFile {
    let path: String

    init() { path = "/tmp/swift-fibers-\(getpid())-\(UInt64.random(in: 0 ... .max))" }

    deinit { unlink(path) }

    /// The number in the first line, once the line is complete.
    var firstNumber: Int? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = (try? bytes.withUnsafeMutableBytes { try file.read(into: $0) }) ?? 0
        guard let end = bytes[..<count].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return Int(String(decoding: bytes[..<end], as: UTF8.self))
    }
}
