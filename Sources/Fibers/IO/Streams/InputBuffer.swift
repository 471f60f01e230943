// SPDX-License-Identifier: MIT

/// Memory between a stream and its reader: filled at its end, emptied at its start. Nothing in it parks.
///
/// It is small until a read fills it, and again when little comes, so that an idle connection costs little memory and a fast
/// one few system calls.
struct InputBuffer {
    /// Grows to this by itself, and beyond for who wants more at once.
    private let capacity: Int
    private static let smallSize = 4096
    private var memory: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0

    init(capacity: Int) {
        self.capacity = capacity
        memory = .allocate(byteCount: min(Self.smallSize, capacity), alignment: 1)
    }

    func deallocate() { memory.deallocate() }

    var count: Int { end - start }

    var isEmpty: Bool { start == end }

    /// Valid until the next change.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

    /// Where the next bytes go; at least one fits.
    mutating func room() -> UnsafeMutableRawBufferPointer {
        if isEmpty || isFilled { relocate(to: sizeForMore) }
        return UnsafeMutableRawBufferPointer(rebasing: memory[end...])
    }

    /// A read had no more room than this.
    private var isFilled: Bool { end == memory.count }

    private var sizeForMore: Int {
        let grown = isFilled ? memory.count * 2 : memory.count
        if count > memory.count / 2 { return grown }
        if isEmpty, memory.count > 16 * Self.smallSize, end < Self.smallSize { return Self.smallSize }
        return isEmpty || memory.count < capacity ? min(grown, capacity) : memory.count
    }

    /// How much is read at once when there is nothing.
    var roomWhenEmpty: Int { memory.count }

    /// The first bytes, valid until the next change.
    func prefix(_ count: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeRawBufferPointer(rebasing: bytes[..<count]).assumingMemoryBound(to: UInt8.self)
    }

    mutating func didFill(_ count: Int) { end += count }

    mutating func dropFirst(_ count: Int) { start += count }

    /// Moves bytes from the start into the caller's memory and returns how many.
    mutating func take(into target: UnsafeMutableRawBufferPointer) -> Int {
        let taken = min(count, target.count)
        guard taken > 0 else { return 0 }
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<taken]))
        start += taken
        return taken
    }

    mutating func take(_ count: Int) -> [UInt8] {
        defer { start += count }
        return [UInt8](bytes[..<count])
    }

    /// Puts bytes that were taken in front of all others.
    mutating func putBack(_ taken: UnsafeRawBufferPointer) {
        guard !taken.isEmpty else { return }
        relocate(to: max(memory.count, count + taken.count), leaving: taken.count)
        memory.copyMemory(from: taken)
        start = 0
    }

    /// Moves the bytes to the start of a buffer of this size, or to behind a gap.
    private mutating func relocate(to size: Int, leaving gap: Int = 0) {
        let kept = count
        if size == memory.count {
            UnsafeMutableRawBufferPointer(rebasing: memory[gap...]).copyMemory(from: bytes)
        } else {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
            UnsafeMutableRawBufferPointer(rebasing: larger[gap...]).copyMemory(from: bytes)
            memory.deallocate()
            memory = larger
        }
        (start, end) = (gap, gap + kept)
    }
}
