// SPDX-License-Identifier: MIT

/// A string of bytes: a key, a value, a word of a command. Up to 23 lie in the value itself, so that most cost no allocation.
struct Bytes: Hashable, Sendable, CustomStringConvertible {
    /// Zeros behind the bytes; the last of the 24 is their count, or 255 if they are in `long`.
    private var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    private var long: [UInt8]?

    init(_ source: UnsafeRawBufferPointer) {
        withUnsafeMutableBytes(of: &words) { target in
            if source.count < 24 { target.copyMemory(from: source) }
            target[23] = source.count < 24 ? UInt8(source.count) : 255
        }
        if source.count >= 24 { long = Array(source) }
    }

    init(_ text: String) { self = Array(text.utf8).withUnsafeBytes { Bytes($0) } }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        if let long { return long.withUnsafeBytes(body) }
        return Swift.withUnsafeBytes(of: words) { body(UnsafeRawBufferPointer(rebasing: $0[..<Int($0[23])])) }
    }

    static func == (one: Bytes, other: Bytes) -> Bool { one.words == other.words && one.long == other.long }

    func hash(into hasher: inout Hasher) {
        if let long { return hasher.combine(long) }
        Swift.withUnsafeBytes(of: words) { hasher.combine(bytes: $0) }
    }

    /// In capital letters, if it is a word of ASCII letters; no other bytes come to equal such a word by this.
    var uppercased: Bytes {
        let letters: UInt64 = 0xDFDF_DFDF_DFDF_DFDF  // leaves the count as it is
        var upper = self
        upper.words = (words.0 & letters, words.1 & letters, words.2 & letters)
        return upper
    }

    /// As Redis reads it: no blanks, no plus sign, no zeros in front.
    var integer: Int? { Int(description).flatMap { "\($0)" == description ? $0 : nil } }

    var description: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
