// SPDX-License-Identifier: MIT

/// How many fibers ``asyncMap(over:concurrency:file:line:_:)`` uses: an integer literal, or one of the cases.
public enum MapConcurrency: ExpressibleByIntegerLiteral {
    /// One for each element, but at least 1 and at most 100; 100 if how many there are is not known beforehand.
    case automatic
    /// So many, all made at the start.
    case fixed(Int)
    /// As many as the function says, which is called once at the start, where 0 counts as 1, and once before each
    /// element: then one fiber is added if there are fewer. Their number never shrinks. Runs in the calling fiber and
    /// must not park.
    case dynamic(() -> Int)

    /// As ``fixed(_:)``.
    public init(integerLiteral count: Int) { self = .fixed(count) }

    /// How many to make at the start, for so many elements.
    func initialCount(elements: Int?) throws -> Int {
        switch self {
        case .automatic: return max(1, min(100, elements ?? .max))
        case .fixed(let count):
            try requirePositive(count, "concurrency", orElse: ", .automatic or .dynamic { }")
            return count
        case .dynamic(let number): return max(1, number())
        }
    }

    /// Whether one is to be added to `count`, before an element.
    func exceeds(_ count: Int) -> Bool {
        guard case .dynamic(let number) = self else { return false }
        return number() > count
    }
}

func requirePositive(_ number: Int, _ name: String, orElse alternatives: String = "") throws {
    guard number > 0 else {
        throw ArgumentError("\(name) must be specified as a positive integer\(alternatives), not \(number)")
    }
}
