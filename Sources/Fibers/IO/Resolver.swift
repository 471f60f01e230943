// SPDX-License-Identifier: MIT

/// Finds the addresses of hosts, and the names of addresses, with the system's resolver.
///
/// ```swift
/// for address in try Resolver.shared.addresses(of: "example.org", port: 443) { print(address) }
/// ```
///
/// A look-up takes as long as the name servers do, up to many seconds where none answers. So each has a thread to itself
/// meanwhile, apart from the pool of ``offload(_:)`` and files, and a resolver has only so many: look-ups beyond that
/// number wait, and begin in the order they came. A program that looks up many names that it does not know, such as a
/// crawler, keeps them from delaying its others by a resolver of its own. Nothing is cached.
///
/// An interrupted look-up returns at once. If it had begun, its thread goes on until the system answers; nobody waits for
/// that, neither ``EventLoop/run(isolated:_:)`` nor the end of the process.
public final class Resolver: Sendable {
    /// The one that connecting and listening use, unless told otherwise.
    public static let shared = Resolver()

    private let calls: BlockingCalls
    private let lookUp: @Sendable (String) throws -> [SocketAddress]

    /// - Parameter limit: How many look-ups, and so threads, there are at a time. A thread lives while it is needed.
    /// - Precondition: `limit` is positive.
    public convenience init(limit: Int = 8) { self.init(limit: limit, HostNames.addresses) }

    init(limit: Int, _ lookUp: @escaping @Sendable (String) throws -> [SocketAddress]) {
        require(limit > 0, "a resolver needs a limit of at least 1 look-up, not \(limit)")
        calls = BlockingCalls(limit: limit)
        self.lookUp = lookUp
    }

    /// The addresses of a host, in the order in which they should be tried (Julia's `getalladdrinfo`, row SK7).
    ///
    /// Parks the calling fiber until the system's resolver has answered. A numeric host is not looked up and never parks.
    ///
    /// - Parameters:
    ///   - host: A name or a numeric address.
    ///   - port: What the addresses get as their port, from 0 to 65535.
    /// - Returns: At least one address.
    /// - Throws: ``ArgumentError`` if the port is not in 0...65535 or the host holds a NUL character; ``IOError`` that names the
    ///   host, with a code such as `EAI_NONAME` if there is no such host, or `EAI_AGAIN` if no server has answered;
    ///   `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func addresses(of host: String, port: Int = 0) throws -> [SocketAddress] {
        let number = try portNumber(port)
        if let numeric = SocketAddress(numericHost: host, port: port) { return [numeric] }
        guard !host.utf8.contains(0) else { throw ArgumentError("host \(host.debugDescription) holds a NUL character") }
        let found = try calls.run(for: .nameLookup) { [lookUp] in try lookUp(host) }
        guard !found.isEmpty else { throw ArgumentError("host \(host) has no address") }
        return found.map { $0.withPort(number) }
    }

    /// The name of the host that has an address (Julia's `getnameinfo`, row SK7). The port does not matter.
    ///
    /// Parks the calling fiber until the system's resolver has answered.
    ///
    /// - Parameter address: Whose name is wanted.
    /// - Throws: ``IOError`` that names the address, with a code such as `EAI_NONAME` if it has no name;
    ///   `CancellationError` if the fiber is cancelled.
    @available(*, noasync)
    public func name(of address: SocketAddress) throws -> String {
        try calls.run(for: .nameLookup) { try HostNames.name(of: address) }
    }
}
