// SPDX-License-Identifier: MIT
import Foundation

#if os(Linux)
    /// Blocks until all other threads of the process wait for something.
    func awaitRestOfOtherThreads() {
        while restlessThreads() > 1 { sched_yield() }
    }

    /// The calling one among them.
    private func restlessThreads() -> Int {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return threads.count { thread in
            let line = try? String(contentsOfFile: "/proc/self/task/\(thread)/stat", encoding: .utf8)
            // Behind the name, which is in parentheses.
            return line?.split(separator: ")").last?.dropFirst().first != "S"
        }
    }
#else
    /// Blocks for a while in which they should: the system does not tell.
    func awaitRestOfOtherThreads() { usleep(20_000) }
#endif
