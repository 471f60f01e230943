// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// A folder that is being read. Each call may block its thread, which is one of libuv's pool; but not making and freeing it.
final class OpenFolder {
    /// What errors call it.
    private let path: FilePath
    /// Taken over by the stream.
    private let descriptor: CInt
    private var stream: OpaquePointer?

    /// - Parameter descriptor: Is taken over.
    init(_ descriptor: CInt, at path: FilePath) {
        self.descriptor = descriptor
        self.path = path
    }

    /// All that is in a folder, which must not be a link. Blocks the thread for a few system calls.
    static func entries(of path: FilePath) throws(IOError) -> [FolderEntry] {
        let descriptor = try FileCalls.open(path, .readOnly, options: [.directory, .noFollow])
        return try OpenFolder(descriptor, at: path).next(.max)
    }

    deinit {
        if let stream { fibers_folder_close(stream) } else { _ = fibers_close(descriptor) }
    }

    /// The next entries, up to `count`; none at the end.
    func next(_ count: Int) throws(IOError) -> [FolderEntry] {
        var entries: [FolderEntry] = []
        while entries.count < count, let entry = try next() { entries.append(entry) }
        return entries
    }

    private func next() throws(IOError) -> FolderEntry? {
        var entry = fibers_entry()
        guard try check(fibers_folder_next(open(), &entry), "list", path.string) > 0 else { return nil }
        guard let name = FilePath.Component(platformString: entry.name) else {
            fatalError("BUG: a file without a name")
        }
        return FolderEntry(name: name, type: FileType(rawValue: entry.type))
    }

    /// Begins anew.
    func rewind() throws(IOError) { fibers_folder_rewind(try open()) }

    /// The folder with this name in it, which must not be a link.
    func open(_ name: FilePath.Component) throws(IOError) -> OpenFolder { try open(name, at: path.appending(name)) }

    /// The folder in which it is, which once was `expected`: it may have been moved.
    func openParent(_ expected: FileIdentity) throws(IOError) -> OpenFolder {
        let parent = try open("..", at: path.removingLastComponent())
        guard try parent.identity() == expected else {
            throw IOError(operation: "open", subject: "parent of \(path)", code: .staleNFSFileHandle)
        }
        return parent
    }

    /// Removes an entry, unless somebody has already.
    func remove(_ name: FilePath.Component, isFolder: Bool) throws(IOError) {
        let stream = try open()
        let result = name.withPlatformString { fibers_folder_remove(stream, $0, isFolder) }
        guard errno(of: result) != .noSuchFileOrDirectory else { return }
        try check(result, isFolder ? "remove folder" : "remove", path.appending(name).string)
    }

    func identity() throws(IOError) -> FileIdentity {
        var identity = fibers_file_identity()
        try check(fibers_folder_identify(open(), &identity), "stat", path.string)
        return FileIdentity(device: identity.device, number: identity.number)
    }

    private func open() throws(IOError) -> OpaquePointer {
        if let stream { return stream }
        var code: CInt = 0
        stream = fibers_folder_adopt(descriptor, &code)
        guard let stream else { throw IOError(operation: "list", subject: path.string, code: code) }
        return stream
    }

    private func open(_ name: FilePath.Component, at path: FilePath) throws(IOError) -> OpenFolder {
        let stream = try open()
        let result = name.withPlatformString { fibers_folder_open(stream, $0) }
        return OpenFolder(try check(result, "open", path.string), at: path)
    }
}

/// Tells files apart, wherever they are moved.
struct FileIdentity: Equatable {
    let device: dev_t
    let number: ino_t
}
