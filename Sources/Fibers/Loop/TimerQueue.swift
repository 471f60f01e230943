// SPDX-License-Identifier: MIT
import CFibers

/// The timers of a loop: a 4-ary heap by deadline, ties by creation (R16), in front of the one libuv timer that ends a
/// blocking turn.
///
/// A heap of our own, because libuv's links nodes that lie on the parked stacks: with a million sleepers each comparison
/// would miss the caches twice. Here an entry is 24 bytes in an array, and libuv is asked once per turn, not per timer.
/// It also knows nanoseconds, so a timer never fires early.
final class TimerQueue {
    /// Names a running timer. Reused once it has fired or was stopped.
    typealias ID = Int32

    private struct Entry {
        let deadline: UInt64
        let sequence: UInt64
        let id: ID

        @inline(__always)
        func isBefore(_ other: Entry) -> Bool {
            deadline != other.deadline ? deadline < other.deadline : sequence < other.sequence
        }
    }

    private struct Timer {
        /// Who is woken.
        var fiber: FiberRecord?
        /// Place in the heap; for an unused one the next unused.
        var place: Int32
    }

    // No access to these lasts over a call that could reach them again, hence no exclusivity checks.
    @exclusivity(unchecked) private var heap = GrowingBuffer<Entry>()
    @exclusivity(unchecked) private var timers = GrowingBuffer<Timer>()
    @exclusivity(unchecked) private var firstUnused: ID = -1
    @exclusivity(unchecked) private var nextSequence: UInt64 = 0

    deinit {
        heap.deallocate()
        timers.deallocate()
    }

    var isEmpty: Bool { heap.count == 0 }

    /// Nanoseconds of the clock that deadlines refer to.
    static var now: UInt64 { fibers_monotonic_time() }

    /// Wakes `fiber` at `deadline`. O(log *n*).
    func start(deadline: UInt64, waking fiber: FiberRecord) -> ID {
        let id = takeUnused()
        timers[Int(id)].fiber = fiber
        let entry = Entry(deadline: deadline, sequence: nextSequence, id: id)
        nextSequence += 1
        heap.append(entry)
        siftUp(entry, from: heap.count - 1)
        return id
    }

    /// Takes back a timer that has not fired. O(log *n*).
    func stop(_ id: ID) {
        removeEntry(at: Int(timers[Int(id)].place))
        release(id)
    }

    /// Wakes everybody whose deadline has come, in order.
    func fire() {
        guard !isEmpty else { return }
        let now = TimerQueue.now
        while !isEmpty, heap[0].deadline <= now {
            let first = heap[0]
            let fiber = timers[Int(first.id)].fiber.unsafelyUnwrapped
            removeEntry(at: 0)
            release(first.id)
            fiber.scheduler.wake(fiber)
        }
    }

    /// Nanoseconds until a timer is due: 0 if one is, `.max` if there is none.
    func timeUntilFirst() -> UInt64 {
        guard !isEmpty else { return .max }
        let (deadline, now) = (heap[0].deadline, TimerQueue.now)
        return deadline > now ? deadline - now : 0
    }

    // MARK: Numbers

    private func takeUnused() -> ID {
        guard firstUnused >= 0 else {
            timers.append(Timer(fiber: nil, place: 0))
            return ID(timers.count - 1)
        }
        defer { firstUnused = timers[Int(firstUnused)].place }
        return firstUnused
    }

    private func release(_ id: ID) {
        timers[Int(id)] = Timer(fiber: nil, place: firstUnused)
        firstUnused = id
    }

    // MARK: Heap

    private func removeEntry(at place: Int) {
        let last = heap.removeLast()
        guard place < heap.count else { return }
        if place > 0, last.isBefore(heap[(place - 1) / 4]) {
            siftUp(last, from: place)
        } else {
            siftDown(last, from: place)
        }
    }

    private func siftUp(_ entry: Entry, from start: Int) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 4
            guard entry.isBefore(heap[parent]) else { break }
            put(heap[parent], at: place)
            place = parent
        }
        put(entry, at: place)
    }

    private func siftDown(_ entry: Entry, from start: Int) {
        var place = start
        while let child = firstChild(of: place), heap[child].isBefore(entry) {
            put(heap[child], at: place)
            place = child
        }
        put(entry, at: place)
    }

    /// The child with the earliest deadline.
    private func firstChild(of place: Int) -> Int? {
        var first = 4 * place + 1
        guard first < heap.count else { return nil }
        for child in first + 1..<min(first + 4, heap.count) where heap[child].isBefore(heap[first]) { first = child }
        return first
    }

    @inline(__always)
    private func put(_ entry: Entry, at place: Int) {
        heap[place] = entry
        timers[Int(entry.id)].place = Int32(truncatingIfNeeded: place)
    }
}

/// An array of trivial elements without the checks of one: the heap's inner loop is all accesses.
private struct GrowingBuffer<Element> {
    private var elements = UnsafeMutablePointer<Element>.allocate(capacity: 16)
    private var capacity = 16
    private(set) var count = 0

    subscript(index: Int) -> Element {
        @inline(__always) get { elements[index] }
        @inline(__always) nonmutating set { elements[index] = newValue }
    }

    mutating func append(_ element: Element) {
        if count == capacity { grow() }
        (elements + count).initialize(to: element)
        count += 1
    }

    mutating func removeLast() -> Element {
        count -= 1
        return elements[count]
    }

    func deallocate() { elements.deallocate() }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: elements, count: count)
        elements.deallocate()
        elements = larger
        capacity *= 2
    }
}
