// SPDX-License-Identifier: MIT
import CFibers

/// One name look-up on libuv's thread pool.
final class NameLookup: PoolRequest {
    private let host: String
    private var result: Result<[SocketAddress], IOError>?

    private init(host: String) { self.host = host }

    /// The addresses of a host, in the order in which they should be tried. A numeric host is not looked up.
    ///
    /// Parks the calling fiber until the system's resolver has answered.
    static func addresses(of host: String, port: UInt16) throws -> [SocketAddress] {
        if let numeric = SocketAddress(numericHost: host, port: Int(port)) { return [numeric] }
        guard !host.utf8.contains(0) else { throw ArgumentError("host \(host.debugDescription) holds a NUL character") }
        return try NameLookup(host: host).run().map { $0.withPort(port) }
    }

    private func run() throws -> [SocketAddress] {
        try run("resolve", host, for: .nameLookup) { fibers_lookup_start($0, host, $1, requestDidEnd, &$2) }
        return try result.unsafelyUnwrapped.get()
    }

    override func didEnd(status: CInt) {
        result = status < 0 ? .failure(IOError(operation: "resolve", subject: host, code: status)) : .success(found())
        super.didEnd(status: status)
    }

    private func found() -> [SocketAddress] {
        guard let first = fibers_lookup_result(request) else { return [] }
        return sequence(first: first) { fibers_lookup_next($0) }.map { SocketAddress(copying: $0, port: 0) }
    }
}
