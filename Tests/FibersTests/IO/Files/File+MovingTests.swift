// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct FileMovingTests {
    @Test func `bytes are read and written at offsets, and the position stays`() throws {
        try inFolder { folder in
            let file = try File.open(folder.appending("file"), .readWrite, options: .create)
            try file.write("0123456789")
            try file.seek(offset: 3)
            try file.write(Array("xy".utf8), at: 8)
            try #expect(file.read(upTo: 4, at: 6) == Array("67xy".utf8))
            try #expect(file.read(upTo: 4, at: 10) == [])
            try #expect(file.read() == Array("34567xy".utf8))
        }
    }

    @Test func `what is between the end and an offset that is written to becomes zeros`() throws {
        try inFolder { folder in
            let file = try File.open(folder.appending("file"), .readWrite, options: .create)
            try file.write([1], at: 3)
            try #expect(file.readAll() == [0, 0, 0, 1])
        }
    }

    @Test func `all is read from the position on, and the position is at the end`() throws {
        try inFolder { folder in
            let bytes = pattern(3_000_000)
            let file = try File.open(folder.appending("file"), .readWrite, options: .create)
            try file.write(bytes)
            try file.seek(offset: 100)
            let isSame = try file.readAll() == Array(bytes[100...])
            #expect(isSame)
            try #expect(file.read() == [])
            try #expect(file.readAll() == [])
        }
    }

    @Test func `a limit that is exceeded leaves the position where it was`() throws {
        try inFolder { folder in
            let file = try File.open(folder.appending("file"), .readWrite, options: .create)
            try file.write("0123456789", at: 0)
            let error = #expect(throws: LimitExceededError.self) { try file.readAll(limit: 9) }
            #expect(error?.limit == 9)
            try #expect(file.readAll(limit: 10).count == 10)
        }
    }

    @Test func `a negative offset is an error that names it`() throws {
        try inFolder { folder in
            let file = try File.open(folder.appending("file"), .readWrite, options: .create)
            let calls: [() throws -> Void] = [
                { _ = try file.read(upTo: 1, at: -1) }, { try file.write([1], at: -1) },
                { try file.send(to: MemoryStream(), from: -1) },
            ]
            for call in calls {
                let error = failure(of: call) as? ArgumentError
                #expect(error?.message == "offset -1 is negative: a file begins at 0")
            }
        }
    }

    @Test func `a write that fails in its midst says how much was written`() async {
        await #expect(processExitsWith: .success) {
            limitFileSize(to: 1000)
            try inFolder { folder in
                let file = try File.open(folder.appending("file"), .readWrite, options: .create)
                for write in [{ try file.write(pattern(1500)) }, { try file.write(pattern(1500), at: 0) }] {
                    let error = failure(of: write) as? PartialWriteError
                    #expect(error?.bytesWritten == 1000 && (error?.cause as? IOError)?.code == .fileTooLarge)
                    try file.truncate()
                    try file.seek(offset: 0)
                }
            }
        }
    }
}

extension File {
    fileprivate func write(_ text: String, at offset: Int64) throws { try write(Array(text.utf8), at: offset) }
}
