// SPDX-License-Identifier: MIT

extension Channel {
    /// Makes a channel and spawns a fiber that fills it; when the fiber ends, the channel closes (Julia's `Channel(f, n)`,
    /// row CH3).
    ///
    /// The fiber runs when the calling fiber next parks or yields; Julia's runs at once, but for `spawn=true`. If `body`
    /// throws, the channel closes with ``FiberFailedError``. Never parks.
    ///
    /// - Parameters:
    ///   - capacity: How many elements may wait in the channel.
    ///   - name: As for a fiber.
    ///   - stackSize: As for a fiber.
    ///   - file: As for a fiber.
    ///   - line: As for a fiber.
    ///   - body: Puts elements into the channel it is given.
    /// - Returns: The channel, whose ``producer`` is the fiber.
    public static func producing(
        capacity: ChannelCapacity = 0, name: String? = nil, stackSize: Int? = nil, file: StaticString = #fileID,
        line: UInt = #line, _ body: @escaping (Channel) throws -> Void
    ) -> Channel {
        let channel = Channel(capacity: capacity)
        let fiber = Fiber.spawn(name: name, stackSize: stackSize, file: file, line: line) { try body(channel) }
        channel.producingFiber = fiber
        return channel.bind(to: fiber)
    }
}
