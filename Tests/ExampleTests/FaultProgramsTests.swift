// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if os(Linux)
    private let mayMakeNamespaces: Bool = {
        let attempt = "mount -t tmpfs tmpfs /mnt && echo 1000 >/proc/sys/user/max_inotify_watches"
        return (try? inFiber { try text(of: Command("unshare", "-Urm", "sh", "-c", attempt)) }) != nil
    }()

    /// Each in namespaces of its own, which needs no rights, but is forbidden on some systems.
    @Suite(.enabled(if: mayMakeNamespaces, "users of this machine may make no namespaces"))
    struct FaultProgramsTests {
        /// What a program writes. It gets a folder that is a file system of 256 KiB, here called DISK.
        private func output(of program: String) throws -> String {
            try inFiber {
                try withTemporaryFolder { folder in
                    let script = "mount -t tmpfs -o size=256k tmpfs $1 && exec '\(example("FaultPrograms"))' $0 $1"
                    let command = Command("unshare", "-Urm", "sh", "-c", script, program, folder.string)
                    return try text(of: command).replacing(folder.string, with: "DISK")
                }
            }
        }

        @Test func `a full disk is told by the path, takes nothing away, and is written again when there is room`()
            throws
        {
            try #expect(
                output(of: "full-disk").replacing(/\.new-\w+/, with: ".new") == """
                    write DISK/big: no space left on device (ENOSPC); what was written is there: true
                    write DISK/other: no space left on device (ENOSPC)
                    write DISK/.new: no space left on device (ENOSPC)
                    old ["big", "other", "small"]
                    new [1, 1, 1]

                    """)
        }

        @Test func `folders that may not be watched are named once, and all others are watched`() throws {
            try #expect(
                output(of: "watches-of-folders") == """
                    watch DISK: no space left on device (ENOSPC)
                    watch DISK/two: no space left on device (ENOSPC)
                    created one
                    created one/file
                    created two
                    watch DISK/two: no space left on device (ENOSPC)
                    created end
                    created three
                    created three/file

                    """)
        }

        @Test func `a file that may not be watched is named once, and seen again when it may`() throws {
            try #expect(
                output(of: "watches-of-files") == """
                    watch DISK/file: no space left on device (ENOSPC)
                    [renamed]
                    [changed]
                    [changed, renamed]
                    [renamed]
                    watch DISK/file: no space left on device (ENOSPC)
                    the time allowed has passed
                    [changed, renamed]
                    [changed]

                    """)
        }
    }
#endif
