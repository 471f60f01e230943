// SPDX-License-Identifier: MIT
import CFibers
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Each test has a process of its own.
nonisolated(unsafe) private var nameOfFiber: String?

/// Makes this thread look like one that runs a fiber, with the handler installed. Returns the fiber's stack.
private func pretendFiber(named name: String?) -> Stack? {
    guard let scheduler = fibers_scheduler_create({ _ in }),
        let stack = fibers_stack_acquire(scheduler.pointee.stacks, UInt32(FIBERS_STACK_DEFAULT_CLASS))
    else { return nil }
    let fiber = UnsafeMutablePointer<fibers_fiber>.allocate(capacity: 1)
    nameOfFiber = name
    fibers_fiber_init(fiber, strdup("module/file.swift"), 3, UInt8(FIBERS_STACK_DEFAULT_CLASS))
    fiber.pointee.id = 7
    fiber.pointee.context.stack = stack
    scheduler.pointee.current = fiber
    fibers_scheduler_set_current(scheduler)
    fibers_overflow_install { _ in UnsafePointer(nameOfFiber.flatMap { strdup($0) }) }
    _ = fibers_overflow_enter_thread()
    return stack
}

private func errors(of result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}

@Suite struct OverflowTests {
    @Test func `an overflow is reported with name and size before the crash goes on`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            pretendFiber(named: "deep thought")?.pointee.base[guardSize - 1] = 1
        }
        let report = "stack overflow in fiber \"deep thought\" (256 KiB), spawned at module/file.swift:3; "
        #expect(errors(of: result).contains(report))
    }

    @Test func `a fiber without a name is reported by its number`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            pretendFiber(named: nil)?.pointee.base[0] = 1
        }
        #expect(errors(of: result).contains("stack overflow in fiber #7 (256 KiB), spawned at module/file.swift:3; "))
    }

    @Test func `a report is cut where its buffer ends`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            pretendFiber(named: String(repeating: "x", count: 5000))?.pointee.base[0] = 1
        }
        #expect(errors(of: result).contains("stack overflow in fiber \"xxx"))
    }

    @Test func `another fault is not called an overflow`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = pretendFiber(named: "innocent")
            UnsafeMutablePointer<UInt8>(bitPattern: 64)?.pointee = 1
        }
        #expect(!errors(of: result).contains("stack overflow in fiber"))
    }

    @Test func `a fault signal that somebody sent still kills`() async {
        await #expect(processExitsWith: .failure) {
            _ = pretendFiber(named: "victim")
            raise(SIGSEGV)
        }
    }

    @Test func `a thread gets one signal stack, and gives it back`() {
        var before = stack_t(), present = stack_t()
        sigaltstack(nil, &before)
        let given = fibers_overflow_enter_thread()
        sigaltstack(nil, &present)
        #expect(present.ss_sp != nil)
        #expect(fibers_overflow_enter_thread() == nil)
        fibers_overflow_leave_thread(given)
        sigaltstack(nil, &present)
        #expect(present.ss_flags == before.ss_flags)
    }
}
