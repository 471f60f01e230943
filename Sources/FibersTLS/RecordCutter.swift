// SPDX-License-Identifier: MIT

/// Bytes that lie apart, on their way into records. Nothing in it parks.
struct RecordCutter {
    private var parts: ArraySlice<UnsafeRawBufferPointer>

    init(_ parts: [UnsafeRawBufferPointer]) { self.parts = parts.filter { !$0.isEmpty }[...] }

    var isEmpty: Bool { parts.isEmpty }

    /// Calls `body` with what comes next, as much as a record holds: from where it lies if it is one part's, else
    /// copied together. Takes it unless `body` throws. Returns how much that was.
    mutating func withNextRecord<Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        guard let first = parts.first else { return 0 }
        if first.count >= Session.recordSize || parts.count == 1 {
            let record = UnsafeRawBufferPointer(rebasing: first.prefix(Session.recordSize))
            try body(record)
            drop(record.count)
            return record.count
        }
        let record = UnsafeMutableRawBufferPointer.allocate(byteCount: Session.recordSize, alignment: 1)
        defer { record.deallocate() }
        let (count, rest) = fill(record)
        try body(UnsafeRawBufferPointer(rebasing: record[..<count]))
        parts = rest
        return count
    }

    private func fill(
        _ record: UnsafeMutableRawBufferPointer
    ) -> (count: Int, rest: ArraySlice<UnsafeRawBufferPointer>) {
        var copy = self
        var count = 0
        while count < record.count, let part = copy.parts.first {
            let bytes = UnsafeRawBufferPointer(rebasing: part.prefix(record.count - count))
            UnsafeMutableRawBufferPointer(rebasing: record[count...]).copyMemory(from: bytes)
            count += bytes.count
            copy.drop(bytes.count)
        }
        return (count, copy.parts)
    }

    /// Takes bytes of the first part.
    private mutating func drop(_ count: Int) {
        guard let first = parts.popFirst() else { return }
        let rest = UnsafeRawBufferPointer(rebasing: first[count...])
        if !rest.isEmpty { parts.insert(rest, at: parts.startIndex) }
    }
}
