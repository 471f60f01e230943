// SPDX-License-Identifier: MIT
import Fibers
public import SystemPackage

/// Certificates or keys as text between `-----BEGIN …` and `-----END …`.
public enum PEM: Sendable {
    /// A file that holds them. It is read when a ``TLSContext`` is made.
    case file(FilePath)
    /// The text, in memory.
    case bytes([UInt8])

    /// The text, in memory.
    public static func text(_ text: String) -> PEM { .bytes(Array(text.utf8)) }
}

extension PEM {
    /// What messages call it.
    var name: String {
        switch self {
        case .file(let path): path.string
        case .bytes: "memory"
        }
    }

    /// Blocks the thread.
    func read() throws -> [UInt8] {
        switch self {
        case .bytes(let bytes): return bytes
        case .file(let path):
            do { return try path.content() } catch let code as Errno {
                throw IOError(operation: "read", subject: path.string, code: code)
            }
        }
    }
}

extension FilePath {
    fileprivate func content() throws -> [UInt8] {
        let file = try FileDescriptor.open(self, .readOnly, options: .closeOnExec)
        return try file.closeAfter {
            var all: [UInt8] = []
            while true {
                let more = try [UInt8](unsafeUninitializedCapacity: 16_384) { room, count in
                    count = try file.read(into: UnsafeMutableRawBufferPointer(room))
                }
                guard !more.isEmpty else { return all }
                all += more
            }
        }
    }
}
