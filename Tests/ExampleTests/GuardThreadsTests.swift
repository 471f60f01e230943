// SPDX-License-Identifier: MIT
import Fibers
import Testing

@Suite struct GuardThreadsTests {
    @Test(arguments: 0..<5)
    func `nothing is lost when a worker begins to share what the main thread used without guards`(round: Int) throws {
        let output = try EventLoop.run { try text(of: Command(example("ThreadPrograms"), "share")) }
        #expect(output == "nothing was lost\n")
    }
}
