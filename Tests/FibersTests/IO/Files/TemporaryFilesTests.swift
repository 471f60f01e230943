// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct TemporaryFilesTests {
    @Test func `a temporary file is its owner's alone, and is removed afterwards`() throws {
        try inFolder { folder in
            let text = try withTemporaryFile(in: folder) { file in
                try #expect(file.stat().permissions == .ownerReadWrite)
                try #expect(names(in: folder) == [file.path.lastComponent?.string])
                try file.write("hello")
                return try File.readText(file.path)
            }
            #expect(text == "hello")
            try #expect(names(in: folder) == [])
        }
    }

    @Test func `a temporary folder is its owner's alone, and is removed with all that is in it`() throws {
        try inFolder { folder in
            try withTemporaryFolder(in: folder) { path in
                try #expect(File.stat(path).permissions == .ownerReadWriteExecute)
                try File.makeFolder(path.appending("a/b"), withIntermediates: true)
                try File.write([1], to: path.appending("a/file"))
            }
            try #expect(names(in: folder) == [])
        }
    }

    @Test func `by default they are in the folder of the system`() throws {
        try inFiber {
            try withTemporaryFile { #expect($0.path.removingLastComponent() == File.temporaryFolder) }
            try withTemporaryFolder { #expect($0.removingLastComponent() == File.temporaryFolder) }
        }
    }

    @Test func `an error of the body is thrown when they are removed`() throws {
        try inFolder { folder in
            let expected = Failure("enough")
            let file = failure { try withTemporaryFile(in: folder) { _ in throw expected } }
            let child = failure { try withTemporaryFolder(in: folder) { _ in throw expected } }
            #expect(file as? Failure === expected && child as? Failure === expected)
            try #expect(names(in: folder) == [])
        }
    }

    @Test func `a body may remove them itself`() throws {
        try inFolder { folder in
            try withTemporaryFile(in: folder) { try File.remove($0.path) }
            try withTemporaryFolder(in: folder) { try File.removeFolder($0) }
            try #expect(names(in: folder) == [])
        }
    }

    @Test func `whatever interrupts a fiber at any moment, they are removed`() throws {
        try inFolder { folder in
            for round in 0..<60 {
                let fiber = Fiber.spawn {
                    try withTemporaryFolder(in: folder) { path in
                        try withTemporaryFile(in: path) { file in
                            try file.write("hello")
                            while true { try Fiber.yield() }
                        }
                    }
                }
                try drain(rounds: round / 2)
                let isCancelled = round % 2 == 0
                if isCancelled { fiber.cancel() } else { fiber.schedule(throwing: Failure("enough")) }
                let error = failure(of: fiber)
                #expect(isCancelled ? error is CancellationError : error is Failure)
                try #expect(names(in: folder) == [])
            }
        }
    }

    @Test func `names differ, begin as wanted, and hold no slash`() throws {
        try inFolder { folder in
            let files = try (0..<10).map { _ in try File.makeTemporary(in: folder, prefix: "job-") }
            let child = try File.makeTemporaryFolder(in: folder, prefix: "job-")
            #expect(Set(files.map(\.path) + [child]).count == 11)
            try #expect(names(in: folder).allSatisfy { $0.hasPrefix("job-") })
            for prefix in ["a/b", "a\0b"] {
                let error = failure { try File.makeTemporary(in: folder, prefix: prefix) } as? ArgumentError
                #expect(error?.message == "prefix \(prefix.debugDescription) holds a slash or a NUL character")
            }
        }
    }

    @Test func `a folder that is missing is named`() throws {
        try inFolder { folder in
            let errors = [
                failure { try withTemporaryFile(in: "/none") { _ in } },
                failure { try withTemporaryFolder(in: "/none") { _ in } },
            ]
            for error in errors.map({ $0 as? IOError }) {
                #expect(error?.code == .noSuchFileOrDirectory && error?.subject?.hasPrefix("/none/fibers-") == true)
            }
            try #expect(names(in: folder) == [])
        }
    }
}
