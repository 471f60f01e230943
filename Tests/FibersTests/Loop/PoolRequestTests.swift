// SPDX-License-Identifier: MIT
import Testing

@testable import Fibers
import SystemPackage

@Suite struct PoolRequestTests {
    @Test func `a fiber that is interrupted already starts no request`() throws {
        try inFiber {
            var isStarted = false
            let fiber = Fiber.spawn {
                Fiber.current.cancel()
                try PoolRequest().run("try", for: .offload) { _, _, _ in
                    isStarted = true
                    return nil
                }
            }
            #expect(failure(of: fiber) is CancellationError)
            #expect(!isStarted)
        }
    }

    @Test func `a request that cannot start is named by the error, and not kept alive`() throws {
        try inFiber {
            weak var request: PoolRequest?
            func start() throws {
                let new = PoolRequest()
                request = new
                try new.run("try", "this", for: .offload) { _, _, code in
                    code = -12
                    return nil
                }
            }
            let error = failure(of: start) as? IOError
            #expect(error?.operation == "try" && error?.subject == "this" && error?.code == .noMemory)
            #expect(request == nil)
        }
    }
}
