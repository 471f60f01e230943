// SPDX-License-Identifier: MIT
import CFibers

/// The timers of a loop: a 4-ary heap by deadline, ties by creation (R16), in front of the one libuv timer that ends a
/// blocking turn.
///
/// A heap of our own, because libuv's links nodes that would lie on the parked stacks: with a million sleepers each
/// comparison would miss the caches twice. Here an entry is 24 bytes in an array, and libuv is asked once per turn, not per
/// timer. It also knows nanoseconds, so a timer never fires early.
///
/// A timer that is stopped leaves a dead entry behind, because finding it would take a second table that every move in the
/// heap had to keep up to date. Dead entries are swept out when they are more than half.
final class TimerQueue {
    /// Names a running timer. Reused once its entry has left the heap.
    typealias ID = Int32

    /// What a timer does at its deadline.
    enum Action {
        /// Ends a sleep, or a wait in a queue of this thread.
        case wake(FiberRecord)
        /// Ends the time of a limit.
        case expire(CancelScope)
    }

    private struct Entry {
        let deadline: UInt64
        let sequence: UInt64
        let id: ID

        @inline(__always)
        func isBefore(_ other: Entry) -> Bool {
            deadline != other.deadline ? deadline < other.deadline : sequence < other.sequence
        }
    }

    // No access to these lasts over a call that could reach them again, hence no exclusivity checks.
    @exclusivity(unchecked) private var heap = GrowingBuffer<Entry>()
    /// What each timer does; `nil` for one that was stopped or is unused.
    @exclusivity(unchecked) private var actions = GrowingBuffer<Action?>()
    @exclusivity(unchecked) private var unusedIDs = GrowingBuffer<ID>()
    @exclusivity(unchecked) private var deadCount = 0
    @exclusivity(unchecked) private var nextSequence: UInt64 = 0

    deinit {
        heap.deallocate()
        actions.deallocate()
        unusedIDs.deallocate()
    }

    /// Whether no timer runs.
    var isEmpty: Bool { heap.count == deadCount }

    /// Nanoseconds of the clock that deadlines refer to.
    static var now: UInt64 { fibers_monotonic_time() }

    /// Wakes `fiber` at `deadline`. O(log *n*).
    func start(deadline: UInt64, waking fiber: FiberRecord) -> ID { start(deadline: deadline, .wake(fiber)) }

    /// Does `action` at `deadline`. O(log *n*).
    func start(deadline: UInt64, _ action: Action) -> ID {
        let id = takeID()
        actions[Int(id)] = action
        let entry = Entry(deadline: deadline, sequence: nextSequence, id: id)
        nextSequence += 1
        heap.append(entry)
        siftUp(entry, from: heap.count - 1)
        return id
    }

    /// Takes back a timer that has not done its action. O(1), amortised.
    func stop(_ id: ID) {
        guard actions[Int(id)] != nil else { return unusedIDs.append(id) }  // it was due after all: see `fire`
        actions[Int(id)] = nil
        deadCount += 1
        if deadCount > 64, deadCount > heap.count / 2 { sweep() }
    }

    /// Does what is due, in order.
    func fire(on scheduler: Scheduler) {
        guard !isEmpty else { return }
        let now = TimerQueue.now
        while heap.count > 0, heap[0].deadline <= now {
            let id = heap[0].id
            switch removeFirst() {
            case .wake(let fiber):
                // A sleeper that was interrupted and has not run since is ready already; it will stop the timer.
                guard fiber.phase == .waiting else { continue }
                unusedIDs.append(id)
                fibers_list_remove(&fiber.pointer.pointee.link)  // a sleeper is linked to itself
                scheduler.wake(fiber)
            case .expire(let limit):
                unusedIDs.append(id)
                limit.cancel()
            case nil:
                break
            }
        }
    }

    /// Nanoseconds until a timer is due: 0 if one is, `.max` if there is none.
    func timeUntilFirst() -> UInt64 {
        while heap.count > 0, actions[Int(heap[0].id)] == nil { _ = removeFirst() }
        guard heap.count > 0 else { return .max }
        let (deadline, now) = (heap[0].deadline, TimerQueue.now)
        return deadline > now ? deadline - now : 0
    }

    // MARK: Numbers

    private func takeID() -> ID {
        if unusedIDs.count > 0 { return unusedIDs.removeLast() }
        actions.append(nil)
        return ID(actions.count - 1)
    }

    // MARK: Heap

    /// Takes the first entry out and returns what it was to do: then its number stays in use. `nil` if it was stopped.
    private func removeFirst() -> Action? {
        let first = heap[0]
        let last = heap.removeLast()
        if heap.count > 0 { siftDown(last, from: 0) }
        let action = actions[Int(first.id)]
        actions[Int(first.id)] = nil
        if action == nil {
            deadCount -= 1
            unusedIDs.append(first.id)
        }
        return action
    }

    private func sweep() {
        var kept = 0
        for place in 0..<heap.count {
            let entry = heap[place]
            if actions[Int(entry.id)] == nil {
                unusedIDs.append(entry.id)
            } else {
                heap[kept] = entry
                kept += 1
            }
        }
        heap.removeLast(heap.count - kept)
        deadCount = 0
        for place in stride(from: (kept - 2) / 4, through: 0, by: -1) where kept > 1 {
            siftDown(heap[place], from: place)
        }
    }

    private func siftUp(_ entry: Entry, from start: Int) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 4
            guard entry.isBefore(heap[parent]) else { break }
            heap[place] = heap[parent]
            place = parent
        }
        heap[place] = entry
    }

    private func siftDown(_ entry: Entry, from start: Int) {
        var place = start
        while let child = firstChild(of: place), heap[child].isBefore(entry) {
            heap[place] = heap[child]
            place = child
        }
        heap[place] = entry
    }

    /// The child with the earliest deadline.
    private func firstChild(of place: Int) -> Int? {
        var first = 4 * place + 1
        guard first < heap.count else { return nil }
        for child in first + 1..<min(first + 4, heap.count) where heap[child].isBefore(heap[first]) { first = child }
        return first
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

    mutating func removeLast(_ number: Int) { count -= number }

    func deallocate() { elements.deallocate() }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: elements, count: count)
        elements.deallocate()
        elements = larger
        capacity *= 2
    }
}
