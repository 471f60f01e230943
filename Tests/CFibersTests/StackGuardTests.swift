// SPDX-License-Identifier: MIT
import CFibers
import Testing

/// Writes one byte at `offset` from the low end of a new stack.
private func touchStack(at offset: Int, on pool: StackPool = StackPool()) {
    pool.acquire()?.pointee.base[offset] = 1
}

private let pretendedLimit = 1000

private func pretendOldKernel() { fibers_stack_pretend_old_kernel(true, pretendedLimit) }

@Suite struct StackGuardTests {
    // A sanitizer turns the signal into an exit code of its own, hence `failure` and not `signal(SIGSEGV)`.

    @Test func `touching the lowest byte of the guard kills the process`() async {
        await #expect(processExitsWith: .failure) { touchStack(at: 0) }
    }

    @Test func `touching the highest byte of the guard kills the process`() async {
        await #expect(processExitsWith: .failure) { touchStack(at: guardSize - 1) }
    }

    @Test func `the byte above the guard belongs to the stack`() throws {
        touchStack(at: guardSize)
    }

    @Test func `a guard outlives trimming`() async {
        await #expect(processExitsWith: .failure) {
            let pool = StackPool()
            guard let stacks = try? pool.acquire(count: 300) else { return }
            for stack in stacks { pool.release(stack) }
            pool.trim(batch: 1000)
            stacks[0].pointee.base[guardSize - 1] = 1
        }
    }

    #if os(Linux)
        @Test func `a kernel without guard markers has protected pages`() async {
            await #expect(processExitsWith: .failure) {
                pretendOldKernel()
                touchStack(at: 0)
            }
            await #expect(processExitsWith: .failure) {
                pretendOldKernel()
                touchStack(at: guardSize - 1)
            }
            await #expect(processExitsWith: .success) {
                pretendOldKernel()
                touchStack(at: guardSize)
            }
        }

        @Test func `protected pages end before the kernel's map limit does`() async {
            await #expect(processExitsWith: .success) {
                pretendOldKernel()
                #expect(fibers_stack_limit() == 450)
                let pool = StackPool()
                try #expect(pool.acquire(count: 450).count == 450)
                #expect(pool.acquire() == nil)
                #expect(pool.counts.made == 450)
            }
        }

        @Test func `a released stack needs no further guard`() async {
            await #expect(processExitsWith: .success) {
                pretendOldKernel()
                let pool = StackPool()
                let stacks = try pool.acquire(count: fibers_stack_limit())
                pool.release(stacks[7])
                #expect(pool.acquire() == stacks[7])
                #expect(pool.acquire() == nil)
            }
        }

        @Test func `the limit counts the pools of all threads, and only those that are left`() async {
            await #expect(processExitsWith: .success) {
                pretendOldKernel()
                let first = StackPool()
                _ = try first.acquire(count: 200)
                do {
                    let second = StackPool()
                    _ = try second.acquire(count: 250)
                    #expect(first.acquire() == nil)
                }
                _ = try first.acquire(count: 250)
            }
        }

        @Test func `the real limit comes from the kernel`() async {
            await #expect(processExitsWith: .success) {
                fibers_stack_pretend_old_kernel(true, 0)
                #expect(fibers_stack_limit() > 0)
                touchStack(at: guardSize)
            }
        }
    #endif
}
