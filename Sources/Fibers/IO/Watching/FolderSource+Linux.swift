// SPDX-License-Identifier: MIT
#if os(Linux)
    import SystemPackage

    /// What happens in a folder, as inotify tells it: read when somebody waits, until then the kernel remembers it.
    final class FolderSource {
        private let root: FilePath
        private let isRecursive: Bool
        private let inotify: Inotify
        private var tree: FolderTree
        private var queue = ChangeQueue()
        /// What was found by a look at a folder after it was watched: the event of its creation may still come.
        private var found: Set<FilePath> = []
        /// Where folders were looked at while events that are older may still come, and all above these.
        private var looked: Set<FilePath> = []
        /// Events were lost, or tell of a time before a look whose findings they contradict.
        private var isLost = false
        /// Folders that were moved, by the number of the move, and from where: they may come back into the tree.
        private var leaving: [UInt32: (folder: CInt, place: FolderTree.Place)] = [:]
        private var hasRoot = true

        init(_ root: FilePath, isRecursive: Bool) throws {
            self.root = root
            self.isRecursive = isRecursive
            inotify = try Inotify(subject: "\(root)")
            tree = FolderTree(root: try inotify.add(root.appending("."), isFolder: true, subject: root))
            if isRecursive { try watchAll() }
        }

        var isClosed: Bool { inotify.isClosed }

        func close() { inotify.close() }

        /// The next change; `nil` if there is none yet. Never parks.
        func take() throws -> FolderChange? {
            if queue.isEmpty || queue.waitsForHalf { try readAll() }
            if let (change, move) = queue.take() {
                if let move, let moved = leaving.removeValue(forKey: move) { forget(moved.folder, at: moved.place) }
                return try change.get()
            }
            guard hasRoot || !queue.isEmpty else {
                throw IOError(operation: "watch", subject: "\(root)", code: .noSuchFileOrDirectory)
            }
            return nil
        }

        /// Parks the calling fiber until there may be a change to take.
        func wait() throws {
            guard queue.waitsForHalf else { return try inotify.wait() }
            do { try withTimeout(ChangeQueue.patience) { try inotify.wait() } } catch is TimeoutError {}
        }

        private func readAll() throws {
            while true {
                let events = try inotify.read()
                guard !events.isEmpty else { break }
                for event in events { apply(event) }
            }
            found = []
            looked = []
            if isLost { lookAnew() }
        }

        private func apply(_ event: InotifyEvent) {
            if event.kind.contains(.overflow) { isLost = true }
            guard tree.contains(event.watch) else { return }
            if event.kind.contains(.ended) {
                if event.watch == tree.root { hasRoot = false }
                return tree.remove(event.watch)
            }
            // What happens to a watched folder itself, its parent tells as well.
            guard let name = event.name, !isLost else { return }
            apply(event, at: FolderTree.Place(parent: event.watch, name: name))
        }

        private func apply(_ event: InotifyEvent, at place: FolderTree.Place) {
            let path = tree.path(of: place)
            if event.kind.isAny(of: .modified) { return queue.append(.modified(path)) }
            let wasReported = found.remove(path) != nil
            let isExpected = event.kind.contains(.created) && wasReported
            guard isExpected || !looked.contains(path) else { return isLost = true }
            let isFolder = event.kind.contains(.folder)
            if event.kind.contains(.created) {
                if !wasReported { queue.append(.created(path)) }
                if isFolder, !wasReported { watch([place]) }
            } else if event.kind.contains(.removed) {
                queue.append(.removed(path))
            } else if event.kind.contains(.movedFrom) {
                queue.append(leaving: path, move: event.cookie)
                leaving[event.cookie] = isFolder ? tree.folder(at: place).map { ($0, place) } : nil
            } else if event.kind.contains(.movedTo) {
                didArrive(event, at: place, path, wasReported: wasReported)
            }
        }

        private func didArrive(_ event: InotifyEvent, at place: FolderTree.Place, _ path: FilePath, wasReported: Bool) {
            let old = queue.complete(event.cookie, arrivingAt: path, wasReported: wasReported)
            if old == nil, !wasReported { queue.append(.created(path)) }
            guard event.kind.contains(.folder) else { return }
            if let moved = leaving.removeValue(forKey: event.cookie) {
                tree.put(moved.folder, at: place)
            } else {
                watch([place])
            }
        }

        /// Folders below the one that is watched may have come and gone.
        private func lookAnew() {
            isLost = false
            queue.append(.overflow)
            leaving = [:]
            let old = tree
            tree = FolderTree(root: old.root)
            do { try watchAll() } catch { queue.append(error) }
            for folder in old.folders where !tree.contains(folder) { inotify.remove(folder) }
        }

        /// A folder has left the tree, unless it was found elsewhere in it.
        private func forget(_ folder: CInt, at place: FolderTree.Place) {
            guard tree.folder(at: place) == folder else { return }
            for folder in tree.branch(at: folder) {
                inotify.remove(folder)
                tree.remove(folder)
            }
        }
    }

    // MARK: Folders below

    extension FolderSource {
        /// Watches all folders below the top, whatever is known of them.
        private func watchAll() throws(IOError) {
            guard isRecursive else { return }
            let entries = try OpenFolder.entries(of: root.appending("."))
            if let error = watch(folders(in: entries, of: tree.root), reporting: false) { throw error }
        }

        /// Watches folders that are new, and tells what is in them: it may have been made before they were watched.
        private func watch(_ places: [FolderTree.Place]) {
            if isRecursive, let error = watch(places, reporting: true) { queue.append(error) }
        }

        /// Watches folders and all below them. Returns the last error, if there was one.
        private func watch(_ places: [FolderTree.Place], reporting: Bool) -> IOError? {
            var (places, last) = (places, IOError?.none)
            while let place = places.popLast() {
                do throws(IOError) {
                    places += try watchOne(place, reporting: reporting)
                } catch {
                    // Who has gone already, or is no folder any more, is told of by an event.
                    if ![.noSuchFileOrDirectory, .notDirectory].contains(error.code) { last = error }
                }
            }
            return last
        }

        /// Watches a folder and looks for what is in it: in this order, so that nothing is missed. Returns the folders.
        private func watchOne(_ place: FolderTree.Place, reporting: Bool) throws(IOError) -> [FolderTree.Place] {
            let path = tree.path(of: place)
            if reporting { rememberLook(at: path) }
            let folder = try inotify.add(root.appending(path.components), isFolder: true)
            tree.put(folder, at: place)  // it may have been known at another place, of which an event is to come
            for (move, moved) in leaving where moved.folder == folder { leaving[move] = nil }  // it is back
            let entries = try OpenFolder.entries(of: root.appending(path.components))
            if reporting { for entry in entries { report(path.appending(entry.name)) } }
            return folders(in: entries, of: folder)
        }

        private func folders(in entries: [FolderEntry], of folder: CInt) -> [FolderTree.Place] {
            entries.filter { $0.type == .directory }.map { FolderTree.Place(parent: folder, name: $0.name) }
        }

        private func rememberLook(at path: FilePath) {
            var path = path
            while !path.isEmpty, looked.insert(path).inserted { path.removeLastComponent() }
        }

        private func report(_ path: FilePath) {
            if found.insert(path).inserted { queue.append(.created(path)) }
        }
    }
#endif
