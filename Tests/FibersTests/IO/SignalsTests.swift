// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Signal {
    fileprivate static let user1 = Signal(rawValue: SIGUSR1)
    fileprivate static let user2 = Signal(rawValue: SIGUSR2)
}

/// Sends a signal to the calling thread and returns when its handler has. The threads of an exit test block signals.
private func deliver(_ signal: CInt) {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, signal)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(signal)
}

/// One after the other: signals are sent to the process, hence to all loops that watch.
@Suite(.serialized) struct SignalsTests {
    private func send(_ signal: Signal) { _ = kill(getpid(), signal.rawValue) }

    @Test func `a signal wakes the fiber that waits for it`() throws {
        try inFiber {
            let signals = try Signals(.user1)
            let waiter = Fiber.spawn { try signals.wait() }
            try drain()
            #expect(waiter.state == .waiting)
            send(.user1)
            try #expect(waiter.fetch() == .user1)
        }
    }

    @Test func `a signal that comes when nobody waits is remembered`() throws {
        try inFiber {
            let signals = try Signals(.user1, .user2)
            let witness = try Signals(.user2)
            send(.user2)
            try #expect(witness.wait() == .user2)
            send(.user1)
            try #expect(signals.wait() == .user2)
            try #expect(signals.wait() == .user1)
        }
    }

    @Test func `everybody who watches a signal gets it`() throws {
        try inFiber {
            let watchers = try (0..<3).map { _ in try Signals(.user1) }
            send(.user1)
            for signals in watchers { try #expect(signals.wait() == .user1) }
        }
    }

    @Test func `closing gives ClosedError to who waits and ends loops`() throws {
        try inFiber {
            let signals = try Signals(.user1)
            let waiter = Fiber.spawn { try signals.wait() }
            let loop = Fiber.spawn { for _ in signals {} }
            try drain()
            signals.close()
            signals.close()
            #expect(failure(of: waiter) is ClosedError)
            try loop.wait()
            #expect(throws: ClosedError.self) { try signals.wait() }
        }
    }

    @Test func `a cancelled wait loses no signal`() throws {
        try inFiber {
            let signals = try Signals(.user1)
            let waiter = Fiber.spawn { try signals.wait() }
            try drain()
            waiter.cancel()
            #expect(failure(of: waiter) is CancellationError)
            send(.user1)
            try #expect(signals.wait() == .user1)
        }
    }

    @Test func `SIGKILL cannot be watched`() throws {
        try inFiber {
            let error = #expect(throws: IOError.self) { try Signals(.user1, .kill) }
            #expect(error?.code == .invalidArgument)
            #expect(error?.description.contains("watch signal 9") == true)
        }
    }

    @Test func `signals that outlive their loop are closed`() throws {
        let signals = try inFiber { try Signals(.user1) }
        #expect(throws: ClosedError.self) { try signals.wait() }
    }

    @Test func `once closed a signal does again what it did before`() async {
        await #expect(processExitsWith: .signal(SIGUSR1)) {
            try inFiber {
                try Signals(Signal(rawValue: SIGUSR1)).close()
                _ = kill(getpid(), SIGUSR1)
                try Fiber.sleep(for: .seconds(5))
            }
        }
    }

    @Test(arguments: [Signal.interrupt, .terminate, .quit])
    func `a second interrupt ends the process while it shuts down`(signal: Signal) async {
        await #expect(processExitsWith: .signal(signal.rawValue)) { [end = signal.rawValue as CInt] in
            try inFiber {
                let signals = try Signals(.interrupt, .terminate, .quit)
                deliver(SIGTERM)
                try #expect(signals.wait() == .terminate)
                deliver(end)
                try Fiber.sleep(for: .seconds(5))
            }
        }
    }

    @Test func `a second interrupt ends a process whose loop did not see the first`() async {
        await #expect(processExitsWith: .signal(SIGINT)) {
            try inFiber {
                let signals = try Signals(.interrupt)
                deliver(SIGINT)
                deliver(SIGINT)
                _ = try signals.wait()
            }
        }
    }

    @Test func `after an interrupt the loop ends if nothing else is watched`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let signals = try Signals(.interrupt, .terminate)
                let waiters = (0..<2).map { _ in Fiber.spawn { try signals.wait() } }
                try drain()
                deliver(SIGINT)
                try #expect(waiters[0].fetch() == .interrupt)
                #expect(throws: FiberFailedError.self) { try waiters[1].wait() }
                for _ in signals {}
            }
        }
    }

    @Test func `after an interrupt other signals are still watched`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let signals = try Signals(.interrupt, Signal(rawValue: SIGUSR1))
                deliver(SIGINT)
                try #expect(signals.wait() == .interrupt)
                for _ in 0..<2 {
                    deliver(SIGUSR1)
                    try #expect(signals.wait().rawValue == SIGUSR1)
                }
            }
        }
    }

    @Test func `every interrupt is delivered if that is asked for`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                let signals = try Signals(.interrupt, secondInterrupt: .isDelivered)
                let others = try Signals(.interrupt)
                for _ in 0..<3 {
                    deliver(SIGINT)
                    try #expect(signals.wait() == .interrupt)
                }
                try #expect(others.wait() == .interrupt)
            }
        }
    }
}
