// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A child gets its three standard streams, and nothing else.
@Suite struct InheritedDescriptorTests {
    @Test func `reliability 77: of 500 descriptors that anybody may inherit, a child gets its three`() async {
        await #expect(processExitsWith: .success) {
            var limit = rlimit()
            getrlimit(descriptorLimit, &limit)
            for _ in 0..<500 { _ = dup(1) }
            dup2(1, CInt(min(limit.rlim_cur, 20_000)) - 1)
            try inFiber { try #expect(mischief("descriptors").text() == "0\n1\n2\n") }
        }
    }

    @Test(arguments: [[0], [1], [2], [0, 1], [0, 1, 2]] as [[CInt]])
    func `reliability 77: a child of a program without standard streams gets none of its others`(
        closed: [CInt]
    ) async {
        await #expect(processExitsWith: .success) { [closed] in
            try inFiber {
                let file = TemporaryFile()
                let listing = mischief("descriptors").with(\.standardOutput, .file(FilePath(file.path)))
                try Fiber.yield()
                for descriptor in closed { close(descriptor) }
                try listing.run(from: MemoryStream(), errorsTo: MemoryStream())
                try #expect(File.readText(FilePath(file.path)) == "0\n1\n2\n")
                try listing.with(\.standardInput, .pipe).with(\.standardError, .pipe).spawn().wait()
                try #expect(File.readText(FilePath(file.path)) == "0\n1\n2\n")
                try listing.run()
                let expected = (0...2).filter { $0 == 1 || !closed.contains($0) }.map { "\($0)\n" }.joined()
                try #expect(File.readText(FilePath(file.path)) == expected)
            }
        }
    }

    @Test func `reliability 77: what we opened in the place of a closed stream is not the child's`() async {
        await #expect(processExitsWith: .success) {
            try inFiber {
                try Fiber.yield()
                close(0)
                let listener = try TCPListener.listen(on: 0)
                try #expect(mischief("descriptors").text() == "1\n2\n")
                listener.close()
            }
        }
    }
}
