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
    /// How many places the first allocation makes.
    private let firstRoom: Int

    /// - Parameter limit: The most elements there will be, or more.
    init(reserving limit: Int) {
        var room = 1
        while room < min(limit, 64) { room *= 2 }
        firstRoom = room
    }

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
        let largerRoom = max(firstRoom, room * 2)
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: largerRoom)
        let countToEnd = min(count, room - head)
        if let base {
            larger.moveInitialize(from: base + head, count: countToEnd)
            (larger + countToEnd).moveInitialize(from: base, count: count - countToEnd)
            base.deallocate()
        }
        base = larger
        head = 0
        room = largerRoom
    }
}
