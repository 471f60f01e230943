// SPDX-License-Identifier: MIT

/// Calls `body` with each element, several at a time, in fibers of their own, and returns the results in the order of
/// the elements (Julia's `asyncmap`, rows M1 to M9).
///
/// ```swift
/// let pages = try asyncMap(over: hosts, concurrency: 10) { host in try download(from: host) }
/// ```
///
/// Of several sequences, `body` gets an element of each; the shortest ends it. Elements are pulled one by one, in the
/// calling fiber, when a fiber is free for them, so a sequence may compute them, or park as a ``Channel`` does. Free
/// fibers are served in turn.
///
/// The first failure ends it: no more elements are begun, and the fibers that work on others are cancelled and awaited.
/// That is meant to differ from Julia, which leaves them running, and reports the failure of the fiber that was made
/// first.
///
/// Parks the calling fiber until all elements are done.
///
/// - Parameters:
///   - sequences: At least one.
///   - concurrency: How many elements at a time.
///   - file: Where the fibers are made, for reports.
///   - line: Where the fibers are made, for reports.
///   - body: What is done with an element. It outlives no call, but is escaping: `inout` arguments must not be captured
///     where fibers park.
/// - Returns: The results, in the order of the elements.
/// - Throws: ``FiberFailedError`` with the error of the `body` that failed first (row X5); ``ArgumentError`` if
///   `concurrency` is not positive; `CancellationError` if the calling fiber is cancelled meanwhile; ``DeadlockError``
///   if it is the root fiber and nothing can ever run again. Then no fiber of it is left.
/// - Complexity: O(*n*) for *n* elements.
@available(*, noasync)
public func asyncMap<each S: Sequence, Result>(
    over sequences: repeat each S, concurrency: MapConcurrency = .automatic, file: StaticString = #fileID,
    line: UInt = #line, _ body: @escaping (repeat (each S).Element) throws -> Result
) throws -> [Result] {
    var results: [Int: Result] = [:]
    try asyncMap(
        over: repeat each sequences, concurrency: concurrency, into: { results[$0] = $1 }, file: file, line: line, body)
    return inOrder(results)
}

/// As ``asyncMap(over:concurrency:file:line:_:)``, but stores the results wherever `store` puts them (Julia's
/// `asyncmap!`, row M8).
///
/// ```swift
/// try asyncMap(over: hosts, into: { pages[$0] = $1 }) { host in try download(from: host) }
/// ```
///
/// Results are stored as they come. An `inout` array would be accessed exclusively while fibers park, which traps if
/// anyone else looks at it; hence a closure. It may assign to what is iterated over: that is a copy.
///
/// Parks the calling fiber until all elements are done.
///
/// - Parameters:
///   - sequences: At least one.
///   - concurrency: How many elements at a time.
///   - store: Takes the number of an element, from 0, and its result. Must not park.
///   - file: Where the fibers are made, for reports.
///   - line: Where the fibers are made, for reports.
///   - body: As for ``asyncMap(over:concurrency:file:line:_:)``.
/// - Throws: As ``asyncMap(over:concurrency:file:line:_:)``; what was stored until then stays.
@available(*, noasync)
public func asyncMap<each S: Sequence, Result>(
    over sequences: repeat each S, concurrency: MapConcurrency = .automatic,
    into store: @escaping (_ index: Int, _ result: Result) -> Void, file: StaticString = #fileID, line: UInt = #line,
    _ body: @escaping (repeat (each S).Element) throws -> Result
) throws {
    let inputs = try Inputs(repeat each sequences)
    try distribute(inputs.next, count: inputs.count, concurrency: concurrency, file, line) { index, input in
        store(index, try body(repeat each input))
    }
}

/// As ``asyncMap(over:concurrency:file:line:_:)``, but `body` gets up to `batchSize` elements at once (row M5).
///
/// Batches are consecutive elements; the last may be smaller. (Julia deals the elements out to the batches in turn.) Of
/// several sequences, a batch holds tuples.
///
/// Parks the calling fiber until all elements are done.
///
/// - Parameters:
///   - sequences: At least one.
///   - batchSize: At least 1.
///   - concurrency: How many batches at a time; `automatic` counts batches, too.
///   - file: Where the fibers are made, for reports.
///   - line: Where the fibers are made, for reports.
///   - body: Returns a result for each element of the batch; fails with ``ArgumentError`` if it does not.
/// - Returns: The results, in the order of the elements.
/// - Throws: ``ArgumentError`` if `batchSize` is below 1; else as ``asyncMap(over:concurrency:file:line:_:)``.
@available(*, noasync)
public func asyncMap<each S: Sequence, Result>(
    over sequences: repeat each S, batchSize: Int, concurrency: MapConcurrency = .automatic,
    file: StaticString = #fileID, line: UInt = #line,
    _ body: @escaping ([(repeat (each S).Element)]) throws -> [Result]
) throws -> [Result] {
    var results: [Int: Result] = [:]
    try asyncMap(
        over: repeat each sequences, batchSize: batchSize, concurrency: concurrency, into: { results[$0] = $1 },
        file: file, line: line, body)
    return inOrder(results)
}

/// As ``asyncMap(over:batchSize:concurrency:file:line:_:)``, but stores the results wherever `store` puts them, as
/// ``asyncMap(over:concurrency:into:file:line:_:)`` does.
///
/// Parks the calling fiber until all elements are done.
@available(*, noasync)
public func asyncMap<each S: Sequence, Result>(
    over sequences: repeat each S, batchSize: Int, concurrency: MapConcurrency = .automatic,
    into store: @escaping (_ index: Int, _ result: Result) -> Void, file: StaticString = #fileID, line: UInt = #line,
    _ body: @escaping ([(repeat (each S).Element)]) throws -> [Result]
) throws {
    try requirePositive(batchSize, "batchSize")
    let inputs = try Inputs(repeat each sequences)
    let batchCount = inputs.count.map { ($0 + batchSize - 1) / batchSize }
    let next = { inputs.nextBatch(of: batchSize) }
    try distribute(next, count: batchCount, concurrency: concurrency, file, line) { index, batch in
        let results = try body(batch)
        guard results.count == batch.count else {
            throw ArgumentError("a batch of \(batch.count) must have as many results, not \(results.count)")
        }
        for (offset, result) in results.enumerated() { store(index * batchSize + offset, result) }
    }
}

private func inOrder<Result>(_ results: [Int: Result]) -> [Result] {
    (0..<results.count).compactMap { results[$0] }
}
