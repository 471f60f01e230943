// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage

/// How many files and folders the user may watch. For the root of a namespace of users.
private func setLimit(_ count: Int) throws {
    try File.write(Array("\(count)\n".utf8), to: "/proc/sys/user/max_inotify_watches")
}

func useUpWatchesOfFolders(_ folder: FilePath) throws {
    try setLimit(0)
    report { try FolderMonitor(folder) }
    try setLimit(2)
    let monitor = try FolderMonitor(folder, recursive: true)
    for name in ["one", "two"] { try File.makeFolder(folder.appending(name)) }
    report { try FolderMonitor(folder, recursive: true) }
    for name in ["two", "one"] { try File.write([], to: folder.appending(name).appending("file")) }
    try File.write([], to: folder.appending("end"))
    try printChanges(of: monitor, upTo: .created("end"))

    try setLimit(10)
    try File.makeFolder(folder.appending("three"))
    try printChanges(of: monitor, upTo: .created("three"))
    try File.write([], to: folder.appending("three/file"))
    try printChanges(of: monitor, upTo: .created("three/file"))
}

private func printChanges(of monitor: FolderMonitor, upTo last: FolderChange) throws {
    var change: FolderChange?
    while change != last {
        do {
            change = try monitor.wait()
            print(change?.description ?? "")
        } catch let error as IOError { print(error) }
    }
}

func useUpWatchesOfFiles(_ folder: FilePath) throws {
    let (file, other) = (folder.appending("file"), folder.appending("other"))
    for path in [file, other] { try File.write([], to: path) }
    try setLimit(1)
    report { try FileMonitor(file) }

    // One for the folder and one for the file: the latter goes over to what takes its place.
    try setLimit(2)
    let monitor = try FileMonitor(file)
    try File.rename(file, to: folder.appending("old"))
    try File.rename(other, to: file)
    try print(monitor.wait())
    try File.write([1], to: file)
    try print(monitor.wait())

    // Nobody may watch what comes next, but its coming is told.
    try File.remove(file)
    try print(monitor.wait())
    try setLimit(1)
    try File.write([], to: file)
    try print(monitor.wait())
    report { try monitor.wait() }
    report { try withTimeout(.milliseconds(1)) { try monitor.wait() } }
    try setLimit(2)
    try print(monitor.wait())
    try File.write([1], to: file)
    try print(monitor.wait())
}
