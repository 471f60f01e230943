// SPDX-License-Identifier: MIT
#if !os(Linux)
    import SystemPackage

    /// What happens in a folder, as libuv tells it: that something came and went under a name, but not from where and
    /// where to.
    final class FolderSource {
        private let root: FilePath
        private let watch: PathWatch
        private var queue = ChangeQueue()

        init(_ root: FilePath, isRecursive: Bool) throws {
            self.root = root
            _ = try OpenFolder.entries(of: root.appending("."))  // it is a folder
            watch = try PathWatch(root, isRecursive: isRecursive)
        }

        var isClosed: Bool { watch.isClosed }

        func close() { watch.close() }

        /// The next change; `nil` if there is none yet. Never parks.
        func take() throws -> FolderChange? {
            for notice in try watch.takeNotices() { apply(notice) }
            return try queue.take()?.change.get()
        }

        /// Parks the calling fiber until there may be a change to take.
        func wait() throws { try watch.wait() }

        private func apply(_ notice: PathWatch.Notice) {
            guard let name = notice.name else { return queue.append(.overflow) }
            guard notice.isAnother else { return queue.append(.modified(name)) }
            let isThere = (try? Stat(root.appending(name.components), followTargetSymlink: false)) != nil
            queue.append(isThere ? .created(name) : .removed(name))
        }
    }
#endif
