// SPDX-License-Identifier: MIT

/// Prints errors that hold errors: each level indented below the fiber that it failed, the root cause last. An error that
/// holds none stays on the line of its fiber.
///
/// Works through a list and does not recurse, because a chain of failures may be deeper than the stack of a fiber.
struct ErrorTree {
    /// Every error of a ``CompositeError`` is printed; otherwise the first, and how many more there are.
    private let isWhole: Bool
    private var lines: [String]
    private var ending = ""
    /// What is still to be printed, the next one last.
    private var pending: [Node]

    private struct Node {
        let error: any Error
        let depth: Int
        /// It is all that its fiber failed with.
        let isAlone: Bool
    }

    /// The whole tree, below a heading.
    static func report(_ heading: String, _ error: any Error) -> String {
        var tree = ErrorTree(isWhole: true, lines: [heading], pending: [Node(error: error, depth: 1, isAlone: true)])
        return tree.print()
    }

    /// The first branch of the tree.
    static func description(of error: any Error) -> String {
        var tree = ErrorTree(isWhole: false, lines: [], pending: [Node(error: error, depth: 0, isAlone: false)])
        return tree.print()
    }

    private mutating func print() -> String {
        while let node = pending.popLast() { print(node) }
        return lines.joined(separator: "\n") + ending
    }

    private mutating func print(_ node: Node) {
        switch node.error {
        case let failed as FiberFailedError:
            lines.append(indentation(of: node) + "\(failed.fiber.origin), failed:")
            pending.append(Node(error: failed.error, depth: node.depth + 1, isAlone: true))
        case let composite as CompositeError where !composite.errors.isEmpty:
            print(composite.errors, depth: node.depth)
        default:
            printLeaf(node)
        }
    }

    private mutating func print(_ errors: [any Error], depth: Int) {
        let shown = isWhole ? errors[...] : errors.prefix(1)
        pending += shown.reversed().map { Node(error: $0, depth: depth, isAlone: false) }
        let more = errors.count - shown.count
        if more > 0 { ending = " ...and \(more) more error\(more == 1 ? "" : "s")" + ending }
    }

    private mutating func printLeaf(_ node: Node) {
        let indentation = indentation(of: node)
        let text = "\(node.error)".split(separator: "\n").joined(separator: "\n" + indentation)
        if node.isAlone {
            lines[lines.count - 1] += " " + text
        } else {
            lines.append(indentation + text)
        }
    }

    private func indentation(of node: Node) -> String { String(repeating: "  ", count: node.depth) }
}

/// The error at the end of the chain of first causes.
func rootCause(of error: any Error) -> any Error {
    var cause = error
    while let deeper = (cause as? FiberFailedError)?.error ?? (cause as? CompositeError)?.errors.first {
        cause = deeper
    }
    return cause
}
