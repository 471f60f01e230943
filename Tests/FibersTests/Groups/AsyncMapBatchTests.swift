// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct AsyncMapBatchTests {
    @Test func `M5: 22 elements in batches of 5, consecutive ones, for five fibers`() throws {
        try inFiber {
            var (batches, fibers) = ([[Int]](), Set<ObjectIdentifier>())
            let results = try asyncMap(over: 1...22, batchSize: 5, concurrency: 5) { batch in
                batches.append(batch)
                fibers.insert(ObjectIdentifier(Fiber.current))
                return batch.map { -$0 }
            }
            #expect(results == (1...22).map { -$0 })
            #expect(batches == [Array(1...5), Array(6...10), Array(11...15), Array(16...20), [21, 22]])
            #expect(fibers.count == 5)
        }
    }

    @Test func `M5 M7: of several collections a batch holds tuples`() throws {
        try inFiber {
            let results = try asyncMap(over: [1, 2, 3], "abc", batchSize: 2) { batch in batch.map { "\($0.0)\($0.1)" } }
            #expect(results == ["1a", "2b", "3c"])
        }
    }

    @Test func `M5 M8: results of batches go where they are told to`() throws {
        try inFiber {
            var results: [Int: Int] = [:]
            let concurrency = MapConcurrency.dynamic { 3 }
            try asyncMap(over: 0..<7, batchSize: 3, concurrency: concurrency, into: { results[$0] = $1 }) {
                $0.map { $0 * 2 }
            }
            #expect(results.sorted { $0.key < $1.key }.map(\.value) == [0, 2, 4, 6, 8, 10, 12])
        }
    }

    @Test func `M5: a batch must have as many results as elements`() throws {
        try inFiber {
            let error = #expect(throws: FiberFailedError.self) {
                try asyncMap(over: 0..<3, batchSize: 2) { _ in [1] }
            }
            #expect((error?.error as? ArgumentError)?.message == "a batch of 2 must have as many results, not 1")
        }
    }
}
