// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where the standard streams of a child lead.
@Suite struct StandardStreamTests {
    @Test func `reliability 76: streams are pipes, which a program can open by name`() throws {
        try inFiber {
            let captured = try mischief("reopen").with(\.standardInput, .text("abc")).capture()
            #expect(captured.output == Array("abc".utf8) && captured.errors == Array("errors\n".utf8))
            #expect(captured.results[0].status == .exited(0))
        }
    }

    @Test func `no input is the end of input, and output to nowhere is gone`() throws {
        try inFiber {
            try #expect(mischief("copy").with(\.standardInput, .null).text() == "")
            try mischief("flood", 100_000).with(\.standardOutput, .null).run()
            try #expect(mischief("flood", 100).with(\.standardOutput, .null).output().isEmpty)
        }
    }

    @Test func `a file is read, made, emptied, or appended to`() throws {
        try inFiber {
            let (file, other) = (TemporaryFile(), TemporaryFile())
            let copy = mischief("copy").with(\.standardOutput, .file(FilePath(file.path)))
            try copy.with(\.standardInput, .text("a long line\n")).run()
            try copy.with(\.standardInput, .text("one\n")).run()
            let appending = copy.with(\.standardOutput, .appending(FilePath(file.path)))
            try appending.with(\.standardInput, .text("two\n")).run()
            try #expect(File.readText(FilePath(file.path)) == "one\ntwo\n")
            try mischief("copy").with(\.standardInput, .file(FilePath(file.path)))
                .with(\.standardOutput, .appending(FilePath(other.path))).run()
            try #expect(File.readText(FilePath(other.path)) == "one\ntwo\n")
        }
    }

    @Test func `PR2: a file that cannot be opened is named, and nothing is started`() throws {
        try inFiber {
            let command = mischief("copy").with(\.standardInput, .file("/no/such/file"))
            let error = #expect(throws: IOError.self) { try command.spawn() }
            #expect(error?.operation == "open" && error?.subject == "/no/such/file")
            #expect(error?.code == .noSuchFileOrDirectory)
            #expect(throws: IOError.self) { try mischief("copy").with(\.standardOutput, .file("/")).spawn() }
        }
    }

    @Test func `a named pipe without a reader is an error and no wait`() throws {
        try inFiber {
            let fifo = TemporaryFile()
            try #require(mkfifo(fifo.path, 0o600) == 0)
            for output in [Command.Output.file(FilePath(fifo.path)), .appending(FilePath(fifo.path))] {
                let error = #expect(throws: IOError.self) {
                    try mischief("flood", 1).with(\.standardOutput, output).spawn()
                }
                #expect(error?.code == .noSuchAddressOrDevice && error?.subject == fifo.path)
            }
        }
    }

    @Test func `a descriptor is shared with the child and stays open`() throws {
        try inFiber {
            let pipe = try FileDescriptor.pipe()
            defer { for end in [pipe.readEnd, pipe.writeEnd] { try? end.close() } }
            try mischief("flood", 3).with(\.standardOutput, .descriptor(pipe.writeEnd)).run()
            try mischief("flood", 2, "err").with(\.standardError, .descriptor(pipe.writeEnd)).run()
            try pipe.writeEnd.writeAll("x".utf8)
            var bytes = [UInt8](repeating: 0, count: 10)
            let count = try bytes.withUnsafeMutableBytes { try pipe.readEnd.read(into: $0) }
            #expect(String(decoding: bytes[..<count], as: UTF8.self) == "01201x")
        }
    }

    @Test func `errors go where output goes, or the other way round`() throws {
        try inFiber {
            let shell = Command("sh", "-c", "echo out; echo err >&2; echo out")
            try #expect(shell.with(\.standardError, .merged).text() == "out\nerr\nout\n")
            let errors = MemoryStream()
            try shell.with(\.standardOutput, .merged).run(errorsTo: errors)
            #expect(errors.written == Array("out\nerr\nout\n".utf8))
            let both = shell.with(\.standardOutput, .merged).with(\.standardError, .merged)
            #expect(throws: ArgumentError.self) { try both.spawn() }
        }
    }

    @Test func `PR5: errors can take the place of output, which goes elsewhere`() throws {
        try inFiber {
            let file = TemporaryFile()
            let shell = Command("sh", "-c", "echo out; echo err >&2")
            try shell.with(\.standardOutput, .file(FilePath(file.path))).with(\.standardError, .merged).run()
            try #expect(File.readText(FilePath(file.path)) == "out\nerr\n")
        }
    }

    @Test func `streams that a call would leave alone are refused by it`() throws {
        try inFiber {
            for loose in [
                mischief("copy").with(\.standardInput, .pipe), mischief("copy").with(\.standardOutput, .pipe),
                mischief("copy").with(\.standardError, .pipe), mischief("copy").with(\.terminal, .init()),
            ] {
                #expect(throws: ArgumentError.self) { try loose.run() }
                #expect(throws: ArgumentError.self) { try loose.output() }
                #expect(throws: ArgumentError.self) { try loose.capture() }
                #expect(throws: ArgumentError.self) { try loose.succeeds() }
            }
        }
    }
}
