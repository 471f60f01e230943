// SPDX-License-Identifier: MIT
// API page, "Synchronization": locks, and values that have one.

import Fibers

/// Lock, work, and unlock however the work ends.
func lockAndUnlock() throws {
    let lock = ReentrantLock()
    var total = 0
    func addOne() throws {
        try lock.lock()
        defer { lock.unlock() }
        let seen = total
        try Fiber.yield()  // without the lock, all would see the same
        total = seen + 1
    }
    try withFiberGroup { group in for _ in 1...10 { group.spawn(addOne) } }
    print(total, lock.isLocked)
}

/// The same with the work in a closure. Where Julia has a function and a macro, this is both.
func lockAroundClosure() throws {
    let lock = ReentrantLock()
    let answer = try lock.withLock {
        print(lock.isLocked)
        return 42
    }
    print(answer, lock.isLocked)
}

private func acquire(_ lock: ReentrantLock, spinLimit: Int) throws {
    var spins = 0
    var pause = Duration.microseconds(100)
    while true {
        while lock.isLocked {
            try Fiber.yield()  // as the page's safe point: on one thread, nobody else would ever unlock
            spins += 1
            guard spins <= spinLimit else { throw Failure("timeout after \(spinLimit) spins") }
        }
        if lock.lockIfAvailable() { return }
        try Fiber.sleep(for: pause)
        pause *= 2
    }
}

/// A lock taken by test, test again and back off, rather than by waiting in its queue: with success, and beyond its
/// limit.
func lockWithBackOff() throws {
    let lock = ReentrantLock()
    let holder = Fiber.spawn { try lock.withLock { for _ in 1...5 { try Fiber.yield() } } }
    try Fiber.yield()
    try acquire(lock, spinLimit: 100)
    print("acquired")
    let other = Fiber.spawn { try acquire(lock, spinLimit: 100) }
    do { try other.wait() } catch let error as FiberFailedError { print(error.rootCause) }
    lock.unlock()
    try holder.wait()
}

/// A value that can be reached only with its lock.
func lockValue() throws {
    let list = Lockable<[Int]>([])
    try list.withLock { $0.append(1) }
    let summary = try list.withLock { "\($0.count)-element \(type(of: $0)): \($0)" }
    print(summary)
}
