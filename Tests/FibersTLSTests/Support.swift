// SPDX-License-Identifier: MIT
// Nearly every file uses it.
@_exported public import TestSupport

import Fibers
import FibersTLS
import SystemPackage
import Testing

/// What carries the encrypted bytes.
enum Carrier: CaseIterable {
    case tcp
    case memory
    /// Holds less than a record.
    case narrowMemory

    func makePair() throws -> (any ByteStream, any ByteStream) {
        switch self {
        case .memory: return MemoryStream.makePair()
        case .narrowMemory: return MemoryStream.makePair(capacity: 1000)
        case .tcp: return try connectedPair()
        }
    }
}

/// Runs `body` with the path of a file that holds `text`.
func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    try withTemporaryFile { file in
        try file.write(text)
        return try body(file.path.string)
    }
}
