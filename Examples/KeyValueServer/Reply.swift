// SPDX-License-Identifier: MIT

/// An answer in RESP2.
enum Reply: Equatable {
    case line(String)
    case error(String)
    case integer(Int)
    case bulk(Bytes?)
    case array([Reply])
    /// No array, as against an empty one.
    case noArray
    /// Several answers, or none, to one command.
    case each([Reply])

    static func ok(_ action: () throws -> Void) rethrows -> Reply {
        try action()
        return .line("OK")
    }

    static func bulks(_ values: some Sequence<Bytes>) -> Reply { .array(values.map { .bulk($0) }) }

    static func text(_ text: String) -> Reply { .bulk(Bytes(text)) }

    func append(to output: inout [UInt8]) {
        switch self {
        case .line(let text): Reply.append(text, after: "+", to: &output)
        case .error(let text): Reply.append(String(text.map { $0.isNewline ? " " : $0 }), after: "-", to: &output)
        case .integer(let number): Reply.append("\(number)", after: ":", to: &output)
        case .bulk(nil): Reply.append("-1", after: "$", to: &output)
        case .bulk(let value?):
            value.withUnsafeBytes { bytes in
                Reply.append("\(bytes.count)", after: "$", to: &output)
                output.append(contentsOf: bytes)
            }
            Reply.append("", to: &output)
        case .array(let replies):
            Reply.append("\(replies.count)", after: "*", to: &output)
            for reply in replies { reply.append(to: &output) }
        case .noArray: Reply.append("-1", after: "*", to: &output)
        case .each(let replies): for reply in replies { reply.append(to: &output) }
        }
    }

    private static func append(_ text: String, after sign: Unicode.Scalar? = nil, to output: inout [UInt8]) {
        if let sign { output.append(UInt8(ascii: sign)) }
        output.append(contentsOf: text.utf8)
        output.append(13)
        output.append(10)
    }
}
