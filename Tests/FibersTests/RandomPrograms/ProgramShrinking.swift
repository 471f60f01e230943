// SPDX-License-Identifier: MIT

extension Program {
    /// A program that still fails, of which nothing can be left out without that it stops failing.
    func shrunk(while fails: (Program) -> Bool) -> Program {
        var smallest = self
        while let smaller = smallest.reductions().first(where: fails) { smallest = smaller }
        return smallest
    }

    /// The program less one step; a region may also leave its steps behind.
    private func reductions() -> [Program] {
        fibers.indices.flatMap { fiber in
            fibers[fiber].steps.reductions().map { steps in
                var smaller = self
                smaller.fibers[fiber].steps = steps
                return smaller
            }
        }
    }
}

extension [Step] {
    fileprivate func reductions() -> [[Step]] {
        indices.flatMap { index in
            let without = [replacing(index, by: [])]
            let body = self[index].body
            if body.isEmpty { return without }
            return without + [replacing(index, by: body)]
                + body.reductions().map { replacing(index, by: self[index].with($0)) }
        }
    }

    private func replacing(_ index: Int, by steps: [Step]) -> [Step] { self[..<index] + steps + self[(index + 1)...] }
}

extension Step {
    fileprivate func with(_ body: [Step]) -> [Step] {
        var changed = self
        changed.body = body
        return [changed]
    }
}
