// SPDX-License-Identifier: MIT
import Foundation

/// How far a run is, in the last line of a terminal; nothing elsewhere.
struct ProgressBar {
    private static let width = 24
    private let total: Int
    private let isShown: Bool

    init(total: Int) {
        self.total = total
        let terminal = ProcessInfo.processInfo.environment["TERM"] ?? "dumb"
        isShown = total > 1 && isatty(STDERR_FILENO) == 1 && terminal != "dumb"
    }

    func show(_ done: Int, _ label: String) {
        let filled = done * ProgressBar.width / max(total, 1)
        let bar = String(repeating: "=", count: filled).padded(to: ProgressBar.width)
        put("[\(bar)] \(done)/\(total) \(label)")
    }

    /// Makes room for a line.
    func hide() { put("") }

    private func put(_ text: String) {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\u{1b}[K\(text)".utf8))
    }
}
