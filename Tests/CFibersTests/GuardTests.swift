// SPDX-License-Identifier: MIT
import CFibers
import Dispatch
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct GuardTests {
    /// A guard and what it guards, for as many threads as the machine has, at least four.
    private func onThreads(_ body: @Sendable (UnsafeMutablePointer<fibers_guard>, UnsafeMutablePointer<Int>) -> Void)
        -> Int
    {
        nonisolated(unsafe) let lock = UnsafeMutablePointer<fibers_guard>.allocate(capacity: 1)
        nonisolated(unsafe) let count = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        defer {
            lock.deallocate()
            count.deallocate()
        }
        lock.initialize(to: fibers_guard())
        count.initialize(to: 0)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in body(lock, count) }
        return count.pointee
    }

    @Test func `one thread at a time is in a section, and sees what those before did`() {
        let count = onThreads { lock, count in
            for _ in 0..<20_000 {
                let entered = fibers_guard_enter(lock)
                count.pointee += 1
                fibers_guard_leave(entered)
            }
        }
        #expect(count == 80_000)
    }

    @Test func `who has to wait for long sleeps, and is woken`() {
        let count = onThreads { lock, count in
            for round in 0..<500 {
                let entered = fibers_guard_enter(lock)
                let last = count.pointee
                for _ in 0..<(round.isMultiple(of: 5) ? 20 : 0) { sched_yield() }
                count.pointee = last + 1
                fibers_guard_leave(entered)
            }
        }
        #expect(count == 2000)
    }

    @Test func `guards do not exclude each other`() {
        let other = UnsafeMutablePointer<fibers_guard>.allocate(capacity: 1)
        defer { other.deallocate() }
        other.initialize(to: fibers_guard())
        let outer = fibers_guard_enter(other)
        let count = onThreads { lock, count in
            let entered = fibers_guard_enter(lock)
            count.pointee += 1
            fibers_guard_leave(entered)
        }
        fibers_guard_leave(outer)
        #expect(count == 4)
    }

    @Test func `who sees the flag changed, without the guard, sees what happened before`() {
        let isSeen = onThreads { lock, value in
            for _ in 0..<20_000 where !fibers_guard_flag(lock) {
                let entered = fibers_guard_enter(lock)
                if value.pointee < 20 { value.pointee += 1 } else { fibers_guard_set_flag(lock, true) }
                fibers_guard_leave(entered)
            }
            if value.pointee != 20 { fatalError("the flag was seen before the value") }
        }
        #expect(isSeen == 20)
    }
}
