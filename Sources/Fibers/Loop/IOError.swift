// SPDX-License-Identifier: MIT
import CFibers
public import SystemPackage

/// What the operating system, or libuv, said no to.
public struct IOError: Error, CustomStringConvertible {
    /// What was tried: `connect`, `bind`, `spawn`, …
    public let operation: String
    /// On what: an address, a host, a program; `nil` where there is nothing to name.
    public let subject: String?
    /// The system's code. A code of libuv's own, as name look-ups have them, is not an errno and compares equal to none.
    public let code: Errno

    /// - Parameter code: A negative result of the shim.
    init(operation: String, subject: String? = nil, code: CInt) {
        self.init(operation: operation, subject: subject, code: Errno(rawValue: -code))
    }

    package init(operation: String, subject: String? = nil, code: Errno) {
        self.operation = operation
        self.subject = subject
        self.code = code
    }

    /// The code's name, such as `ECONNREFUSED`.
    public var name: String { text(fibers_error_name) }

    /// Operation, subject, meaning and name of the code.
    public var description: String {
        let target = subject.map { " \($0)" } ?? ""
        return "\(operation)\(target): \(text(fibers_error_text)) (\(name))"
    }

    private func text(_ write: (CInt, UnsafeMutablePointer<CChar>, Int) -> Void) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            write(-code.rawValue, start, buffer.count)
            return String(cString: start)
        }
    }
}

/// The object was closed by this program, before or during the call.
public struct ClosedError: Error, CustomStringConvertible {
    /// What was closed.
    public let subject: String

    package init(subject: String) { self.subject = subject }

    /// Names what was closed.
    public var description: String { "\(subject) is closed" }
}

/// The errno in a negative result of the shim; `nil` for a value.
func errno<Result: SignedInteger>(of result: Result) -> Errno? {
    result < 0 ? Errno(rawValue: CInt(-result)) : nil
}

/// Turns a negative result of the shim into an error that names the operation; returns any other.
@discardableResult
func check<Result: SignedInteger>(
    _ result: Result, _ operation: String, _ subject: @autoclosure () -> String? = nil
) throws(IOError) -> Result {
    guard result < 0 else { return result }
    throw IOError(operation: operation, subject: subject(), code: CInt(result))
}
