// SPDX-License-Identifier: MIT
#if os(Linux)
    import SystemPackage

    /// What happens to a file, as inotify tells it. Its folder is watched, too, to see when another takes the file's
    /// place.
    final class FileSource {
        private let path: FilePath
        private let inotify: Inotify
        /// The number of what is at the path; `nil` if nothing is.
        private var file: CInt?
        private var folder: CInt?
        /// Something is at the path, and cannot be watched.
        private var isBlind = false
        /// Why that is so, until somebody was told.
        private var failure: IOError?

        init(_ path: FilePath) throws {
            self.path = path
            inotify = try Inotify(subject: "\(path)")
            // The folder first: a file that comes to the path later is not missed.
            folder = try? inotify.add(path.removingLastComponent().appending("."), isFolder: true, onlyNames: true)
            file = try inotify.add(path, isFolder: false)
        }

        var isClosed: Bool { inotify.isClosed }

        func close() { inotify.close() }

        /// What has happened; empty if nothing has. Never parks.
        func take() throws -> FileMonitor.Changes {
            var changes = regainSight()
            while case let events = try inotify.read(), !events.isEmpty {
                for event in events { changes.formUnion(apply(event)) }
            }
            if changes.isEmpty, let failure {
                self.failure = nil
                throw failure
            }
            return changes
        }

        /// Tries once more to watch what could not be watched. If that succeeds, anything may have happened meanwhile.
        private func regainSight() -> FileMonitor.Changes {
            guard isBlind, failure == nil, !isClosed else { return [] }
            lookAgain()
            return isBlind ? [] : [.changed, .renamed]
        }

        /// Parks the calling fiber until something may have happened.
        func wait() throws { try inotify.wait() }

        private func apply(_ event: InotifyEvent) -> FileMonitor.Changes {
            if event.kind.contains(.overflow) {
                lookAgain()
                return [.changed, .renamed]
            }
            var changes: FileMonitor.Changes = []
            if event.watch == file { changes.formUnion(applyToFile(event)) }
            if event.watch == folder, let name = event.name, name == path.lastComponent {
                changes.formUnion(applyToPlace(event))
            }
            return changes
        }

        /// If the file is a folder, the event may be about something in it.
        private func applyToFile(_ event: InotifyEvent) -> FileMonitor.Changes {
            if event.kind.isAny(of: [.ended, .left]) { lookAgain() }
            return event.kind.isAny(of: .modified) ? .changed : .renamed
        }

        private func applyToPlace(_ event: InotifyEvent) -> FileMonitor.Changes {
            lookAgain()
            return .renamed
        }

        /// Watches what is at the path now, and nothing else.
        private func lookAgain() {
            do throws(IOError) {
                file = try watchAnew()
                (isBlind, failure) = (false, nil)
            } catch {
                file = nil
                let isNothing = [.noSuchFileOrDirectory, .notDirectory].contains(error.code)
                if isNothing { failure = nil } else if !isBlind { failure = error }
                isBlind = !isNothing
            }
        }

        private func watchAnew() throws(IOError) -> CInt {
            do throws(IOError) {
                let present = try inotify.add(path, isFolder: false)
                if present != file { removeFile() }
                return present
            } catch {
                guard removeFile() else { throw error }
                // If the user may not watch more, there is room now.
                return try inotify.add(path, isFolder: false)
            }
        }

        /// False if nothing was watched that need not be.
        @discardableResult
        private func removeFile() -> Bool {
            guard let file, file != folder else { return false }
            inotify.remove(file)
            return true
        }
    }
#endif
