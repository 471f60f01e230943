// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite(.timeLimit(.minutes(1))) struct BoundedBufferThreadsTests {
    @Test(arguments: [1, 3])
    func `C3: a buffer with room for few, of two conditions and a lock, passes all on once`(room: Int) throws {
        try inFiber {
            let buffer = BoundedBuffer(room: room)
            let takers = try pools.map { try Threads.spawn(on: $0) { try (0..<750).map { _ in try buffer.take() } } }
            _ = try onThreeThreads { thread in
                for number in 0..<500 { try buffer.put(thread * 500 + number) }
            }
            let taken = try takers.map { try $0.fetch() }
            #expect(taken.flatMap(\.self).sorted() == Array(0..<1500))
            for list in taken {
                for thread in 0..<3 {
                    let ofThread = list.filter { $0 / 500 == thread }
                    #expect(ofThread == ofThread.sorted())
                }
            }
        }
    }
}

/// The example of every book. Its array is plain.
private final class BoundedBuffer: Sendable {
    private let lock = ReentrantLock()
    private let hasElement: Threads.Condition<Void>
    private let hasRoom: Threads.Condition<Void>
    private let elements = Plain<[Int]>([])
    private let room: Int

    init(room: Int) {
        self.room = room
        (hasElement, hasRoom) = (Threads.Condition(lock: lock), Threads.Condition(lock: lock))
    }

    func put(_ element: Int) throws {
        try lock.withLock {
            while elements.value.count == room { try hasRoom.wait() }
            elements.value.append(element)
            hasElement.notifyOne()
        }
    }

    func take() throws -> Int {
        try lock.withLock {
            while elements.value.isEmpty { try hasElement.wait() }
            hasRoom.notifyOne()
            return elements.value.removeFirst()
        }
    }
}
