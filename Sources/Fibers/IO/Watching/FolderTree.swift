// SPDX-License-Identifier: MIT
import SystemPackage

/// The folders that are watched, by the numbers that the kernel gives them, and where they are.
struct FolderTree {
    /// Where a folder is: a name in another.
    struct Place: Hashable {
        let parent: CInt
        let name: FilePath.Component
    }

    /// The number of the folder at the top.
    let root: CInt
    private var places: [CInt: Place] = [:]
    private var numbers: [Place: CInt] = [:]

    init(root: CInt) { self.root = root }

    func contains(_ folder: CInt) -> Bool { folder == root || places[folder] != nil }

    /// All but the one at the top.
    var folders: some Sequence<CInt> { places.keys }

    func folder(at place: Place) -> CInt? { numbers[place] }

    /// The path from the top. O(depth).
    func path(of folder: CInt) -> FilePath {
        var names: [FilePath.Component] = []
        var next = folder
        while let place = places[next] {
            names.append(place.name)
            next = place.parent
        }
        return FilePath(root: nil, names.reversed())
    }

    func path(of place: Place) -> FilePath { path(of: place.parent).appending(place.name) }

    /// A folder is there now, and nowhere else.
    mutating func put(_ folder: CInt, at place: Place) {
        guard folder != root else { return }
        remove(folder)
        if let other = numbers[place] { remove(other) }
        places[folder] = place
        numbers[place] = folder
    }

    mutating func remove(_ folder: CInt) {
        guard let place = places.removeValue(forKey: folder) else { return }
        if numbers[place] == folder { numbers[place] = nil }
    }

    /// The folder and all below. O(*n*) for all that are watched.
    func branch(at folder: CInt) -> [CInt] {
        places.keys.filter { candidate in
            sequence(first: candidate) { places[$0]?.parent }.contains(folder)
        }
    }
}
