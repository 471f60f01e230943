// SPDX-License-Identifier: MIT
public import SystemPackage

/// What happened in a folder that a ``FolderMonitor`` watches. Paths begin at that folder.
public enum FolderChange: Sendable, Hashable, CustomStringConvertible {
    /// Something was made there, or moved there from elsewhere.
    case created(FilePath)
    /// Something was removed, or moved elsewhere.
    case removed(FilePath)
    /// Content or attributes, such as permissions, have changed.
    case modified(FilePath)
    /// Something was moved within what is watched; what was at the new place before is gone.
    case renamed(from: FilePath, to: FilePath)
    /// More happened than the system could remember, or than can be told apart, because a folder was moved or replaced before
    /// it was watched: look at the folder anew. What happens from now on is told again.
    case overflow

    /// What happened to what.
    public var description: String {
        switch self {
        case .created(let path): "created \(path)"
        case .removed(let path): "removed \(path)"
        case .modified(let path): "modified \(path)"
        case .renamed(let old, let new): "renamed \(old) to \(new)"
        case .overflow: "overflow"
        }
    }
}
