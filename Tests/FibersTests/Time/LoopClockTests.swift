// SPDX-License-Identifier: MIT
@testable import Fibers
import Testing

@Suite struct LoopClockTests {
    private typealias Instant = LoopClock.Instant

    @Test func `the clock never goes backwards`() {
        var last = LoopClock.now
        for _ in 0..<1_000 {
            let now = LoopClock.now
            #expect(now >= last)
            last = now
        }
    }

    @Test func `advancing counts nanoseconds, in both directions`() {
        let instant = Instant(nanoseconds: 1_000_000_000_000)
        #expect(instant.advanced(by: .nanoseconds(1)).nanoseconds == 1_000_000_000_001)
        #expect(instant.advanced(by: .milliseconds(1_500)).nanoseconds == 1_001_500_000_000)
        #expect(instant.advanced(by: .milliseconds(-1_500)).nanoseconds == 998_500_000_000)
        #expect(instant.advanced(by: .zero) == instant)
    }

    @Test func `a part of a nanosecond is rounded up, so that no deadline is early`() {
        let instant = Instant(nanoseconds: 10)
        let attosecond = Duration(secondsComponent: 0, attosecondsComponent: 1)
        #expect(instant.advanced(by: attosecond).nanoseconds == 11)
        #expect(instant.advanced(by: .zero - attosecond).nanoseconds == 10)
        #expect(instant.advanced(by: .nanoseconds(1) + attosecond).nanoseconds == 12)
    }

    @Test(arguments: [Int64.max, Int64.max / 1_000_000_000, 18_446_744_074])
    func `huge durations saturate`(seconds: Int64) {
        for nanoseconds in [0, 1, UInt64.max / 2, .max] as [UInt64] {
            let instant = Instant(nanoseconds: nanoseconds)
            #expect(instant.advanced(by: .seconds(seconds)) >= instant)
            #expect(instant.advanced(by: .seconds(-seconds)) <= instant)
        }
        #expect(Instant(nanoseconds: .max).advanced(by: .seconds(seconds)).nanoseconds == .max)
        #expect(Instant(nanoseconds: 0).advanced(by: .seconds(-seconds)).nanoseconds == 0)
    }

    @Test func `the extreme durations go to the ends of the clock`() {
        let instant = Instant(nanoseconds: 1_000)
        let most = Duration(secondsComponent: .max, attosecondsComponent: 999_999_999_999_999_999)
        let least = Duration(secondsComponent: .min, attosecondsComponent: -999_999_999_999_999_999)
        #expect(instant.advanced(by: most).nanoseconds == .max)
        #expect(instant.advanced(by: least).nanoseconds == 0)
    }

    @Test func `the duration between two instants is exact and signed`() {
        let (early, late) = (Instant(nanoseconds: 5), Instant(nanoseconds: 2_000_000_005))
        #expect(early.duration(to: late) == .seconds(2))
        #expect(late.duration(to: early) == .seconds(-2))
        #expect(early.duration(to: early) == .zero)
    }

    @Test func `the duration between the ends of the clock does not overflow`() {
        let (first, last) = (Instant(nanoseconds: 0), Instant(nanoseconds: .max))
        #expect(first.duration(to: last) > .seconds(18_446_744_073))
        #expect(last.duration(to: first) < .seconds(-18_446_744_073))
    }

    @Test func `advancing by the duration to another instant arrives there`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let from = Instant(nanoseconds: .random(in: 0...(1 << 62), using: &random))
            let to = Instant(nanoseconds: .random(in: 0...(1 << 62), using: &random))
            #expect(from.advanced(by: from.duration(to: to)) == to)
        }
    }
}
