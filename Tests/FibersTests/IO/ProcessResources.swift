// SPDX-License-Identifier: MIT
#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

#if canImport(Darwin)
    let descriptorLimit = RLIMIT_NOFILE
    private let wholeProcess = RUSAGE_SELF
#else
    let descriptorLimit = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    private let wholeProcess = __rusage_who_t(RUSAGE_SELF.rawValue)
#endif

/// How many sockets and pipes the process has open. Means something only while nothing else runs in it. Dispatch opens
/// and closes descriptors of other kinds whenever it likes.
func openStreamCount() -> Int {
    (CInt(0)..<4096).count { descriptor in
        var status = stat()
        return fstat(descriptor, &status) == 0 && [S_IFSOCK, S_IFIFO].contains(status.st_mode & S_IFMT)
    }
}

/// How many descriptors of any kind the process has open.
func openDescriptorCount() -> Int {
    (0..<4096).count { fcntl($0, F_GETFD) >= 0 }
}

/// Lets the process open `count` descriptors more. For a process of its own.
func limitDescriptors(toMoreThanOpen count: Int) {
    let free = (0..<4096).filter { fcntl($0, F_GETFD) < 0 }
    let limit = free[count]
    var value = rlimit()
    getrlimit(descriptorLimit, &value)
    value.rlim_cur = rlim_t(limit)
    setrlimit(descriptorLimit, &value)
}

/// Lets the process have `count` descriptors, if it may, and returns how many it has then. For a process of its own.
func allowDescriptors(_ count: Int) -> Int {
    var value = rlimit()
    getrlimit(descriptorLimit, &value)
    value.rlim_cur = min(rlim_t(count), value.rlim_max)
    setrlimit(descriptorLimit, &value)
    return Int(value.rlim_cur)
}

/// What `open` throws when it has used up all descriptors. How many that are is not known: Dispatch may close some of its own.
func errorAtDescriptorLimit(_ open: () throws -> Any) -> String {
    var opened: [Any] = []
    while true {
        do { opened.append(try open()) } catch { return "\(error)" }
    }
}

/// What the process has used of the processor.
func processorTime() -> Duration {
    var usage = rusage()
    getrusage(wholeProcess, &usage)
    return .seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + .microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
}

#if canImport(Glibc)
    private let memoryLimit = __rlimit_resource_t(RLIMIT_AS.rawValue)

    /// Lets the process have so many bytes more of address space. Returns the limit that there was.
    func limitMemory(toMoreThanUsed bytes: Int) -> rlimit {
        var value = rlimit()
        getrlimit(memoryLimit, &value)
        let before = value
        value.rlim_cur = rlim_t(usedAddressSpace() + bytes)
        setrlimit(memoryLimit, &value)
        return before
    }

    func restoreMemory(limit: rlimit) {
        var limit = limit
        setrlimit(memoryLimit, &limit)
    }

    private func usedAddressSpace() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var pages = 0
        _ = withUnsafeMutablePointer(to: &pages) { pages in withVaList([pages]) { vfscanf(file, "%ld", $0) } }
        return pages * Int(getpagesize())
    }

    /// The address space that each thread takes from now on. Swift does not import the function.
    func giveThreadsStacks(of size: Int) {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        defer { attributes.deallocate() }
        pthread_attr_init(attributes)
        pthread_attr_setstacksize(attributes, size)
        typealias SetDefault = @convention(c) (UnsafePointer<pthread_attr_t>) -> CInt
        let setDefault = dlsym(nil, "pthread_setattr_default_np")
        _ = unsafeBitCast(setDefault, to: SetDefault.self)(attributes)
        pthread_attr_destroy(attributes)
    }
#endif
