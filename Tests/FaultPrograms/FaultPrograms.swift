// SPDX-License-Identifier: MIT
import SystemPackage

/// Programs that are tested as whole processes, because they need a system in which something has run out.
@main
enum FaultPrograms {
    /// The first argument says which program; the second one is a folder of its own.
    static func main() throws {
        let folder = FilePath(CommandLine.arguments[2])
        switch CommandLine.arguments[1] {
        case "full-disk": try fillDisk(folder)
        case "watches-of-folders": try useUpWatchesOfFolders(folder)
        case "watches-of-files": try useUpWatchesOfFiles(folder)
        case let name: fatalError("there is no program \(name)")
        }
    }
}

/// Says what `body` throws.
func report(_ body: () throws -> some Any) {
    do { print("nothing is wrong: \(try body())") } catch { print(error) }
}
