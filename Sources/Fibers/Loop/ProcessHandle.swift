// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// A child process of libuv's. Keeps itself alive until the exit was seen, so that no child becomes a zombie.
final class ProcessHandle: LoopHandle {
    /// How a process ended.
    struct Exit {
        let status: Int64
        let signal: CInt
    }

    private let subject: String
    private let waiters = WaitQueue()
    /// Known once the loop has seen the exit.
    private(set) var exit: Exit?
    private(set) var processID: CInt = 0

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - environment: `NAME=value` each; `nil` inherits.
    ///   - standardStreams: What becomes descriptors 0, 1 and 2; -1 is the null device.
    init(
        program: String, arguments: [String], environment: [String]?, directory: String?,
        standardStreams: (CInt, CInt, CInt), subject: String
    ) throws(IOError) {
        self.subject = subject
        super.init(loop: .current)
        try open("spawn", program) { loop, owner, code in
            withOptionalCStrings(environment) { environment in
                withCStrings([program] + arguments) { arguments in
                    withOptionalCString(directory) { directory in
                        var options = fibers_spawn_options(
                            file: arguments[0], arguments: arguments, environment: environment, directory: directory,
                            standard_streams: standardStreams)
                        return fibers_process_spawn(loop, &options, owner, processDidExit, &code)
                    }
                }
            }
        }
        processID = fibers_process_id(handle)
        _ = Unmanaged.passRetained(self)
    }

    deinit { waiters.destroy() }

    /// Parks the calling fiber until the process has exited.
    func wait(subject: AnyObject) throws -> Exit {
        if exit == nil, handle != nil { try waiters.wait(for: .processExit, subject: subject) }
        guard let exit else { throw ClosedError(subject: self.subject) }
        return exit
    }

    /// Sends a signal. Does nothing if the exit is known, so that it never reaches a stranger.
    func kill(_ signal: CInt) throws(IOError) {
        guard exit == nil, let handle else { return }
        let result = fibers_process_kill(handle, signal)
        if errno(of: result) != .noSuchProcess { try check(result, "kill", subject) }
    }

    fileprivate func didExit(_ exit: Exit) {
        self.exit = exit
        waiters.wakeAll()
        close()
    }

    /// Ends a process that still runs: no child outlives its loop.
    override func close() {
        guard handle != nil else { return }
        super.close()
        if exit == nil { fibers_process_end(processID) }
        waiters.interruptAll(throwing: ClosedError(subject: subject))
        Unmanaged.passUnretained(self).release()
    }
}

private func processDidExit(_ owner: UnsafeMutableRawPointer?, _ status: Int64, _ signal: CInt) {
    let process = Unmanaged<ProcessHandle>.fromOpaque(owner.unsafelyUnwrapped).takeUnretainedValue()
    process.didExit(ProcessHandle.Exit(status: status, signal: signal))
}

// MARK: Strings for C

private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let bytes = strings.map { $0.utf8CString }
    let offsets = bytes.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    var flat = ContiguousArray(bytes.joined())
    return flat.withUnsafeMutableBufferPointer { flat in
        var pointers = offsets.dropLast().map { flat.baseAddress?.advanced(by: $0) }
        pointers.append(nil)
        return pointers.withUnsafeBufferPointer { body($0.baseAddress.unsafelyUnwrapped) }
    }
}

private func withOptionalCStrings<Result>(
    _ strings: [String]?, _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
) -> Result {
    guard let strings else { return body(nil) }
    return withCStrings(strings) { body($0) }
}

private func withOptionalCString<Result>(_ string: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let string else { return body(nil) }
    return string.withCString { body($0) }
}
