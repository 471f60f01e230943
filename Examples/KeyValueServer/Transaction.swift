// SPDX-License-Identifier: MIT

/// Commands as they came, to be parsed again.
struct Transaction {
    private(set) var bytes: [UInt8] = []
    /// A command was refused, so that none will be run.
    var isBroken = false

    mutating func queue(_ command: UnsafeRawBufferPointer) { bytes += command }
}

extension Command {
    static let ofTransactions: [Command] = [
        Command("multi", 1) { client in
            guard client.transaction == nil else { throw CommandError("ERR MULTI calls can not be nested") }
            client.transaction = Transaction()
            return .ok
        },
        Command("exec", 1) { client in
            let transaction = try client.endTransaction("EXEC")
            guard !transaction.isBroken else {
                throw CommandError("EXECABORT Transaction discarded because of previous errors.")
            }
            return .array(client.execute(transaction))
        },
        Command("discard", 1) { client in
            _ = try client.endTransaction("DISCARD")
            return .ok
        },
    ]
}

extension Client {
    fileprivate func endTransaction(_ name: String) throws -> Transaction {
        guard let ended = transaction else { throw CommandError("ERR \(name) without MULTI") }
        transaction = nil
        return ended
    }

    /// Runs what was queued; nobody else runs meanwhile, because nothing parks.
    fileprivate func execute(_ transaction: Transaction) -> [Reply] {
        var replies: [Reply] = []
        isInTransaction = true
        defer { isInTransaction = false }
        transaction.bytes.withUnsafeBytes { bytes in
            var used = 0
            while let count = try? request.parse(UnsafeRawBufferPointer(rebasing: bytes[used...])) {
                used += count
                replies.append(execute())
            }
        }
        return replies
    }
}
