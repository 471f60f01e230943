// SPDX-License-Identifier: MIT

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension Threads {
    /// Sets how many workers the pools have, before anything used them; else `FIBERS_THREADS=4,1` in the environment does,
    /// or the number of cores and 1.
    ///
    /// - Throws: ``ArgumentError`` if a number is not positive; ``ConcurrencyViolationError`` if it is too late.
    public static func configure(default: Int, interactive: Int = 1) throws {
        let sizes = PoolSizes(default: `default`, interactive: interactive)
        guard sizes.isValid else {
            throw ArgumentError("a pool has at least 1 worker, not \(`default`) and \(interactive)")
        }
        try PoolSizes.configured.withLock { configured in
            guard configured == nil else {
                throw ConcurrencyViolationError("the pools are in use already: configure them before")
            }
            configured = sizes
        }
    }
}

/// How many workers each pool has.
struct PoolSizes: Equatable {
    let `default`: Int
    let interactive: Int

    /// Set once, by code or by first use.
    static let configured = Locked<PoolSizes?>(nil)

    var isValid: Bool { `default` > 0 && interactive > 0 }

    static func inUse() throws -> PoolSizes {
        try configured.withLock { configured in
            if let configured { return configured }
            let text = getenv("FIBERS_THREADS").map { String(cString: $0) }
            let sizes =
                try text.map(PoolSizes.init(environment:)) ?? PoolSizes(default: SystemThread.coreCount, interactive: 1)
            configured = sizes
            return sizes
        }
    }

    init(default: Int, interactive: Int) {
        self.default = `default`
        self.interactive = interactive
    }

    /// "4" or "4,1".
    init(environment text: String) throws(ArgumentError) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let first = numbers.first ?? nil, second = numbers.count > 1 ? numbers[1] : 1
        guard numbers.count < 3, let first, let second, first > 0, second > 0 else {
            throw ArgumentError("FIBERS_THREADS must be one or two positive numbers, such as 4 or 4,1, not \"\(text)\"")
        }
        self.init(default: first, interactive: second)
    }
}
