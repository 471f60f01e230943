// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

// On open files. Those without `throws` return a value or a negative code, as a descriptor's poll wants it.
extension FileCalls {
    static func read(_ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) -> Int {
        fibers_file_read_at(descriptor, buffer.baseAddress, buffer.count, offset)
    }

    static func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer, at offset: Int64) -> Int {
        fibers_file_write_at(descriptor, bytes.baseAddress, bytes.count, offset)
    }

    /// Lets up to `count` bytes of a file, and no more than a thread should be busy with, leave through another descriptor.
    static func send(_ descriptor: CInt, from offset: Int64, count: Int, to target: CInt) -> Int {
        fibers_file_send(descriptor, offset, target, min(count, 1 << 20))
    }

    static func sync(_ descriptor: CInt, dataOnly: Bool = false) -> CInt {
        fibers_file_sync(descriptor, dataOnly)
    }

    /// Gives an open file these permissions, whatever the umask is.
    static func setPermissions(of descriptor: CInt, at path: FilePath, to new: FilePermissions) throws(IOError) {
        try check(fibers_file_set_open_mode(descriptor, new.rawValue), "set permissions", path.string)
    }

    /// Puts an open file in the place of another, so that either stands there whatever happens. Both are in one folder.
    static func replace(_ target: FilePath, with path: FilePath, _ descriptor: CInt) throws(IOError) {
        try check(sync(descriptor), "sync", path.string)
        try rename(path, to: target)
        let folder = folder(of: target)
        let opened = try open(folder, .readOnly, options: .directory)
        defer { _ = fibers_close(opened) }
        let result = sync(opened)
        let isPointless = errno(of: result) == .invalidArgument  // in some file systems
        if !isPointless { try check(result, "sync", folder.string) }
    }

    /// That in which a path is.
    static func folder(of path: FilePath) -> FilePath {
        let folder = path.removingLastComponent()
        return folder.isEmpty ? "." : folder
    }

    /// Calls `make` with names that nobody can foresee, until one is not taken. Returns that path.
    static func makeTemporary<Output>(
        in folder: FilePath, prefix: String, _ make: (FilePath) throws(IOError) -> Output
    ) throws(IOError) -> (path: FilePath, Output) {
        while true {
            let path = folder.appending(prefix + String(UInt64.random(in: 0 ... .max), radix: 36))
            do throws(IOError) { return (path, try make(path)) } catch {
                guard error.code == .fileExists else { throw error }
            }
        }
    }

    /// A new file beside another, with these permissions; by default with those of the other, or of any new file.
    static func makeReplacement(
        of path: FilePath, _ permissions: FilePermissions?
    ) throws(IOError) -> (path: FilePath, CInt) {
        let exact = permissions ?? (try? path.stat())?.permissions
        let (other, descriptor) = try makeTemporary(in: folder(of: path), prefix: ".new-") { path throws(IOError) in
            let permissions = exact ?? FilePermissions(rawValue: 0o666)
            return try open(path, .writeOnly, options: [.create, .exclusiveCreate], permissions: permissions)
        }
        do throws(IOError) {
            if let exact { try setPermissions(of: descriptor, at: other, to: exact) }
            return (other, descriptor)
        } catch {
            _ = fibers_close(descriptor)
            try? remove(other)
            throw error
        }
    }

    static func makeTemporaryFolder(in folder: FilePath, prefix: String) throws(IOError) -> FilePath {
        try makeTemporary(in: folder, prefix: prefix) { path throws(IOError) in
            try makeFolder(path, .ownerReadWriteExecute)
        }.path
    }

    /// A new file that its owner can read and write.
    static func openTemporary(in folder: FilePath, prefix: String) throws(IOError) -> (path: FilePath, CInt) {
        try makeTemporary(in: folder, prefix: prefix) { path throws(IOError) in
            try open(path, .readWrite, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
        }
    }
}
