// SPDX-License-Identifier: MIT
import Fibers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Standard output, which all programs share. Each line is one write, so that none gets into another.
final class Console {
    /// A line that is longer is cut into pieces.
    static let longestLine = 65_536
    private static let colors = [36, 33, 32, 35, 34, 31, 96, 93, 92, 95, 94, 91]
    private let output: DescriptorStream
    private let names: [String]
    private let width: Int
    private let isColored: Bool

    init(names: [String]) throws {
        output = try StandardStreams.output()
        self.names = names
        width = names.map(\.count).max() ?? 0
        let wantsNoColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        isColored = output.isTerminal && !wantsNoColor
    }

    /// Parks until the program has nothing more to say.
    func copyLines(of program: DescriptorStream, as name: String) throws {
        let reader = BufferedReader(program)
        let prefix = prefix(name, "|")
        while let line = try nextLine(of: reader) {
            try output.write(gathering: [prefix, line, [UInt8(ascii: "\n")]])
        }
    }

    /// Says something about a program, or about all.
    func note(_ text: String, about name: String = "") throws {
        try output.write(gathering: [prefix(name, "*"), Array("\(text)\n".utf8)])
    }

    private func nextLine(of reader: BufferedReader) throws -> [UInt8]? {
        do {
            return try reader.readUntil(UInt8(ascii: "\n"), limit: Self.longestLine)
        } catch is LimitExceededError {
            return try reader.readExactly(Self.wholeCharacters(in: reader.peek(Self.longestLine)))
        }
    }

    /// How many bytes there are before the last character that begins in them, if they end within one.
    static func wholeCharacters(in bytes: [UInt8]) -> Int {
        let start = bytes.lastIndex { $0 & 0xC0 != 0x80 } ?? 0
        let isWhole = String(validating: bytes[start...], as: UTF8.self) != nil
        return isWhole || bytes.count - start > 3 || start == 0 ? bytes.count : start
    }

    private func prefix(_ name: String, _ mark: String) -> [UInt8] {
        let padded = name + String(repeating: " ", count: width - name.count)
        guard isColored else { return Array("\(padded) \(mark) ".utf8) }
        let color = names.firstIndex(of: name).map { Self.colors[$0 % Self.colors.count] } ?? 0
        return Array("\u{1B}[\(color)m\(padded) \(mark)\u{1B}[0m ".utf8)
    }
}
