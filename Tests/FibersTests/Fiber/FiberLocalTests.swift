// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct FiberLocalTests {
    private static let shared = FiberLocal<Census.Member>(name: "shared")

    @Test func `L1: a fiber inherits no value, and the error names the key`() throws {
        try inFiber {
            let key = FiberLocal<Int>(name: "request")
            key.value = 7
            let child = Fiber.spawn(name: "child") {
                let error = #expect(throws: MissingValueError.self) { try key.get() }
                #expect(error?.key == "FiberLocal<Int> \"request\"")
                #expect(error?.description == "fiber \"child\" has no value for FiberLocal<Int> \"request\"")
                return key.value
            }
            try #expect(child.fetch() == nil && key.get() == 7)
        }
    }

    @Test func `L1: a key without a name is named by where it was made`() {
        let key = FiberLocal<String>(file: "Module/File.swift", line: 3)
        #expect("\(key)" == "FiberLocal<String> made at Module/File.swift:3")
    }

    @Test func `L1: keys are compared by identity, not by name`() throws {
        try inFiber {
            let keys = (0..<3).map { _ in FiberLocal<Int>(name: "same") }
            for (number, key) in keys.enumerated() where number != 1 { key.value = number }
            #expect(keys.map(\.value) == [0, nil, 2])
        }
    }

    @Test func `L2: interleaved fibers keep values of their own over their parks`() throws {
        try inFiber {
            let key = FiberLocal<Int>()
            let fibers = (0..<3).map { number in
                Fiber.spawn {
                    for step in 0..<5 {
                        key.value = number * 10 + step
                        try Fiber.yield()
                        #expect(key.value == number * 10 + step)
                    }
                }
            }
            for fiber in fibers { try fiber.wait() }
            #expect(key.value == nil)
        }
    }

    @Test func `L2: a value can be changed in place, and removed`() throws {
        try inFiber {
            let key = FiberLocal<[Int]>()
            key.value = [1]
            key.value?.append(2)
            #expect(key.value == [1, 2])
            key.value = nil
            #expect(key.value == nil)
            #expect(throws: MissingValueError.self) { try key.get() }
            key.value = nil
        }
    }

    @Test func `L2: a value that is optional and nil is a value`() throws {
        try inFiber {
            let key = FiberLocal<Int?>()
            key.value = .some(nil)
            try #expect(key.get() == nil)
            key.value = nil
            #expect(throws: MissingValueError.self) { try key.get() }
        }
    }

    @Test func `L3: withValue returns the value of its body, and nested ones restore in reverse order`() throws {
        try inFiber {
            let key = FiberLocal<Int>()
            var log: [Int?] = []
            let result = key.withValue(1) {
                log.append(key.value)
                key.withValue(2) { log.append(key.value) }
                log.append(key.value)
                return "result"
            }
            #expect(log == [1, 2, 1] && key.value == nil && result == "result")
        }
    }

    @Test func `L3: withValue restores when its body throws, whatever the body assigned`() throws {
        try inFiber {
            let key = FiberLocal<Int>()
            func assignAndThrow() throws {
                key.value = 3
                throw Failure("expected")
            }
            #expect(throws: Failure.self) { try key.withValue(2, assignAndThrow) }
            #expect(key.value == nil)
            key.value = 1
            #expect(throws: Failure.self) { try key.withValue(2, assignAndThrow) }
            key.withValue(2) { key.value = nil }
            #expect(key.value == 1)
        }
    }

    @Test func `L3: a fiber spawned in the body does not see the value, and the body may park`() throws {
        try inFiber {
            let key = FiberLocal<Int>()
            let fiber = Fiber.spawn {
                try key.withValue(1) {
                    try #expect(Fiber.spawn { key.value }.fetch() == nil)
                    try #expect(key.get() == 1)
                    try Fiber.park()
                }
            }
            try drain()
            fiber.cancel()
            #expect(throws: FiberFailedError.self) { try fiber.wait() }
        }
    }

    @Test func `values go away when their fiber finishes or their loop ends, even if the fiber is kept`() throws {
        let census = Census()
        var kept: [AnyFiber] = []
        try inFiber {
            Self.shared.value = census.newMember()
            for _ in 0..<3 {
                kept.append(Fiber.spawn { Self.shared.value = census.newMember() })
                kept.append(Fiber.spawn { try Self.shared.withValue(census.newMember()) { _ = try Fiber.yield() } })
            }
            for fiber in kept { try fiber.wait() }
            #expect(census.living == 1)
        }
        #expect(census.living == 0 && kept.count == 6)
    }

    @Test func `a value may use keys while it goes away`() throws {
        try inFiber {
            let census = Census()
            let (key, other) = (FiberLocal<Census.Member>(), FiberLocal<Int>())
            func newMember() -> Census.Member {
                census.newMember {
                    other.value = (other.value ?? 0) + 1
                    #expect(key.value == nil || other.value != nil)
                }
            }
            key.value = newMember()
            key.value = newMember()
            #expect(other.value == 1)
            key.value = nil
            #expect(other.value == 2)
            try Fiber.spawn { key.value = newMember() }.wait()
            #expect(other.value == 2 && census.living == 0)
        }
    }

    @Test func `a key that is gone is never taken for another`() throws {
        try inFiber {
            for number in 0..<100 {
                #expect(FiberLocal<Int>().value == nil && FiberLocal<String>().value == nil)
                FiberLocal<Int>().value = number
                FiberLocal<String>().value = "\(number)"
            }
        }
    }

    @Test func `a key can be shared between threads, whose fibers have values of their own`() throws {
        let key = FiberLocal<Failure>(name: "thread")
        try inFiber {
            key.value = Failure("first")
            onNewThread {
                try? inFiber {
                    #expect(key.value == nil)
                    key.value = Failure("second")
                }
            }
            try #expect(key.get().description == "first")
        }
    }
}
