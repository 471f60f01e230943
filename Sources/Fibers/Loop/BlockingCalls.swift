// SPDX-License-Identifier: MIT
import CFibers

/// Calls that may block for long, each on a thread of its own, so many at a time. A thread lives while there are calls left.
///
/// Apart from libuv's pool, whose few threads files and `offload` need; and nobody waits for a call that was given up, not
/// even the loop when it ends or the process.
final class BlockingCalls: Sendable {
    private struct State {
        var waiting: [BlockingCall] = []
        var threadCount = 0
    }

    private let limit: Int
    private let state = Locked(State())

    init(limit: Int) { self.limit = limit }

    /// Parks the calling fiber until `body` has returned on one of the threads. If interrupted before it has begun, it never
    /// does; else its late result is dropped.
    func run<Output: Sendable>(
        for reason: WaitReason, _ body: @escaping @Sendable () throws -> Output
    ) throws -> Output {
        let fiber = Scheduler.current.current
        guard fiber.interruption.isEmpty else { throw fiber.refusePark() }
        let result = Locked<Result<Output, any Error>?>(nil)
        let end = CallEnd()
        let note = Note(for: .current) { end.didCome() }
        let call = BlockingCall {
            let value = Result(catching: body)
            result.withLock { $0 = value }
            note.send()
        }
        try submit(call)
        do {
            try end.wait(for: reason)
        } catch {
            state.withLock { state in state.waiting.removeAll { $0 === call } }
            throw error
        }
        return try result.withLock { $0 }.unsafelyUnwrapped.get()
    }

    private func submit(_ call: BlockingCall) throws {
        let needsThread = state.withLock { state in
            state.waiting.append(call)
            guard state.threadCount < limit else { return false }
            state.threadCount += 1
            return true
        }
        guard needsThread else { return }
        do { try SystemThread.start { [self] in runAll() }.detach() } catch { try threadDidNotStart(for: call, error) }
    }

    /// Another thread will do the call, if there is one.
    private func threadDidNotStart(for call: BlockingCall, _ error: IOError) throws {
        try state.withLock { state in
            state.threadCount -= 1
            guard state.threadCount == 0, let index = state.waiting.firstIndex(where: { $0 === call }) else { return }
            state.waiting.remove(at: index)
            throw error
        }
    }

    private func runAll() {
        while let call = next() { call.body() }
    }

    private func next() -> BlockingCall? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.threadCount -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}

private final class BlockingCall: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// The end of one call, as its fiber sees it. Kept by the note as well, which may arrive when the fiber has left.
private final class CallEnd {
    private let waiters = WaitQueue()
    private var hasCome = false

    deinit { waiters.destroy() }

    func didCome() {
        hasCome = true
        waiters.wakeAll()
    }

    func wait(for reason: WaitReason) throws {
        while !hasCome { try waiters.wait(for: reason) }
    }
}
