// SPDX-License-Identifier: MIT

/// Goes through several sequences in step, as far as the shortest reaches.
final class Inputs<each S: Sequence> {
    /// How many there are, at most; `nil` if no sequence knows.
    let count: Int?
    private let iterators: (repeat AnyIterator<(each S).Element>)

    init(_ sequences: repeat each S) throws {
        var count: Int?
        var isEmpty = true
        for sequence in repeat each sequences {
            isEmpty = false
            guard let known = (sequence as? any Collection)?.count else { continue }
            count = min(count ?? .max, known)
        }
        guard !isEmpty else { throw ArgumentError("asyncMap(over:) needs at least one sequence") }
        self.count = count
        iterators = (repeat AnyIterator((each sequences).makeIterator()))
    }

    /// The next element of each; `nil` once one has none.
    func next() -> (repeat (each S).Element)? {
        try? (repeat element(of: each iterators))
    }

    /// The next elements, `size` of them while there are so many; `nil` if there is none.
    func nextBatch(of size: Int) -> [(repeat (each S).Element)]? {
        var batch: [(repeat (each S).Element)] = []
        while batch.count < size, let input = next() { batch.append(input) }
        return batch.isEmpty ? nil : batch
    }

    private func element<Element>(of iterator: AnyIterator<Element>) throws -> Element {
        guard let element = iterator.next() else { throw EndOfInput() }
        return element
    }
}

private struct EndOfInput: Error {}
