// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs a test body as the root fiber of a loop, with a folder of its own.
func inFolder(_ body: (FilePath) throws -> Void) throws {
    try inFiber { try withTemporaryFolder(body) }
}

/// How many regular files the process has open. Means something only while nothing else runs in it.
func openFileCount() -> Int {
    (CInt(0)..<4096).count { descriptor in
        var status = Status()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}

private typealias Status = stat

/// The names in a folder, in order.
func names(in folder: FilePath) throws -> [String] {
    try File.entries(of: folder).map { $0.name.string }.sorted()
}

/// A fifo that nobody has open.
func makeFifo(at path: FilePath) { mkfifo(path.string, 0o600) }

/// Gives libuv's pool one thread, if it is not in use yet. For a process of its own.
func limitPoolToOneThread() { setenv("UV_THREADPOOL_SIZE", "1", 1) }

/// Runs `body` while the only thread of libuv's pool is busy.
func withBusyPool(_ body: () throws -> Void) throws {
    let job = Job()
    let fiber = try job.begin()
    defer {
        job.open()
        try? fiber.wait()
    }
    try body()
}

#if canImport(Darwin)
    private let fileSizeLimit = RLIMIT_FSIZE
#else
    private let fileSizeLimit = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
#endif

/// No file of the process becomes longer; writes beyond fail. For a process of its own.
func limitFileSize(to size: Int) {
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: rlim_t(size), rlim_max: rlim_t(size))
    setrlimit(fileSizeLimit, &limit)
}
