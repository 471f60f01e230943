// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// Removes what is at a path with all that is in it, step by step. Links are removed, not followed.
///
/// Each name is looked up in an open folder, so that who exchanges a folder for a link meanwhile gets nothing else removed.
/// Has two folders open at most, however deep the tree is: it comes back by "..", and looks whether that is where it was.
final class TreeRemoval {
    private let root: FilePath
    /// Where it is; `nil` before the first step.
    private var folder: OpenFolder?
    /// What was read of the folder and is still there.
    private var entries: ArraySlice<FolderEntry> = []
    /// The way there: names of folders, in what they were, and what was still there.
    private var way: [(name: FilePath.Component, parent: FileIdentity, entries: ArraySlice<FolderEntry>)] = []
    /// Since the folder was last read from its start: some file systems then leave entries out.
    private var hasRemoved = false

    /// So many are read, or removed, at a time.
    private static let entryCount = 256

    init(of root: FilePath) { self.root = root }

    /// Goes on for a while. Returns whether there is anything left. May block its thread, which is one of libuv's pool.
    func step() throws(IOError) -> Bool {
        guard folder != nil else { return try begin() }
        for _ in 0..<Self.entryCount {
            guard try removeNext() else { return false }
        }
        return true
    }

    private func begin() throws(IOError) -> Bool {
        do throws(IOError) {
            guard try FileCalls.stat(root, followingLink: false).type == .directory else {
                try FileCalls.remove(root)
                return false
            }
            let descriptor = try FileCalls.open(root, .readOnly, options: [.directory, .noFollow])
            folder = OpenFolder(descriptor, at: root)
            return true
        } catch {
            guard error.code == .noSuchFileOrDirectory else { throw error }
            return false
        }
    }

    /// Removes an entry, or goes to another folder. Returns whether there is anything left.
    private func removeNext() throws(IOError) -> Bool {
        guard let folder else { return false }
        if entries.isEmpty { entries = try folder.next(Self.entryCount)[...] }
        guard let entry = entries.popFirst() else { return try leave(folder) }
        if entry.type == .directory {
            way.append((entry.name, try folder.identity(), entries))
            self.folder = try folder.open(entry.name)
            (entries, hasRemoved) = ([], false)
        } else {
            try folder.remove(entry.name, isFolder: false)
            hasRemoved = true
        }
        return true
    }

    private func leave(_ empty: OpenFolder) throws(IOError) -> Bool {
        guard !hasRemoved else {
            hasRemoved = false
            try empty.rewind()
            return true
        }
        guard let last = way.popLast() else {
            folder = nil
            try FileCalls.removeFolder(root)
            return false
        }
        let outer = try empty.openParent(last.parent)
        try outer.remove(last.name, isFolder: true)
        (folder, entries, hasRemoved) = (outer, last.entries, true)
        return true
    }
}
