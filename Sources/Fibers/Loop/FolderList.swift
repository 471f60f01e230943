// SPDX-License-Identifier: MIT
import CFibers
import SystemPackage

/// What is in a folder.
enum FolderList {
    typealias Entry = (name: FilePath.Component, isFolder: Bool)

    /// The entries of a folder, in no order. Links are not followed. Blocks the thread for a few system calls.
    static func entries(of folder: FilePath) throws(IOError) -> [Entry] {
        var entries: [Entry] = []
        let result = withUnsafeMutablePointer(to: &entries) { entries in
            folder.withPlatformString { fibers_folder_list($0, entries, entryWasFound) }
        }
        try check(result, "list", "\(folder)")
        return entries
    }
}

private func entryWasFound(_ owner: UnsafeMutableRawPointer?, _ name: UnsafePointer<CChar>?, _ isFolder: Bool) {
    guard let name, let name = FilePath.Component(platformString: name) else { return }
    owner.unsafelyUnwrapped.assumingMemoryBound(to: [FolderList.Entry].self).pointee.append((name, isFolder))
}
