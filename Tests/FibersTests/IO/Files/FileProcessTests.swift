// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Each in a process of its own, whose properties it changes.
@Suite struct FileProcessTests {
    @Test func `new files and folders get the permissions that the umask leaves`() async {
        await #expect(processExitsWith: .success) {
            umask(0o027)
            try inFolder { folder in
                let paths = ["file", "secret", "child"].map { folder.appending($0) }
                try File.write([], to: paths[0])
                _ = try File.open(paths[1], .writeOnly, options: .create, permissions: .ownerWrite)
                try File.makeFolder(paths[2])
                let modes = try paths.map { try File.stat($0).permissions.rawValue }
                #expect(modes == [0o640, 0o200, 0o750])
            }
        }
    }

    #if os(Linux)
        @Test func `a full disk is told`() throws {
            try inFiber {
                let file = try File.open("/dev/full", .writeOnly)
                let error = failure { try file.write("text") } as? IOError
                #expect(error?.code == .noSpace)
                #expect(error?.subject == "/dev/full")
            }
        }
    #endif

    @Test func `a file that may not grow any more is told, with how much it took`() async {
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            try inFolder { folder in
                let path = folder.appending("file")
                let file = try File.open(path, .writeOnly, options: .create)
                limitFiles(toBytes: 100_000)
                let error = failure { try file.write([UInt8](repeating: 1, count: 300_000)) } as? PartialWriteError
                #expect(error?.bytesWritten == 100_000)
                #expect((error?.cause as? IOError)?.code == .fileTooLarge)
                try #expect(File.stat(path).size == 100_000)
            }
        }
    }

    @Test func `a fifo is waited for as a socket is, and takes no thread of the pool`() async {
        await #expect(processExitsWith: .success) {
            limitPoolToOneThread()
            try inFolder { folder in
                let path = folder.appending("fifo")
                makeFifo(at: path)
                let error = #expect(throws: IOError.self) { try File.open(path, .writeOnly) }
                #expect(error?.code == .noSuchAddressOrDevice)
                let reading = try File.open(path)
                let writing = try File.open(path, .writeOnly)
                let reader = Fiber.spawn { try reading.readText() }
                try drain()
                #expect(reader.state == .waiting)
                try withBusyPool { try writing.write("typed") }
                try #expect(reader.fetch() == "typed")
            }
        }
    }

    @Test func `a file that outlives its loop is closed when it goes away`() async {
        await #expect(processExitsWith: .success) {
            let before = openFileCount()
            var file: File? = try inFiber { try File.makeTemporary() }
            try inFiber { try File.remove(#require(file).path) }
            #expect(openFileCount() == before + 1 && file?.isClosed == false)
            file = nil
            #expect(openFileCount() == before)
        }
    }
}

private func limitFiles(toBytes count: rlim_t) {
    var limit = rlimit(rlim_cur: count, rlim_max: count)
    #if canImport(Darwin)
        setrlimit(RLIMIT_FSIZE, &limit)
    #else
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    #endif
}
