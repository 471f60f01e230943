// SPDX-License-Identifier: MIT
import AsyncAlgorithms
import Synchronization

/// A send and a receive in each direction, through two channels that suspend the sender until the element is received.
func measureRoundTrip() async {
    await measure(200_000) { operations in
        let (ping, pong) = (AsyncChannel<Int>(), AsyncChannel<Int>())
        async let partner: Void = {
            for await element in ping { await pong.send(element) }
        }()
        var answers = pong.makeAsyncIterator()
        for trip in 0..<operations {
            await ping.send(trip)
            _ = await answers.next()
        }
        ping.finish()
        await partner
    }
}

/// The same through streams, which never suspend the sender.
func measureStreamTrip() async {
    await measure(500_000) { operations in
        let (ping, pong) = (AsyncStream.makeStream(of: Int.self), AsyncStream.makeStream(of: Int.self))
        async let partner: Void = {
            for await element in ping.stream { pong.continuation.yield(element) }
        }()
        var answers = pong.stream.makeAsyncIterator()
        for trip in 0..<operations {
            ping.continuation.yield(trip)
            _ = await answers.next()
        }
        ping.continuation.finish()
        await partner
    }
}

/// An element through a channel that holds up its sender while it has 32.
func measureChannel() async throws {
    try await measure(1_000_000) { operations in
        var parts = MultiProducerSingleConsumerAsyncChannel.makeChannel(
            of: Int.self, throwing: Never.self, backpressureStrategy: .watermark(low: 1, high: 32))
        var channel = parts.takeChannel()
        let handover = Mutex(Optional(parts.source))
        let producer = Task {
            guard var source = handover.withLock({ $0.take() }) else { return }
            for number in 0..<operations { try await source.send(number) }
            source.finish()
        }
        while await channel.next() != nil {}
        try await producer.value
    }
}
