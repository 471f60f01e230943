// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// When a target was made.
enum Stamp: Comparable {
    case changed(seconds: Int, nanoseconds: Int)
    /// Now: it is no file, or would have been made.
    case newest

    /// Parks until the system has answered; `nil` if there is no such file.
    init?(ofFile path: String) throws {
        guard let stat = try fileStat(path) else { return nil }
        self = .changed(seconds: stat.st_mtim.tv_sec, nanoseconds: stat.st_mtim.tv_nsec)
    }
}

/// Parks until the system has answered.
func fileStat(_ path: String) throws -> Stat? {
    do {
        return try File.stat(FilePath(path))
    } catch let error as IOError where [.noSuchFileOrDirectory, .notDirectory].contains(error.code) {
        return nil
    }
}

/// The file that a recipe is to make, as it was before.
struct TargetFile {
    private let path: String
    private let before: Stamp?

    init(_ path: String) throws {
        self.path = path
        before = try Stamp(ofFile: path)
    }

    /// Parks until a file that has changed is removed, also if the fiber was cancelled.
    ///
    /// - Returns: Whether there was one.
    func removeIfChanged() throws -> Bool {
        try Fiber.shield {
            guard try Stamp(ofFile: path) != before, try fileStat(path)?.type == .regular else { return false }
            try File.remove(FilePath(path))
            return true
        }
    }
}
