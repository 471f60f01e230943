// SPDX-License-Identifier: MIT
import DequeModule
import Fibers

/// One stream for sections that are written at once: it gets them whole, in the order in which they began. The first that
/// has not ended streams live, the others are kept until it is their turn.
final class OrderedOutput {
    private let sink: any ByteSink
    /// Those that have not ended, and those that wait behind them.
    private var sections: Deque<Section> = []

    init(_ sink: any ByteSink) { self.sink = sink }

    /// Runs `body`, which writes a section. Parks the calling fiber also while kept sections behind it are written.
    func inSection<Result>(_ body: (Section) throws -> Result) throws -> Result {
        let section = Section(sink, isLive: sections.isEmpty)
        sections.append(section)
        let result = Swift.Result { try body(section) }
        try Fiber.shield { try end(section) }
        return try result.get()
    }

    private func end(_ section: Section) throws {
        section.hasEnded = true
        while let first = sections.first, first.hasEnded {
            sections.removeFirst()
            try sections.first?.goLive()
        }
    }

    /// What one recipe writes.
    final class Section: ByteSink {
        private let sink: any ByteSink
        private var isLive: Bool
        private var kept: [UInt8] = []
        fileprivate var hasEnded = false

        fileprivate init(_ sink: any ByteSink, isLive: Bool) {
            self.sink = sink
            self.isLive = isLive
        }

        func write(_ bytes: UnsafeRawBufferPointer) throws {
            if isLive { try sink.write(bytes) } else { kept.append(contentsOf: bytes) }
        }

        /// What is written from now on stands in the sink's queue behind what was kept.
        fileprivate func goLive() throws {
            isLive = true
            let bytes = kept
            kept = []
            try sink.write(bytes)
        }
    }
}
