// SPDX-License-Identifier: MIT
#if os(Linux)
    import CFibers
    import SystemPackage

    /// An event of inotify.
    struct InotifyEvent {
        struct Kind: OptionSet {
            let rawValue: UInt32
            static let created = Kind(rawValue: fibers_inotify_created)
            static let removed = Kind(rawValue: fibers_inotify_removed)
            static let modified = Kind(rawValue: fibers_inotify_modified)
            static let movedFrom = Kind(rawValue: fibers_inotify_moved_from)
            static let movedTo = Kind(rawValue: fibers_inotify_moved_to)
            /// What is watched itself is no longer where it was.
            static let left = Kind(rawValue: fibers_inotify_left)
            /// The watch is no more.
            static let ended = Kind(rawValue: fibers_inotify_ended)
            /// Events were lost.
            static let overflow = Kind(rawValue: fibers_inotify_overflow)
            /// It is about a folder.
            static let folder = Kind(rawValue: fibers_inotify_folder)

            /// Whether it has some of these bits.
            func isAny(of kinds: Kind) -> Bool { !isDisjoint(with: kinds) }
        }

        /// What it is about, as `Inotify.add` numbered it.
        let watch: CInt
        let kind: Kind
        /// The same in both halves of a move.
        let cookie: UInt32
        /// What in the folder it is about; `nil` if the folder or the file itself.
        let name: FilePath.Component?
    }

    /// The kernel's queue of what happens to files and folders. It keeps some 16,000 events until they are read.
    final class Inotify {
        private let poll: DescriptorPoll
        private let subject: String

        /// - Parameter subject: What is watched, for reports.
        init(subject: String) throws(IOError) {
            self.subject = subject
            poll = try DescriptorPoll(
                check(fibers_inotify_open(), "watch", subject), subject: "monitor of \(subject)")
        }

        var isClosed: Bool { poll.isClosed }

        func close() { poll.close() }

        /// Parks the calling fiber until there is something to read.
        func wait() throws { try poll.wait(.reading) }

        /// Watches a file or a folder. The number is that of what is at the path: the same, if it is watched already.
        ///
        /// - Parameter subject: What errors call it; `nil` is the path.
        func add(
            _ path: FilePath, isFolder: Bool, onlyNames: Bool = false, subject: FilePath? = nil
        ) throws(IOError) -> CInt {
            let subject = "\(subject ?? path)"
            guard !isClosed else { throw IOError(operation: "watch", subject: subject, code: .badFileDescriptor) }
            let result = path.withPlatformString { fibers_inotify_add(poll.descriptor, $0, isFolder, onlyNames) }
            return try check(result, "watch", subject)
        }

        func remove(_ watch: CInt) {
            if !isClosed { _ = fibers_inotify_remove(poll.descriptor, watch) }
        }

        /// What has happened since it was read last; nothing, if it was nothing. Never parks.
        func read() throws -> [InotifyEvent] {
            guard !isClosed else { throw ClosedError(subject: "monitor of \(subject)") }
            return try withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 8) { buffer in
                let count = Socket.read(poll.descriptor, into: buffer)
                guard errno(of: count) != .wouldBlock else { return [] }
                try check(count, "watch", subject)
                return Self.events(in: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }

        private static func events(in bytes: UnsafeRawBufferPointer) -> [InotifyEvent] {
            var (offset, event) = (0, fibers_inotify_event())
            var events: [InotifyEvent] = []
            while fibers_inotify_next(bytes.baseAddress, bytes.count, &offset, &event) {
                events.append(InotifyEvent(event))
            }
            return events
        }
    }

    extension InotifyEvent {
        fileprivate init(_ event: fibers_inotify_event) {
            watch = event.watch
            kind = Kind(rawValue: event.bits)
            cookie = event.cookie
            name = event.name.flatMap { FilePath.Component(platformString: $0) }
        }
    }
#endif
