// SPDX-License-Identifier: MIT
import Fibers
import SystemPackage
import Testing

@Suite struct ByteStreamInterruptionTests {
    @Test(arguments: StreamKind.allCases)
    func `IO23: an interrupted writer says how many bytes the other side gets`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            let bytes = pattern(16 << 20)
            let writer = Fiber.spawn { try one.write(gathering: [bytes, bytes]) }
            try drain(rounds: 500)
            writer.schedule(throwing: Failure("enough"))
            let error = try #require(failure(of: writer) as? PartialWriteError)
            #expect(error.cause is Failure)
            try one.closeWrite()
            let isWhatLeft = try other.readAll() == Array(bytes.prefix(error.bytesWritten))
            #expect(isWhatLeft)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `a write that times out before a byte left throws the plain error`(kind: StreamKind) throws {
        try kind.withPair { one, _ in
            let first = Fiber.spawn { try one.write([UInt8](repeating: 1, count: 16 << 20)) }
            try drain(rounds: 500)
            let error = failure { try withTimeout(.milliseconds(1)) { try one.write("second") } }
            #expect(error is TimeoutError)
            first.cancel()
            #expect(failure(of: first) is PartialWriteError)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `reads and writes cancelled at random lose and repeat nothing`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            var random = SplitMix(seed: 11)
            var sent: [UInt8] = []
            var received: [UInt8] = []
            for round in 0..<300 {
                let bytes = [UInt8](repeating: UInt8(round % 251), count: Int.random(in: 1...6000, using: &random))
                let writer = Fiber.spawn { try one.write(bytes) }
                let reader = Fiber.spawn { try other.read(upTo: 5000) }
                try drain(rounds: Int.random(in: 0...3, using: &random))
                writer.cancel()
                reader.cancel()
                let error = failure(of: writer)
                sent += bytes.prefix(error == nil ? bytes.count : (error as? PartialWriteError)?.bytesWritten ?? 0)
                if let bytes = try? reader.fetch() { received += bytes }
            }
            try one.closeWrite()
            received += try other.readAll()
            let isSame = sent == received
            #expect(isSame)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `IO22: writing to a side that is gone throws the system's error and kills nobody`(kind: StreamKind) throws {
        try kind.withPair { one, other in
            other.close()
            var error: (any Error)?
            while error == nil {
                error = failure { try one.write([UInt8](repeating: 7, count: 100_000)) }
                try Fiber.yield()
            }
            let cause = (error as? PartialWriteError)?.cause ?? error
            let code = (cause as? IOError)?.code
            #expect(code == .brokenPipe || code == .connectionReset)
        }
    }
}
