// SPDX-License-Identifier: MIT

extension Program {
    /// The same program for the same seed, for ever.
    init(seed: UInt64) {
        var generator = ProgramGenerator(seed: seed)
        self = generator.makeProgram()
        self.seed = seed
    }
}

/// Few objects, so that fibers meet; short lists, so that a failure can be read.
private struct ProgramGenerator {
    private var random: SplitMix
    private var program = Program()
    private var lastStep = 0
    /// The kinds of objects that the program has.
    private var kinds: [Verb.Object] = []

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    mutating func makeProgram() -> Program {
        for _ in 0...below(3) { addObject() }
        let count = 2 + below(5)
        program.fibers = Array(repeating: Program.Plan(), count: count)
        for fiber in 0..<count { program.fibers[fiber].steps = makeSteps(2 + below(6), depth: 0) }
        for fiber in 1..<count { chooseOrigin(of: fiber) }
        return program
    }

    private mutating func addObject() {
        let kind = Verb.Object.allCases[below(5)]
        switch kind {
        case .channel: program.channels.append([0, 0, 1, 2, .max][below(5)])
        case .condition: program.conditions += 1
        case .lock: program.locks += 1
        case .semaphore: program.semaphores.append(1 + below(2))
        default: program.events.append(isLucky(2))
        }
        kinds.append(kind)
    }

    private mutating func makeSteps(_ count: Int, depth: Int) -> [Step] {
        var steps: [Step] = []
        for _ in 0..<count {
            let step = makeStep(depth: depth)
            steps.append(step)
            if let opposite = step.verb.opposite, !isLucky(4) { steps.append(makeStep(opposite, on: step.object)) }
        }
        for index in steps.indices { moveLater(&steps, index) }
        return steps
    }

    /// What takes a lock or a permit back comes some steps after.
    private mutating func moveLater(_ steps: inout [Step], _ index: Int) {
        guard steps[index].verb == .unlock || steps[index].verb == .release else { return }
        let step = steps.remove(at: index)
        steps.insert(step, at: index + below(steps.count + 1 - index))
    }

    private mutating func makeStep(depth: Int) -> Step {
        var step = makeStep(chooseVerb())
        if step.verb == .bind { step.fibers = [below(program.fibers.count)] }
        if step.verb.isRegion, depth < 2 { step.body = makeSteps(below(4), depth: depth + 1) }
        return step
    }

    private mutating func makeStep(_ verb: Verb, on object: Int? = nil) -> Step {
        lastStep += 1
        return Step(id: lastStep, verb: verb, object: object ?? chooseObject(verb.object), isCaught: !isLucky(3))
    }

    private mutating func chooseVerb() -> Verb {
        let kind = isLucky(4) ? .fiber : isLucky(4) ? .nothing : kinds[below(kinds.count)]
        let choices = Verb.choices[kind.rawValue]
        return choices[below(choices.count)]
    }

    private mutating func chooseObject(_ kind: Verb.Object) -> Int {
        switch kind {
        case .channel: below(program.channels.count)
        case .condition: below(program.conditions)
        case .lock: below(program.locks)
        case .semaphore: below(program.semaphores.count)
        case .event: below(program.events.count)
        case .fiber: below(program.fibers.count)
        case .nothing: 0
        }
    }

    /// A new fiber is scheduled, and a child is made, by one that comes before, so that there is no circle.
    private mutating func chooseOrigin(of fiber: Int) {
        switch below(8) {
        case 0:
            program.fibers[fiber].origin = .new
            place(makeStep(.spawn), in: below(fiber)) { $0.object = fiber }
        case 1...3:
            program.fibers[fiber].origin = .child
            let parent = below(fiber)
            if isLucky(2), program.fibers[parent].addToGroup(fiber) { return }
            place(makeGroup(), in: parent) { $0.fibers = [fiber] }
        default:
            break
        }
    }

    private mutating func makeGroup() -> Step {
        var group = makeStep(.group)
        group.cancelsOthers = !isLucky(3)
        group.body = makeSteps(below(5), depth: 1)
        return group
    }

    private mutating func place(_ step: Step, in fiber: Int, _ change: (inout Step) -> Void) {
        var step = step
        change(&step)
        var steps = program.fibers[fiber].steps
        place(step, among: &steps)
        program.fibers[fiber].steps = steps
    }

    /// Anywhere, half of the time within a region.
    private mutating func place(_ step: Step, among steps: inout [Step]) {
        let index = below(steps.count + 1)
        if index < steps.count, steps[index].verb.isRegion, isLucky(2) {
            place(step, among: &steps[index].body)
        } else {
            steps.insert(step, at: index)
        }
    }

    private mutating func isLucky(_ oneIn: Int) -> Bool { below(oneIn) == 0 }

    /// Not `Int.random`, whose algorithm another Swift may change.
    private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
}

extension Program.Plan {
    /// False if the fiber has no group outside of regions.
    fileprivate mutating func addToGroup(_ fiber: Int) -> Bool {
        guard let index = steps.firstIndex(where: { $0.verb == .group }) else { return false }
        steps[index].fibers.append(fiber)
        return true
    }
}
