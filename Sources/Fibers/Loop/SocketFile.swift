// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// The file of a listening Unix socket, remembered so that no other is removed in its place.
struct SocketFile: Equatable {
    let path: FilePath
    private let device: dev_t
    private let number: ino_t

    /// The socket at a path; `nil` if there is none, or something else, such as a symbolic link.
    init?(at path: FilePath) {
        var identity = fibers_file_identity()
        guard path.withPlatformString({ fibers_file_identify($0, &identity) }) == 0, identity.is_socket else {
            return nil
        }
        self.path = path
        (device, number) = (identity.device, identity.number)
    }

    /// Gives it exactly these permissions, whatever the umask is.
    func setPermissions(_ permissions: FilePermissions) throws(IOError) {
        let mode = mode_t(permissions.rawValue)
        try check(path.withPlatformString { fibers_file_set_mode($0, mode) }, "set permissions", path.string)
    }

    /// Removes it, if its path still leads to it.
    func remove() {
        if SocketFile(at: path) == self { _ = path.withPlatformString { fibers_file_remove($0) } }
    }
}

/// Keeps others who start to listen out of a folder: whoever finds a socket that does not answer would else not know
/// whether it is a dead one or one that is being made.
enum FolderLock {
    /// Runs `body`, which does not park, with the lock. Parks the calling fiber while others have it, for a second at most.
    ///
    /// - Parameter body: Told whether the folder could be locked: one that may not be read cannot.
    static func hold<Result>(forFileAt path: FilePath, _ body: (_ isLocked: Bool) throws -> Result) throws -> Result {
        let parent = path.removingLastComponent()
        let folder = parent.isEmpty ? "." : parent
        for _ in 0..<1000 {
            let result = folder.withPlatformString { fibers_folder_lock($0) }
            guard errno(of: result) == .wouldBlock else {
                defer { if result >= 0 { fibers_folder_unlock(result) } }
                return try body(result >= 0)
            }
            try Fiber.sleep(for: .milliseconds(1))
        }
        throw IOError(operation: "lock folder", subject: folder.string, code: .wouldBlock)
    }
}
