// SPDX-License-Identifier: MIT

/// A string of bytes: a key, a value, a word of a command. Up to 23 lie in the value itself, so that most cost no allocation.
struct Bytes: Hashable, Sendable, CustomStringConvertible {
    /// Zeros behind the bytes; the last of the 24 is their count, or 255 if they are in `long`.
    private var (first, second, third): (UInt64, UInt64, UInt64) = (0, 0, 0)
    private var long: [UInt8]?

    init(_ source: some Collection<UInt8>) {
        let count = source.count
        if count >= 24 { long = Array(source) }
        Swift.withUnsafeMutableBytes(of: &self) { inPlace in
            if count < 24 { inPlace.copyBytes(from: source) }
            inPlace[23] = count < 24 ? UInt8(count) : 255
        }
    }

    init(_ text: String) { self.init(text.utf8) }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        if let long { return long.withUnsafeBytes(body) }
        return Swift.withUnsafeBytes(of: self) { body(UnsafeRawBufferPointer(rebasing: $0[..<Int($0[23])])) }
    }

    /// In capital letters, if it is a word of ASCII letters; no other bytes come to equal such a word by this.
    var uppercased: Bytes {
        let letters: UInt64 = 0xDFDF_DFDF_DFDF_DFDF  // leaves the count as it is
        var upper = self
        (upper.first, upper.second, upper.third) = (first & letters, second & letters, third & letters)
        return upper
    }

    /// As Redis reads it: no blanks, no plus sign, no zeros in front.
    func integer() throws -> Int {
        if let number = Int(description), "\(number)" == description { number } else { throw Reply.notAnInteger }
    }

    var description: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
