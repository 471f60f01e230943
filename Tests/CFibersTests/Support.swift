// SPDX-License-Identifier: MIT
import CFibers

typealias Stack = UnsafeMutablePointer<fibers_stack>

/// Bytes at the low end of a stack that fault: FIBERS_STACK_GUARD, which Swift cannot import.
let guardSize = 16 << 10

/// A pool whose stacks run bodies that tests hand them, and the thread's own stack to come back to.
///
/// Only what is trivial lives over a switch here, so that a stack can be dropped where it stands.
final class StackPool {
    private let pool: OpaquePointer
    private let outside: UnsafeMutablePointer<fibers_context>
    private var bodies: [Body] = []

    init() {
        guard let pool = fibers_stack_pool_create(runBodies), let own = fibers_stack_of_thread() else {
            fatalError("memory is short")
        }
        self.pool = pool
        outside = .allocate(capacity: 1)
        outside.initialize(to: fibers_context(stack_pointer: nil, stack: own))
    }

    deinit {
        fibers_stack_pool_destroy(pool)
        fibers_stack_of_thread_free(outside.pointee.stack)
        outside.deallocate()
    }

    var counts: fibers_stack_counts { fibers_stack_pool_counts(pool) }

    /// A stack, or nil where no more can be made safely.
    func acquire(sizeClass: UInt32 = 0) -> Stack? { fibers_stack_acquire(pool, sizeClass) }

    func acquire(count: Int) throws -> [Stack] {
        try (0..<count).map { _ in
            guard let stack = acquire() else { throw NoStack() }
            return stack
        }
    }

    func release(_ stack: Stack) { fibers_stack_release(pool, stack) }
    /// As after a period in which everything that is idle now was idle.
    func trim(batch: Int) {
        fibers_stack_begin_period(pool)
        fibers_stack_begin_period(pool)
        _ = fibers_stack_trim(pool, batch)
    }

    /// Runs `body` on the stack until it leaves or returns. The pool keeps it alive.
    func run(_ body: @escaping (Visit) -> Void, on stack: Stack) {
        let body = Body(run: body)
        bodies.append(body)
        let place = UnsafeMutablePointer<Visit>(OpaquePointer(stack.pointee.base + guardSize))
        place.initialize(to: Visit(body: .passUnretained(body), outside: outside, stack: stack))
        fibers_switch(outside, &stack.pointee.idle)
    }

    /// Continues a body that has left.
    func resume(_ stack: Stack) { fibers_switch(outside, &stack.pointee.idle) }
}

struct NoStack: Error {}

private final class Body {
    let run: (Visit) -> Void

    init(run: @escaping (Visit) -> Void) { self.run = run }
}

/// What a stack has to do. Lies at its low end, just above the guard, where no frame of a test reaches.
struct Visit {
    fileprivate let body: Unmanaged<Body>
    fileprivate let outside: UnsafeMutablePointer<fibers_context>
    let stack: Stack

    /// Goes back to the thread's own stack until the test resumes this one.
    func leave() { fibers_switch(&stack.pointee.idle, outside) }
}

/// The entry of every stack.
private func runBodies(_ argument: UnsafeMutableRawPointer?) {
    let stack = argument.unsafelyUnwrapped.assumingMemoryBound(to: fibers_stack.self)
    while true { runBody(on: stack) }
}

@inline(never)
private func runBody(on stack: Stack) {
    let visit = UnsafeMutablePointer<Visit>(OpaquePointer(stack.pointee.base + guardSize)).pointee
    visit.body._withUnsafeGuaranteedRef { $0.run(visit) }
    visit.leave()
}
