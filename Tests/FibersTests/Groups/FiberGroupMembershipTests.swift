// SPDX-License-Identifier: MIT
import Fibers
import Testing

/// Which fibers a group waits for.
@Suite struct FiberGroupMembershipTests {
    @Test func `S5 A4: a fiber spawned or scheduled without the group is not waited for`() throws {
        try inFiber {
            let new = Fiber { try Fiber.park() }
            func spawnElsewhere() -> Fiber<Void> { Fiber.spawn { _ = try Fiber.park() } }
            let spawned = try withFiberGroup { group in
                group.spawn { try drain() }
                new.schedule()
                return spawnElsewhere()
            }
            #expect(!new.isDone && !spawned.isDone)
        }
    }

    @Test func `S5 A4: the failure of a fiber outside of the group does not reach it`() throws {
        try inFiber {
            let outside = try withFiberGroup { group in
                let fiber = Fiber.spawn { throw Failure("expected") }
                group.spawn { try drain() }
                return fiber
            }
            #expect(throws: FiberFailedError.self) { try outside.wait() }
        }
    }

    @Test func `A4: a function that is given the group spawns into it`() throws {
        try inFiber {
            var didEnd = false
            func spawn(into group: FiberGroup) {
                group.spawn {
                    try drain()
                    didEnd = true
                }
            }
            try withFiberGroup(spawn)
            #expect(didEnd)
        }
    }

    @Test func `A4: an inner group owns its children: it waits for them alone, and has their failures`() throws {
        try inFiber {
            var outerEnded = false
            let value = try withFiberGroup { outer in
                outer.spawn {
                    try drain()
                    outerEnded = true
                }
                let inner = #expect(throws: CompositeError.self) {
                    try withFiberGroup { $0.spawn { throw Failure("inner") } }
                }
                #expect(inner?.errors.count == 1 && !outerEnded)
                return 5
            }
            #expect(value == 5 && outerEnded)
        }
    }

    @Test func `A3 X6: spawning in a group that has ended traps, and says where`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try inFiber {
                let group = try withFiberGroup { $0 }
                group.spawn(file: "Module/File.swift", line: 12) {}
            }
        }
        #expect(trapSaid("a fiber was spawned at Module/File.swift:12 in a group that has ended", result))
    }
}
