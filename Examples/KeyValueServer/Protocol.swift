// SPDX-License-Identifier: MIT

/// What a client may send.
struct Limits {
    var bulk = 512 << 20
    var words = 1 << 20
    var line = 65_536
    var total = 1 << 30
}

/// One command at a time, parsed where its bytes are: RESP2's array of bulk strings, or words on a line.
final class Request {
    /// The verb, and what belongs to it.
    @exclusivity(unchecked) private(set) var words: [Bytes] = []
    @exclusivity(unchecked) private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Behind what was parsed so far.
    @exclusivity(unchecked) private var position = 0
    var limits = Limits()

    /// Parses the command at the start of `input` and returns how many bytes it has; `nil` if there is more to come.
    func parse(_ input: UnsafeRawBufferPointer) throws(Reply) -> Int? {
        (bytes, position) = (input, 0)
        words.removeAll(keepingCapacity: true)
        if try input.first == UInt8(ascii: "*") ? parseArray() : parseWords() { return position }
        guard input.count <= limits.total else { throw Reply.wrongProtocol("too big request") }
        return nil
    }

    private func parseArray() throws(Reply) -> Bool {
        guard let count = try parseCount("*", "mbulk", "multibulk", in: -.max...limits.words) else { return false }
        for _ in 0..<max(count, 0) {
            guard let length = try parseCount("$", "bulk", "bulk", in: 0...limits.bulk),
                bytes.count - position >= length + 2
            else { return false }
            words.append(Bytes(UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])))
            position += length + 2
        }
        return true
    }

    private func parseWords() throws(Reply) -> Bool {
        guard let line = try parseLine("inline request") else { return false }
        words += bytes[line].split { $0 <= 32 }.map { Bytes($0) }
        return true
    }

    /// The number behind the sign of a line; `nil` if the line is not all there.
    private func parseCount(
        _ sign: Unicode.Scalar, _ short: String, _ kind: String, in range: ClosedRange<Int>
    ) throws(Reply) -> Int? {
        guard let line = try parseLine("\(short) count string") else { return nil }
        let found = Unicode.Scalar(bytes[line.lowerBound])
        guard found == sign else { throw Reply.wrongProtocol("expected '\(sign)', got '\(found)'") }
        let isNegative = bytes[line.lowerBound + 1] == UInt8(ascii: "-")
        var (count, index) = (0, line.lowerBound + (isNegative ? 2 : 1))
        let isShort = 1...11 ~= line.upperBound - index
        while isShort, index < line.upperBound, 48...57 ~= bytes[index] {
            (count, index) = (count * 10 + Int(bytes[index]) - 48, index + 1)
        }
        if isNegative { count = -count }
        let isNumber = isShort && index == line.upperBound && range ~= count
        guard isNumber else { throw Reply.wrongProtocol("invalid \(kind) length") }
        return count
    }

    /// Where a line is, without its end; `nil` if it is not all there.
    @inline(__always) private func parseLine(_ subject: @autoclosure () -> String) throws(Reply) -> Range<Int>? {
        let bytes = bytes
        var end = position
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        guard end < bytes.count else {
            guard end - position <= limits.line else { throw Reply.wrongProtocol("too big \(subject())") }
            return nil
        }
        defer { position = end + 1 }
        return position..<(end > position && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end)
    }
}

/// An answer in RESP2. What refuses a command throws it.
enum Reply: Error, Equatable {
    /// With its sign and its end.
    case line(String)
    case error(String)
    case bulk(Bytes?)
    case array([Reply]?)
    /// Several answers, or none, to one command.
    case each([Reply])

    static let wrongType = Reply.error("WRONGTYPE Operation against a key holding the wrong kind of value")
    static let wrongTransaction = Reply.error("EXECABORT Transaction discarded because of previous errors.")
    static let wrongTimeout = Reply.error("ERR timeout is not a float or out of range")
    static let notAnInteger = Reply.error("ERR value is not an integer or out of range")
    static let syntaxError = Reply.error("ERR syntax error")
    static func wrongArity(_ verb: String) -> Reply { .error("ERR wrong number of arguments for '\(verb)' command") }
    static func wrongTime(_ verb: String) -> Reply { .error("ERR invalid expire time in '\(verb)' command") }
    static func wrongProtocol(_ reason: String) -> Reply { .error("ERR Protocol error: \(reason)") }
    static func wrongSubcommand(_ words: [Bytes]) -> Reply {
        .error("ERR unknown subcommand '\(words[1])'. Try \(words[0].uppercased) HELP.")
    }
    static func notForSubscribers(_ verb: String) -> Reply {
        let allowed = "(P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET"
        return .error("ERR Can't execute '\(verb)': only \(allowed) are allowed in this context")
    }
    static func ok(_ done: Void = ()) -> Reply { .line("+OK\r\n") }
    static func integer(_ number: Int) -> Reply { .line(":\(number)\r\n") }
    static func text(_ text: String) -> Reply { .bulk(Bytes(text)) }
    static func bulks(_ values: some Sequence<Bytes>) -> Reply { .array(values.map { .bulk($0) }) }

    func append(to output: inout [UInt8]) {
        switch self {
        case .line(let text): output += text.utf8
        case .error(let text): output += "-\(String(text.map { $0.isNewline ? " " : $0 }))\r\n".utf8
        case .bulk(nil): output += "$-1\r\n".utf8
        case .bulk(let value?):
            value.withUnsafeBytes { bytes in
                output.append(UInt8(ascii: "$"))
                output += "\(bytes.count)".utf8
                output += "\r\n".utf8
                output += bytes
                output += "\r\n".utf8
            }
        case .array(let replies):
            output += "*\(replies?.count ?? -1)\r\n".utf8
            for reply in replies ?? [] { reply.append(to: &output) }
        case .each(let replies): for reply in replies { reply.append(to: &output) }
        }
    }
}
