// SPDX-License-Identifier: MIT
#if !os(Linux)
    import SystemPackage

    /// What happens to a file, as libuv tells it of the file's folder: so another that takes its place is seen, too.
    final class FileSource {
        private let watch: PathWatch
        /// What it is about; `nil` if that is a whole folder.
        private let name: FilePath?

        init(_ path: FilePath) throws {
            let isFolder: Bool
            do { isFolder = try Stat(path).type == .directory } catch {
                throw IOError(operation: "watch", subject: "\(path)", code: error)
            }
            name = isFolder ? nil : path.lastComponent.map { FilePath(root: nil, [$0]) }
            watch = try PathWatch(name == nil ? path : path.removingLastComponent().appending("."), isRecursive: false)
        }

        var isClosed: Bool { watch.isClosed }

        func close() { watch.close() }

        /// What has happened; empty if nothing has. Never parks.
        func take() throws -> FileMonitor.Changes {
            var changes: FileMonitor.Changes = []
            for notice in try watch.takeNotices() where name == nil || notice.name == nil || notice.name == name {
                changes.insert(notice.isAnother ? .renamed : .changed)
            }
            return changes
        }

        /// Parks the calling fiber until something may have happened.
        func wait() throws { try watch.wait() }
    }
#endif
