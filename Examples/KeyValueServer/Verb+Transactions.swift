// SPDX-License-Identifier: MIT

/// Commands as they came, to be parsed again.
struct Transaction {
    private(set) var bytes: [UInt8] = []
    /// A command was refused, so that none will be run.
    var isBroken = false

    mutating func queue(_ command: UnsafeRawBufferPointer) throws {
        guard bytes.count + command.count <= Limits().total else { throw CommandError("ERR transaction is too big") }
        bytes += command
    }
}

extension Verb {
    static let ofTransactions: [Verb] = [
        Verb("multi", 1) { client in
            guard client.transaction == nil else { throw CommandError("ERR MULTI calls can not be nested") }
            return .ok { client.transaction = Transaction() }
        },
        Verb("discard", 1) { client in try .ok { _ = try client.endTransaction("DISCARD") } },
        Verb("exec", 1) { client in
            let transaction = try client.endTransaction("EXEC")
            guard !transaction.isBroken else {
                throw CommandError("EXECABORT Transaction discarded because of previous errors.")
            }
            return client.execute(transaction)
        },
    ]
}

extension Client {
    fileprivate func endTransaction(_ name: String) throws -> Transaction {
        defer { transaction = nil }
        guard let transaction else { throw CommandError("ERR \(name) without MULTI") }
        return transaction
    }

    /// Nobody else runs meanwhile, because nothing parks.
    fileprivate func execute(_ transaction: Transaction) -> Reply {
        isInExec = true
        defer { isInExec = false }
        return transaction.bytes.withUnsafeBytes { bytes in
            var (replies, used) = ([Reply](), 0)
            while let count = try? request.parse(UnsafeRawBufferPointer(rebasing: bytes[used...])) {
                used += count
                replies.append(execute())
            }
            return .array(replies)
        }
    }
}
