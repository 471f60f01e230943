// SPDX-License-Identifier: MIT
import Fibers
import Foundation
import SystemPackage
import Testing

/// Each in a process of its own, because limits are the process's.
@Suite struct PoolStartTests {
    @Test func `a pool whose event loops lack descriptors does not start, and leaves nothing; later it does`() async {
        await #expect(processExitsWith: .success) {
            setPoolSizes("2")
            try inFiber {}
            let (threads, descriptors) = (threadCount(), openDescriptorCount())
            var refusals = 0
            while let error = failure(of: { try spawnWithDescriptors(refusals) }) {
                limitDescriptors(toMoreThanOpen: 100)
                #expect(code(of: error) == .tooManyOpenFiles)
                #expect(hasThreads(threads))
                // Dispatch has one more or one less at times.
                #expect(openDescriptorCount() < descriptors + 4)
                refusals += 1
            }
            limitDescriptors(toMoreThanOpen: 100)
            // Some came when the first of the two loops was up.
            #expect(refusals > 5)
        }
    }

    #if canImport(Glibc)
        @Test func `a pool whose second thread is refused stops the first; later it starts`() async {
            await #expect(processExitsWith: .success) {
                setPoolSizes("2")
                try inFiber {}
                let threads = threadCount()
                giveThreadsStacks(of: 1 << 30)
                let limit = limitMemory(toMoreThanUsed: 3 << 29)
                let error = failure { try Threads.spawn {} } as? IOError
                #expect(error?.operation == "start a thread" && error?.code == .resourceTemporarilyUnavailable)
                #expect(hasThreads(threads))
                restoreMemory(limit: limit)
                try #expect(inFiber { try Threads.spawn { 1 }.fetch() } == 1)
            }
        }
    #endif

    @Test(arguments: ["0", "-1", "some"])
    func `TH2: sizes that make no sense are told by every use, and once they do, pools start`(sizes: String) async {
        await #expect(processExitsWith: .success) { [sizes] in
            setPoolSizes(sizes)
            for _ in 0..<2 { #expect(throws: ArgumentError.self) { try Threads.spawn {} } }
            #expect(throws: ArgumentError.self) { try Threads.Pool.interactive.size() }
            setPoolSizes("1")
            try inFiber { try Threads.spawn {}.wait() }
        }
    }

    @Test func `TH2: a pool of no worker, or of fewer, cannot be configured`() async {
        await #expect(processExitsWith: .success) {
            for size in [0, -1] {
                #expect(throws: ArgumentError.self) { try Threads.configure(default: size) }
                #expect(throws: ArgumentError.self) { try Threads.configure(default: 1, interactive: size) }
            }
            try Threads.configure(default: 1)
        }
    }
}

private func spawnWithDescriptors(_ count: Int) throws {
    limitDescriptors(toMoreThanOpen: count)
    try Threads.spawn {}
}
