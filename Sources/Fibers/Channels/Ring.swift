// SPDX-License-Identifier: MIT

/// Elements in the order they came. Grows by doubling and never shrinks, so that it allocates nothing in the steady state.
///
/// Works on `Element` in place and makes no `Element?`, whose metadata code that is not specialised would have to look up.
struct Ring<Element> {
    private var base: UnsafeMutablePointer<Element>?
    /// How many fit: zero or a power of two.
    private var room = 0
    private var head = 0
    private(set) var count = 0

    /// Where the oldest element lies. There is one.
    var first: UnsafeMutablePointer<Element> {
        @inline(__always) get { place(0) }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == room { grow() }
        place(count).initialize(to: element)
        count &+= 1
    }

    /// Appends the element at `source`, which is left uninitialised.
    @inline(__always)
    mutating func append(movingFrom source: UnsafeMutablePointer<Element>) {
        if count == room { grow() }
        place(count).moveInitialize(from: source, count: 1)
        count &+= 1
    }

    /// The oldest element. There is one.
    @inline(__always)
    mutating func removeFirst() -> Element {
        let oldest = place(0)
        head = (head &+ 1) & (room &- 1)
        count &-= 1
        return oldest.move()
    }

    /// Destroys the elements and frees the memory.
    mutating func destroy() {
        for index in 0..<count { place(index).deinitialize(count: 1) }
        base?.deallocate()
        base = nil
    }

    @inline(__always)
    private func place(_ index: Int) -> UnsafeMutablePointer<Element> {
        base.unsafelyUnwrapped + ((head &+ index) & (room &- 1))
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: max(8, room * 2))
        let countToEnd = min(count, room - head)
        if let base {
            larger.moveInitialize(from: base + head, count: countToEnd)
            (larger + countToEnd).moveInitialize(from: base, count: count - countToEnd)
            base.deallocate()
        }
        base = larger
        head = 0
        room = max(8, room * 2)
    }
}
