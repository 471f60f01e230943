// SPDX-License-Identifier: MIT
import CFibers

/// One name look-up on libuv's thread pool. Keeps itself alive until libuv has called back, so that a fiber that was
/// interrupted leaves at once and the late result is dropped.
final class NameLookup {
    private let host: String
    private let waiters = WaitQueue()
    private var result: Result<[SocketAddress], IOError>?

    private init(host: String) { self.host = host }

    deinit { waiters.destroy() }

    /// The addresses of a host, in the order in which they should be tried. A numeric host is not looked up.
    ///
    /// Parks the calling fiber until the system's resolver has answered.
    static func addresses(of host: String, port: UInt16) throws -> [SocketAddress] {
        if let numeric = SocketAddress(numericHost: host, port: Int(port)) { return [numeric] }
        guard !host.utf8.contains(0) else { throw ArgumentError("host \(host.debugDescription) holds a NUL character") }
        return try NameLookup(host: host).run().map { $0.withPort(port) }
    }

    private func run() throws -> [SocketAddress] {
        var code: CInt = 0
        let owner = Unmanaged.passRetained(self)
        guard let request = fibers_lookup_start(Loop.current.uv, host, owner.toOpaque(), lookupDidEnd, &code) else {
            owner.release()
            throw IOError(operation: "resolve", subject: host, code: code)
        }
        do {
            try waiters.wait(for: .nameLookup)
        } catch {
            if result == nil { fibers_lookup_cancel(request) }
            throw error
        }
        return try result.unsafelyUnwrapped.get()
    }

    fileprivate func didEnd(status: CInt, list: UnsafeMutablePointer<addrinfo>?) {
        defer { fibers_lookup_free(list) }
        if status < 0 {
            result = .failure(IOError(operation: "resolve", subject: host, code: status))
        } else {
            let entries = sequence(state: UnsafePointer(list)) { entry in
                defer { entry = entry.flatMap { fibers_lookup_next($0) } }
                return entry
            }
            result = .success(entries.map { SocketAddress(copying: $0, port: 0) })
        }
        waiters.wakeAll()
    }
}

private func lookupDidEnd(_ owner: UnsafeMutableRawPointer?, _ status: CInt, _ list: UnsafeMutablePointer<addrinfo>?) {
    let lookup = Unmanaged<NameLookup>.fromOpaque(owner.unsafelyUnwrapped)
    lookup.takeUnretainedValue().didEnd(status: status, list: list)
    lookup.release()
}
