// SPDX-License-Identifier: MIT

/// How the kernel treats a TCP connection.
///
/// Given to `connect` and `listen`, whose connections then have them from their first packet on, or to
/// ``TCPConnection/setOptions(_:)``.
public struct TCPOptions: Sendable, Hashable {
    /// Questions that the kernel asks a silent peer, so that one that is gone is noticed.
    public struct KeepAlive: Sendable, Hashable {
        /// Silence before the first question; 1 to 32,767 s, in whole seconds, rounded up.
        public var idle: Duration
        /// From one question to the next; 1 to 32,767 s, in whole seconds, rounded up.
        public var interval: Duration
        /// How many in a row may stay without an answer; 1 to 127. Then the connection ends with `ETIMEDOUT`.
        public var count: Int

        /// By default, a peer that is gone is noticed after two minutes.
        public init(idle: Duration = .seconds(60), interval: Duration = .seconds(10), count: Int = 6) {
            self.idle = idle
            self.interval = interval
            self.count = count
        }
    }

    /// Whether small writes leave at once. If not, the kernel holds them back until the peer has acknowledged what left
    /// before (Nagle's algorithm), and a fiber that writes twice and then reads waits some 40 ms for that.
    public var noDelay = true
    /// `nil` asks nothing: a connection on which nobody writes can outlive its peer for ever.
    public var keepAlive: KeepAlive?
    /// Whether closing drops what has not left yet and tells the peer `ECONNRESET`, rather than the end of input (linger
    /// of zero seconds). There is no longer time to linger: closing would block the thread for it.
    public var resetsOnClose = false
    /// Bytes on their way that the kernel holds for this side; `nil` lets it choose, and change its mind as the connection
    /// goes on. It may round the number, and has limits, such as `net.core.wmem_max` of Linux.
    public var sendBufferSize: Int?
    /// The same for bytes that nobody has read yet. What the peer may send depends on it.
    public var receiveBufferSize: Int?

    /// What suits most: no delay, and everything else as the system has it.
    public init() {}

    /// - Throws: `ArgumentError` for a number that no system takes.
    func validate() throws(ArgumentError) {
        for size in [sendBufferSize, receiveBufferSize].compactMap({ $0 }) { try validateBufferSize(size) }
        guard let keepAlive else { return }
        for time in [keepAlive.idle, keepAlive.interval] where !(1...32_767).contains(time.secondsRoundedUp) {
            throw ArgumentError("keep alive cannot wait \(time): give 1 to 32767 seconds")
        }
        guard (1...127).contains(keepAlive.count) else {
            throw ArgumentError("keep alive cannot ask \(keepAlive.count) times: give 1 to 127")
        }
    }
}

extension Duration {
    var secondsRoundedUp: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }
}

extension TCPConnection {
    /// Changes how the kernel treats this connection. All options are set, but for buffer sizes that are `nil`. Never parks.
    ///
    /// - Parameter options: What holds from now on.
    /// - Throws: ``ClosedError`` if the connection is closed; ``ArgumentError`` if a number of the options is impossible;
    ///   ``IOError`` if the system refuses.
    public func setOptions(_ options: TCPOptions) throws {
        guard !poll.isClosed else { throw ClosedError(subject: "connection to \(peer)") }
        try options.validate()
        try Socket.configure(poll.descriptor, options, "\(peer)")
    }
}
