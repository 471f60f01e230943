// SPDX-License-Identifier: MIT
@testable import Fibers
import Testing

@Suite struct ValueStorageTests {
    /// Four words and a reference: too large to lie in place.
    private struct Large {
        var numbers = (1, 2, 3, 4)
        var member: Census.Member
    }

    private func makeStorage() -> UnsafeMutablePointer<ValueStorage> {
        let storage = UnsafeMutablePointer<ValueStorage>.allocate(capacity: 1)
        storage.initialize(to: ValueStorage())
        return storage
    }

    private func roundTrip<Value>(_ value: Value) -> Value {
        let storage = makeStorage()
        defer { storage.deallocate() }
        storage.store(value)
        let copy = storage.load(as: Value.self)
        storage.destroy(Value.self)
        storage.store(copy)
        return storage.take(as: Value.self)
    }

    @Test func `values of every size and alignment come back`() {
        #expect(roundTrip(UInt8(7)) == 7)
        #expect(roundTrip("a string of two words, or more") == "a string of two words, or more")
        #expect(roundTrip([1, 2, 3]) == [1, 2, 3])
        #expect(roundTrip(Int?.none) == nil)
        #expect(roundTrip((1, 2, 3)) == (1, 2, 3))
        #expect(roundTrip((1, 2, 3, 4)) == (1, 2, 3, 4))
        #expect(roundTrip(SIMD4<Int64>(1, 2, 3, 4)) == SIMD4<Int64>(1, 2, 3, 4))
        #expect(roundTrip(()) == ())
    }

    @Test func `an existential and a closure come back`() {
        #expect(roundTrip(Failure("kept") as any Error) is Failure)
        #expect(roundTrip({ 5 })() == 5)
    }

    @Test func `a reference is kept until it is destroyed, and not longer`() {
        let census = Census()
        let storage = makeStorage()
        defer { storage.deallocate() }
        storage.store(census.newMember())
        #expect(census.living == 1)
        _ = storage.load(as: Census.Member.self)
        #expect(census.living == 1)
        storage.destroy(Census.Member.self)
        #expect(census.living == 0)
    }

    @Test func `a large value with a reference is kept and destroyed too`() {
        let census = Census()
        let storage = makeStorage()
        defer { storage.deallocate() }
        storage.store(Large(member: census.newMember()))
        #expect(storage.load(as: Large.self).numbers.3 == 4)
        #expect(census.living == 1)
        storage.destroy(Large.self)
        #expect(census.living == 0)
    }

    @Test func `taking moves the value out`() {
        let census = Census()
        let storage = makeStorage()
        defer { storage.deallocate() }
        storage.store(Large(member: census.newMember()))
        _ = storage.take(as: Large.self)
        #expect(census.living == 0)
    }

    @Test func `a fiber's result goes away with the fiber`() throws {
        try inFiber {
            let census = Census()
            func runBoth() throws {
                let small = Fiber.spawn { census.newMember() }
                let large = Fiber.spawn { Large(member: census.newMember()) }
                _ = try small.fetch()
                try #expect(large.fetch().numbers.0 == 1)
                #expect(census.living == 2)
            }
            try runBoth()
            #expect(census.living == 0)
        }
    }

    @Test func `a fiber that failed or never ran has no result to destroy`() throws {
        try inFiber {
            let census = Census()
            let failed = Fiber<Large>.spawn { throw Failure("expected") }
            let cancelled = Fiber<Large>.spawn { Large(member: census.newMember()) }
            cancelled.cancel()
            _ = Fiber<Large> { Large(member: census.newMember()) }
            for fiber in [failed, cancelled] { #expect(throws: FiberFailedError.self) { try fiber.wait() } }
            #expect(census.living == 0)
        }
    }
}
