// SPDX-License-Identifier: MIT

/// What a client may send.
struct Limits {
    var bulk = 512 << 20
    var words = 1 << 20
    var line = 65_536
    var total = 1 << 30
}

/// The client does not speak the protocol.
struct ProtocolError: Error { let message: String }

/// One command at a time, parsed where its bytes are: RESP2's array of bulk strings, or words on a line.
final class Request {
    private let limits: Limits
    /// The whole command; valid as long as what was parsed.
    @exclusivity(unchecked) private(set) var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    @exclusivity(unchecked) private var words: [Range<Int>] = []
    /// Behind what was parsed so far.
    @exclusivity(unchecked) private var position = 0

    init(limits: Limits = Limits()) { self.limits = limits }

    /// How many words the command has, its name counted.
    var count: Int { words.count }

    subscript(index: Int) -> Bytes { Bytes(UnsafeRawBufferPointer(rebasing: bytes[words[index]])) }

    /// Parses the command at the start of `input` and returns how many bytes it has; `nil` if there is more to come.
    func parse(_ input: UnsafeRawBufferPointer) throws -> Int? {
        (bytes, position) = (input, 0)
        words.removeAll(keepingCapacity: true)
        guard try !input.isEmpty && (input[0] == UInt8(ascii: "*") ? parseArray() : parseLine()) else {
            guard input.count <= limits.total else { throw ProtocolError(message: "too big request") }
            return nil
        }
        bytes = UnsafeRawBufferPointer(rebasing: input[..<position])
        return position
    }

    private func parseArray() throws -> Bool {
        guard let count = try parseCount("mbulk", "multibulk", atMost: limits.words) else { return false }
        for _ in 0..<max(count, 0) {
            guard position < bytes.count else { return false }
            guard bytes[position] == UInt8(ascii: "$") else {
                throw ProtocolError(message: "expected '$', got '\(UnicodeScalar(bytes[position]))'")
            }
            guard let length = try parseCount("bulk", "bulk", atMost: limits.bulk) else { return false }
            guard length >= 0 else { throw ProtocolError(message: "invalid bulk length") }
            guard bytes.count - position >= length + 2 else { return false }
            words.append(position..<position + length)
            position += length + 2
        }
        return true
    }

    /// A line with a sign and a number; `nil` if it is not all there.
    private func parseCount(_ short: StaticString, _ kind: StaticString, atMost limit: Int) throws -> Int? {
        guard let end = try find(UInt8(ascii: "\r"), "\(short) count string"), end + 1 < bytes.count else { return nil }
        let isNegative = bytes[position + 1] == UInt8(ascii: "-")
        var (count, index) = (0, position + (isNegative ? 2 : 1))
        let isNumber = index < end && end - index < 12
        while isNumber, index < end, case let digit = Int(bytes[index]) - 48, 0...9 ~= digit {
            (count, index) = (count * 10 + digit, index + 1)
        }
        guard isNumber, index == end, count <= limit else { throw ProtocolError(message: "invalid \(kind) length") }
        position = end + 2
        return isNegative ? -count : count
    }

    private func parseLine() throws -> Bool {
        guard let end = try find(UInt8(ascii: "\n"), "inline request") else { return false }
        words = bytes[position..<end].split { $0 <= 32 }.map(\.indices)
        position = end + 1
        return true
    }

    /// Where the byte is; `nil` if it is not there yet.
    private func find(_ byte: UInt8, _ subject: @autoclosure () -> String) throws -> Int? {
        var index = position
        while index < bytes.count, bytes[index] != byte { index += 1 }
        if index < bytes.count { return index }
        guard index - position <= limits.line else { throw ProtocolError(message: "too big \(subject())") }
        return nil
    }
}
