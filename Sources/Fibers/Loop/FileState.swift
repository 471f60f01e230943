// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// What the system says of a file, if there is one.
struct FileState: Sendable, Equatable {
    let stat: Stat?

    /// Blocks the thread.
    init(of path: FilePath) throws(IOError) {
        do {
            stat = try Stat(path)
        } catch {
            guard [.noSuchFileOrDirectory, .notDirectory].contains(error) else {
                throw IOError(operation: "stat", subject: "\(path)", code: error)
            }
            stat = nil
        }
    }

    /// Whether nothing has changed but, maybe, when the file was read last.
    static func == (left: FileState, right: FileState) -> Bool {
        guard let one = left.stat, let other = right.stat else { return left.stat == nil && right.stat == nil }
        return one.inode == other.inode && one.deviceID == other.deviceID && one.size == other.size
            && one.mode == other.mode && one.userID == other.userID && one.groupID == other.groupID
            && isSame(one.st_mtim, other.st_mtim) && isSame(one.st_ctim, other.st_ctim)
    }

    private static func isSame(_ one: timespec, _ other: timespec) -> Bool {
        one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec
    }
}
