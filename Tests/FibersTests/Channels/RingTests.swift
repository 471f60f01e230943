// SPDX-License-Identifier: MIT
@testable import Fibers
import Testing

@Suite struct RingTests {
    @Test(arguments: [1, 7, 8, 9, 100])
    func `elements come out in order while the ring grows and wraps around`(burst: Int) {
        var ring = Ring<Int>(reserving: 4)
        var (next, expected) = (0, 0)
        for round in 1...5 {
            for _ in 0..<burst * round {
                ring.append(next)
                next += 1
            }
            #expect(ring.first.pointee == expected)
            for _ in 0..<burst * round - 1 {
                #expect(ring.removeFirst() == expected)
                expected += 1
            }
            #expect(ring.count == round)
        }
        ring.destroy()
    }

    @Test func `a ring destroys what is left in it, wrapped around or not`() {
        let census = Census()
        var ring = Ring<Census.Member>(reserving: 4)
        for _ in 0..<8 { ring.append(census.newMember()) }
        for _ in 0..<5 { _ = ring.removeFirst() }
        for _ in 0..<4 { ring.append(census.newMember()) }
        #expect(census.living == 7)
        ring.destroy()
        #expect(census.living == 0)
    }
}
