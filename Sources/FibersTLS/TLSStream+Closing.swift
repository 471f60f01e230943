// SPDX-License-Identifier: MIT
import Fibers

extension TLSStream {
    /// Says that this side has nothing more to say (close-notify); reading goes on. Fibers that write get
    /// `ClosedError`. Never parks: what the transport does not take at once leaves later. Does nothing the
    /// second time.
    ///
    /// TLS 1.3 allows that one side goes on. The other side of a conversation in TLS 1.2 may end as well, and drop what
    /// it still had to say.
    ///
    /// - Throws: `ClosedError` if the stream is closed.
    public func closeWrite() throws {
        guard !isWriteClosed else { return }
        guard !isClosed else { throw isClosedError }
        isWriteClosed = true
        outbox.end(throwing: isWriteClosedError)
    }

    /// Says that this side has nothing more to say (close-notify), and closes the transport. Fibers that read or write
    /// get `ClosedError`. Never parks; does nothing the second time.
    ///
    /// What was encrypted and has not left, that last message included, leaves first. If the transport does not take it
    /// at once, a fiber of its own goes on, for ``TLSConfiguration/closeLimit`` at most: then the other side finds its
    /// input cut off. So it does if the program exits before. A client of TLS 1.3 that has never read waits in the same
    /// way until the server has ended, too: else its kernel might reset the connection, and drop what was written.
    /// ``finish()`` waits itself.
    public func close() {
        guard !isClosedHere else { return }
        isClosedHere = true
        guard !transport.isClosed else { return }
        let error = isClosedError
        readers.interruptAll(throwing: error)
        reader?.interruptIfUndecided(throwing: error)
        outbox.close(throwing: error, within: context.closeLimit, lingers: mayHoldTickets)
    }

    /// Says that this side has nothing more to say, waits until the other side has ended as well, and closes.
    ///
    /// Parks the calling fiber until the other side has ended, for ``TLSConfiguration/closeLimit`` at most. What it
    /// still says is dropped. In any case the stream is closed then.
    ///
    /// - Throws: `TimeoutError` if the other side does not end; `ClosedError` if the stream is
    ///   closed before or meanwhile; what a read throws, but that it does not matter how the input ends;
    ///   `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func finish() throws {
        defer { close() }
        try withTimeout(context.closeLimit) {
            try closeWrite()
            do {
                // Who sends without end lets no read park, and so no limit pass.
                while try !read(upTo: 16_384).isEmpty { try Fiber.yield() }
            } catch let error as TLSError where error.cause == .truncated {}
        }
    }
}
