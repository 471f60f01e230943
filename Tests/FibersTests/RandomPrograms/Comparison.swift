// SPDX-License-Identifier: MIT
@testable import Fibers

/// A program run by the model and by fibers.
struct Comparison {
    let program: Program
    let expected: [Entry]
    let actual: [Entry]
    let coverage: Coverage
    /// Fibers and elements that were left over.
    let leftFibers: Int
    let leftElements: Int

    /// Within `EventLoop.run`.
    @available(*, noasync)
    init(_ program: Program) {
        self.program = program
        let model = Model(program)
        model.run()
        let elements = ElementCount()
        expected = model.journal
        coverage = model.coverage
        actual = Comparison.journal(of: program, elements)
        leftFibers = Scheduler.current.liveCount
        leftElements = elements.living
    }

    /// Here so that nothing of the runner is left when this returns.
    @inline(never)
    private static func journal(of program: Program, _ elements: ElementCount) -> [Entry] {
        let runner = Runner(program, counting: elements)
        runner.run()
        return runner.journal
    }

    var isEqual: Bool { expected == actual && leftFibers == 0 && leftElements == 0 }

    /// The program, and both journals up to where they part.
    var report: String {
        let common = zip(expected, actual).prefix { $0 == $1 }.map(\.0)
        return """
            \(program)
            as the model and the fibers have it:
            \(lines(common))
            then the model:
            \(lines(expected.dropFirst(common.count)))
            but the fibers:
            \(lines(actual.dropFirst(common.count)))
            left over: \(leftFibers) fibers, \(leftElements) elements
            """
    }

    private func lines(_ entries: some Collection<Entry>) -> String {
        entries.map { "    \($0)".replacing("FibersTests.Fault", with: "") }.joined(separator: "\n")
    }
}
