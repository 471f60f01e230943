// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage

/// In a file system that holds some hundred KiB.
func fillDisk(_ folder: FilePath) throws {
    let (small, big) = (folder.appending("small"), folder.appending("big"))
    try File.write(Array("old".utf8), to: small)
    let file = try File.open(big, .readWrite, options: .create)
    try writeTooMuch(to: file)
    report { try File.write([1], to: folder.appending("other")) }
    report { try File.replace(small, with: Array("new".utf8)) }
    try print(File.readText(small), File.entries(of: folder).map(\.name.string).sorted())

    try file.truncate(to: 3)
    try File.replace(small, with: Array("new".utf8))
    try print(File.readText(small), File.read(big))
}

private func writeTooMuch(to file: File) throws {
    do {
        try file.write([UInt8](repeating: 1, count: 1 << 20))
    } catch let error as PartialWriteError {
        let isWhatIsThere = try File.stat(file.path).size == error.bytesWritten
        print("\(error.cause); what was written is there: \(isWhatIsThere)")
    }
}
