// SPDX-License-Identifier: MIT
import Testing

/// What the model meets, the fibers meet, because `RandomProgramsTests` finds them equal.
@Suite struct CoverageTests {
    /// What must happen to verbs, besides that they need not park.
    private static let expected: [(verbs: [Verb], happenings: [Coverage.Happening])] = [
        ([.put, .take, .fetch, .awaitElement, .iterate], [.closed] + waits),
        ([.wait, .waitFirst, .lock, .withLock, .acquire, .withPermit, .awaitEvent, .join, .park, .switchTo], waits),
        ([.yield, .yieldTo], [.parked] + interruptions),
        ([.putIfAvailable, .takeIfAvailable, .lockIfAvailable, .acquireIfAvailable], [.nothing]),
        ([.unlock, .release, .bind, .spawn, .join, .cancel, .interrupt, .schedule], [.nothing]),
        ([.withLock, .withPermit, .shield, .group], [.left, .failed]),
        ([.group], [.kept] + interruptions),
        ([.shield], [.kept]),
        ([.spawn], [.refused]),
    ]
    private static let waits: [Coverage.Happening] = [.parked, .refused, .kept] + interruptions
    private static let interruptions: [Coverage.Happening] = [.cancelled, .cancelledByGroup, .interrupted]
    private static let alwaysPark: Set<Verb> = [.wait, .waitFirst, .yield, .park]

    @Test func `Random programs reach every way in which each step can end`() {
        var coverage = Coverage()
        for seed in 0..<30_000 as Range<UInt64> {
            let model = Model(Program(seed: seed))
            model.run()
            coverage += model.coverage
        }
        #expect(Self.missing(in: coverage) == [])
    }

    private static func missing(in coverage: Coverage) -> [String] {
        let all = expected + [(verbs: Verb.allCases.filter { !alwaysPark.contains($0) }, happenings: [.atOnce])]
        return all.flatMap { verbs, happenings in
            verbs.flatMap { verb in
                happenings.filter { coverage[verb, $0] < 5 }.map { "\(verb) \($0): \(coverage[verb, $0]) times" }
            }
        }
    }

    @Test func `The same seed makes the same program, and a smaller one that fails is found`() {
        let program = Program(seed: 42)
        #expect("\(program)" == "\(Program(seed: 42))")
        let verb = program.fibers[0].steps[0].verb
        let smallest = program.shrunk { $0.fibers[0].steps.contains { $0.verb == verb } }
        #expect(smallest.fibers.map(\.steps.count) == [1] + program.fibers.dropFirst().map { _ in 0 })
    }
}
