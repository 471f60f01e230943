// SPDX-License-Identifier: MIT

extension DescriptorPoll {
    /// Makes a system call on the descriptor in libuv's pool. Parks the calling fiber until it has returned.
    func callOnPool<Result>(_ attempt: (CInt) -> Result) throws -> Result {
        try keepingOpen { try PoolCall.run(for: .file) { attempt(descriptor) } }
    }

    /// Runs `body`, which may park. If the descriptor is closed meanwhile, it stays open until then.
    func keepingOpen<Result>(_ body: () throws -> Result) throws -> Result {
        guard !isClosed else { throw ClosedError(subject: subject) }
        callsOnPool += 1
        defer {
            callsOnPool -= 1
            closeDescriptorIfUnused()
        }
        return try body()
    }
}
