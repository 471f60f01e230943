// SPDX-License-Identifier: MIT
import Foundation

/// Nanoseconds of CPU that the process has used.
func processTime() -> Double {
    let usage = resourceUsage()
    return nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime)
}

func peakResidentBytes() -> Double { Double(resourceUsage().ru_maxrss) * 1024 }

func residentBytes() -> Double {
    let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = text?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
    return pages * Double(sysconf(CInt(_SC_PAGESIZE)))
}

private func resourceUsage() -> rusage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage
}

private func nanoseconds(_ time: timeval) -> Double { Double(time.tv_sec) * 1e9 + Double(time.tv_usec) * 1e3 }

/// Prints what an operation takes, after a tenth of them to warm up.
func measure(_ operations: Int, _ body: (Int) async throws -> Void) async rethrows {
    try await body(operations / 10)
    let start = processTime()
    try await body(operations)
    print((processTime() - start) / Double(operations))
}
