// SPDX-License-Identifier: MIT
// Counts the lines and bytes of its input, which may be a file, a pipe, a socket or a terminal, and says every second how
// far it is.
//
//     swift run CountLines <Package.swift

import Fibers

let reader = BufferedReader(try StandardStreams.input())
let output = try StandardStreams.output()
var (lines, bytes) = (0, 0)

let clock = Fiber.spawn(name: "clock") {
    while true {
        try Fiber.sleep(for: .seconds(1))
        try output.write("\(lines) lines so far\n")
    }
}
try reader.forEachLine(limit: 1 << 20) { line in
    lines += 1
    bytes += line.count
}
clock.cancel()
try output.write("\(lines) lines, \(bytes) bytes without their ends\n")
