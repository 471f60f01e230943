// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

@testable import Fibers

@Suite struct IOErrorTests {
    @Test func `an error says what was tried, on what, and why it failed`() {
        let error = IOError(operation: "connect", subject: "127.0.0.1:80", code: .connectionRefused)
        #expect(error.description == "connect 127.0.0.1:80: connection refused (ECONNREFUSED)")
    }

    @Test func `an error without a subject names the operation only`() {
        #expect(IOError(operation: "pipe", code: .tooManyOpenFiles).description == "pipe: too many open files (EMFILE)")
    }

    @Test func `a value passes a check, a negative code becomes an error`() throws {
        try #expect(check(7, "read") == 7)
        let error = #expect(throws: IOError.self) { try check(-Errno.badFileDescriptor.rawValue, "read") }
        #expect(error?.code == .badFileDescriptor)
    }
}
