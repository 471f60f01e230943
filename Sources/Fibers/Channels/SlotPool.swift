// SPDX-License-Identifier: MIT

/// Places for one element each, for parked calls. They are used again, last in first out, so that parking allocates
/// nothing in the steady state, however large the element.
///
/// Not in the frame of the call: in code that is not specialised, `withUnsafeTemporaryAllocation` looks the metadata of a
/// `Result` up each time.
struct SlotPool<Element> {
    /// Each free slot holds the address of the next.
    private var free: UnsafeMutableRawPointer?

    /// An uninitialised slot.
    @inline(__always)
    mutating func take() -> UnsafeMutablePointer<Element> {
        guard let slot = free else { return make() }
        free = slot.load(as: UnsafeMutableRawPointer?.self)
        return slot.assumingMemoryBound(to: Element.self)
    }

    /// Takes a slot back, uninitialised.
    @inline(__always)
    mutating func giveBack(_ slot: UnsafeMutablePointer<Element>) {
        UnsafeMutableRawPointer(slot).storeBytes(of: free, as: UnsafeMutableRawPointer?.self)
        free = UnsafeMutableRawPointer(slot)
    }

    /// Frees the memory. All slots have been given back.
    mutating func destroy() {
        while let slot = free {
            free = slot.load(as: UnsafeMutableRawPointer?.self)
            slot.deallocate()
        }
    }

    @inline(never)
    private func make() -> UnsafeMutablePointer<Element> {
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(MemoryLayout<Element>.stride, MemoryLayout<UnsafeMutableRawPointer?>.size),
            alignment: max(MemoryLayout<Element>.alignment, MemoryLayout<UnsafeMutableRawPointer?>.alignment))
        return memory.bindMemory(to: Element.self, capacity: 1)
    }
}
