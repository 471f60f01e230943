// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct AsyncMapTests {
    /// In which fiber each element was worked on, numbered in the order in which they came to work.
    private final class Roster {
        private var fibers: [AnyFiber] = []

        var count: Int { fibers.count }

        func sign() -> Int {
            if let index = fibers.firstIndex(where: { $0 === Fiber.current }) { return index + 1 }
            fibers.append(Fiber.current)
            return fibers.count
        }
    }

    @Test(arguments: [1, 2, 7, 1000])
    func `M1: the results are those of map, in the order of the elements`(concurrency: Int) throws {
        try inFiber {
            let results = try asyncMap(over: 0..<50, concurrency: .fixed(concurrency)) { number in
                try drain(rounds: (number * 7) % 5)
                return number * number
            }
            #expect(results == (0..<50).map { $0 * $0 })
        }
    }

    @Test func `M1: no elements, no results`() throws {
        try inFiber { try #expect(asyncMap(over: [Int]()) { $0 } == []) }
    }

    @Test func `M1: results may be optional, and of any size`() throws {
        try inFiber {
            let optionals = try asyncMap(over: 0..<4) { $0 % 2 == 0 ? $0 : nil }
            #expect(optionals == [0, nil, 2, nil])
            let strings = try asyncMap(over: ["a", "b"]) { ($0, $0.count, [$0, $0]) }
            #expect(strings.map(\.2) == [["a", "a"], ["b", "b"]])
        }
    }

    @Test(arguments: [(5, 5), (200, 100), (0, 0), (1, 1)])
    func `M2: as many fibers as elements, but at most 100`(elements: Int, fibers: Int) throws {
        try inFiber {
            let (roster, parking) = (Roster(), Roster())
            _ = try asyncMap(over: 0..<elements) { _ in roster.sign() }
            _ = try asyncMap(over: 0..<elements) { _ in
                try Fiber.yield()
                return parking.sign()
            }
            #expect(roster.count == fibers && parking.count == fibers)
        }
    }

    @Test func `M2: 100 fibers if the number of elements is not known`() throws {
        try inFiber {
            let roster = Roster()
            _ = try asyncMap(over: sequence(first: 0) { $0 < 199 ? $0 + 1 : nil }) { _ in roster.sign() }
            #expect(roster.count == 100)
        }
    }

    @Test(arguments: [false, true])
    func `M3: two fibers take turns`(isParking: Bool) throws {
        try inFiber {
            let roster = Roster()
            let signatures = try asyncMap(over: 1...5, concurrency: 2) { _ in
                if isParking { try Fiber.yield() }
                return roster.sign()
            }
            #expect(signatures == [1, 2, 1, 2, 1])
        }
    }

    @Test(arguments: [0, -1])
    func `M3 M5: a number that is not positive is refused, and named`(number: Int) throws {
        try inFiber {
            let concurrency = #expect(throws: ArgumentError.self) {
                try asyncMap(over: [1], concurrency: .fixed(number)) { $0 }
            }
            let expected = "must be specified as a positive integer"
            #expect(concurrency?.message == "concurrency \(expected), .automatic or .dynamic { }, not \(number)")
            let batch = #expect(throws: ArgumentError.self) { try asyncMap(over: [1], batchSize: number) { $0 } }
            #expect(batch?.message == "batchSize \(expected), not \(number)")
        }
    }

    @Test(arguments: [false, true])
    func `M4: a function is asked at the start and before each element, and fibers are added`(isParking: Bool) throws {
        try inFiber {
            var calls = 0
            let roster = Roster()
            func concurrency() -> Int {
                defer { calls += 1 }
                return calls / 25
            }
            _ = try asyncMap(over: 0..<200, concurrency: .dynamic(concurrency)) { _ in
                if isParking { try Fiber.yield() }
                return roster.sign()
            }
            #expect(calls == 201 && roster.count == 7)
        }
    }

    @Test func `M4: the number of fibers grows by one for each element, and never shrinks`() throws {
        try inFiber {
            var numbers = [2, 9, 9, 1, 1, 1, 1, 1, 1][...]
            let roster = Roster()
            let signatures = try asyncMap(over: 0..<8, concurrency: .dynamic { numbers.removeFirst() }) { _ in
                roster.sign()
            }
            #expect(signatures == [1, 2, 3, 1, 4, 2, 3, 1])
        }
    }

    @Test func `M7: several collections go in step, as far as the shortest`() throws {
        try inFiber {
            let pairs = try asyncMap(over: [1, 2, 3], "abcd", concurrency: 2) { "\($0)\($1)" }
            #expect(pairs == ["1a", "2b", "3c"])
            let sums = try asyncMap(over: [1, 2], [10, 20, 30], [100, 200, 300]) { $0 + $1 + $2 }
            #expect(sums == [111, 222])
        }
    }

    @Test func `M8: results go where they are told to, also into what is iterated over`() throws {
        try inFiber {
            var numbers = Array(1...5)
            try asyncMap(over: numbers, concurrency: 2, into: { numbers[$0] = $1 }) { number in
                try drain(rounds: 5 - number)
                return number * 10
            }
            #expect(numbers == [10, 20, 30, 40, 50])
        }
    }

    @Test func `M9: elements are computed in the calling fiber, when a fiber is free`() throws {
        try inFiber {
            let caller = Fiber.current
            var (computed, done) = (0, 0)
            let inputs = (0..<20).lazy.map { number in
                #expect(Fiber.current === caller && computed <= done + 3)
                computed += 1
                return number
            }
            try asyncMap(over: AnySequence(inputs), concurrency: 2, into: { _, _ in done += 1 }) { _ in
                try Fiber.yield()
            }
            #expect(computed == 20)
        }
    }

    @Test func `M9: elements may come from a channel`() throws {
        try inFiber {
            let channel = Channel<Int>.producing { channel in
                for number in 1...10 { try channel.put(number) }
            }
            try #expect(asyncMap(over: channel, concurrency: 3) { 2 * $0 } == (1...10).map { 2 * $0 })
        }
    }
}
