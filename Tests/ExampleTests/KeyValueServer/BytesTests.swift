// SPDX-License-Identifier: MIT
import Testing

@testable import KeyValueServer

@Suite struct BytesTests {
    private let texts = (0...30).map { String(repeating: "k", count: $0) } + ["\0", "\0\0", "key", "Key", "kez"]

    @Test func `bytes of any length are equal to themselves alone`() {
        for (one, text) in texts.enumerated() {
            #expect(Bytes(text).description == text)
            for (other, otherText) in texts.enumerated() {
                #expect((Bytes(text) == Bytes(otherText)) == (one == other))
            }
        }
        #expect(Set(texts.map { Bytes($0) }).count == texts.count)
    }

    @Test func `only words that differ by the size of letters are equal in capitals`() {
        #expect(Bytes("hGetAll").uppercased == Bytes("HGETALL"))
        #expect(Bytes("[et").uppercased != Bytes("GET"))
        #expect(Bytes("GET ").uppercased != Bytes("GET"))
        #expect(Bytes("GET\0").uppercased != Bytes("GET"))
        for byte in UInt8.min ... .max {
            let isSame = Bytes([byte]).uppercased == Bytes("G")
            #expect(isSame == (byte == UInt8(ascii: "g") || byte == UInt8(ascii: "G")))
        }
    }

    @Test func `an integer is what Redis takes for one`() {
        for number in [0, 1, -1, 42, .max, .min] { #expect((try? Bytes("\(number)").integer()) == number) }
        for text in ["", "-", "+1", "01", "-0", " 1", "1 ", "1.0", "9223372036854775808", "x"] {
            #expect((try? Bytes(text).integer()) == nil, "\(text)")
        }
    }
}
