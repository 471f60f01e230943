// SPDX-License-Identifier: MIT
// API page, "Synchronization": monitors, groups, time limits, conditions, semaphores.

import Fibers

/// A failure is reported as soon as it happens. It is no error to whoever only waits for the end.
func monitorErrors() throws {
    try Fiber.spawn(name: "monitored") { throw Failure("the task failed") }.monitorErrors().waitUntilDone()
}

/// A group waits for all tasks that were spawned in it. The page's run on other threads, which is for later.
func waitForGroup() throws {
    try withFiberGroup { group in
        group.spawn { print("task 1") }
        group.spawn { print("task 2") }
    }
    print("both are done")
}

/// Waiting for a test to come true, in vain and then not.
func waitWithLimit() throws {
    let task = Fiber.spawn { try Fiber.sleep(for: .milliseconds(300)) }
    print(try timedWait(timeout: .milliseconds(20), pollInterval: .milliseconds(5)) { task.isDone })
    print(try timedWait(timeout: .seconds(30), pollInterval: .milliseconds(5)) { task.isDone })
}

/// The idiom: whoever was notified looks again whether it has what it waits for, with the lock that guards it.
func waitUntilConditionHolds() throws {
    let count = Lockable(0)
    let changed = Threads.Condition<Void>(lock: count.lock)
    let waiter = try Threads.spawn {
        try changed.withLock {
            while try count.withLock({ $0 }) < 3 { try changed.wait() }
            return try count.withLock { $0 }
        }
    }
    for _ in 1...3 {
        try count.withLock { count in
            count += 1
            changed.notify()
        }
    }
    print("woken for good at", try waiter.fetch())
}

/// No more than two of a hundred tasks are in the function at a time.
func limitWithSemaphore() throws {
    let semaphore = Semaphore(2)
    var (active, most, calls) = (0, 0, 0)
    func foo() throws {
        active += 1
        calls += 1
        most = max(most, active)
        try Fiber.yield()
        active -= 1
    }
    try withFiberGroup { group in
        for _ in 1...100 {
            group.spawn { try semaphore.withPermit(foo) }
        }
    }
    print("\(calls) calls, at most \(most) at a time")
}
