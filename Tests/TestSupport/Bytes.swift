// SPDX-License-Identifier: MIT
package import Fibers

/// Bytes in which every loss, doubling and swap shows: their period is a prime number, unlike that of any buffer.
package func pattern(_ count: Int) -> [UInt8] {
    let period = (0..<4093).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + period.count)
    while bytes.count < count { bytes += period }
    return Array(bytes.prefix(count))
}

extension ByteStream {
    package func readAll() throws -> [UInt8] {
        var all: [UInt8] = []
        while case let bytes = try read(), !bytes.isEmpty { all += bytes }
        return all
    }

    package func readText() throws -> String { String(decoding: try read(), as: UTF8.self) }
}
