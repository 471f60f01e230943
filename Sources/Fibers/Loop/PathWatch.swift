// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// Watches a file or a folder by whatever libuv has for that. It says less than inotify does: what was renamed to what
/// it does not know.
final class PathWatch: LoopHandle {
    struct Notice {
        /// What in the folder it is about; `nil` if that is not known, or it is the file itself.
        let name: FilePath?
        /// What is there is another now, or nothing is. Else only its content has changed.
        let isAnother: Bool
    }

    private let subject: String
    private let waiters = WaitQueue()
    @exclusivity(unchecked) private var notices: [Notice] = []

    init(_ path: FilePath, isRecursive: Bool) throws(IOError) {
        subject = "\(path)"
        super.init(loop: .current)
        try open("watch", subject) { loop, owner, code in
            path.withPlatformString { fibers_path_watch(loop, $0, isRecursive, owner, pathDidChange, &code) }
        }
    }

    deinit { waiters.destroy() }

    /// Parks the calling fiber until something has happened.
    func wait() throws {
        guard !isClosed else { throw closedError }
        if notices.isEmpty { try waiters.wait(for: .change) }
    }

    /// What has happened since it was taken last. Never parks.
    func takeNotices() throws -> [Notice] {
        guard !isClosed else { throw closedError }
        defer { notices = [] }
        return notices
    }

    override func close() {
        super.close()
        waiters.interruptAll(throwing: closedError)
    }

    private var closedError: ClosedError { ClosedError(subject: "monitor of \(subject)") }

    fileprivate func didChange(_ notice: Notice) {
        notices.append(notice)
        waiters.wakeAll()
    }
}

private func pathDidChange(_ owner: UnsafeMutableRawPointer?, _ name: UnsafePointer<CChar>?, _ isAnother: Bool) {
    let watch = Unmanaged<PathWatch>.fromOpaque(owner.unsafelyUnwrapped).takeUnretainedValue()
    watch.didChange(.init(name: name.map { FilePath(platformString: $0) }, isAnother: isAnother))
}
