// SPDX-License-Identifier: MIT

/// Where a program is looked for.
enum ExecutableSearch {
    private static let defaultPath = Array("/usr/local/bin:/usr/bin:/bin".utf8)
    private static let slash = UInt8(ascii: "/")

    /// The paths to try, in their order.
    ///
    /// - Parameters:
    ///   - program: A path if it holds a slash, else a name.
    ///   - environment: Of the child: `NAME=value` each.
    static func candidates(for program: [UInt8], environment: @autoclosure () -> [[UInt8]]) -> [[UInt8]] {
        guard !program.contains(slash) else { return [program] }
        let path = Command.Environment.value(of: "PATH", in: environment()) ?? defaultPath
        return path.split(separator: UInt8(ascii: ":"))
            .filter { $0.first == slash }
            .map { folder in folder + (folder.last == slash ? [] : [slash]) + program }
    }
}
