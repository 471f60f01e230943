// SPDX-License-Identifier: MIT
import CFibers

/// The body of a call that can be cancelled without the rest of its fiber, or that is shielded from what cancels the
/// rest.
///
/// Every park of the fiber throws as long as a cancelled scope is around it, with no shield between the two; after a
/// cancellation of the fiber itself, as long as no shield is around it. The fields lie in the frame of that call,
/// scopes nest as the calls do, and the stack knows the innermost.
struct CancelScope: Hashable {
    enum Kind {
        /// Holds back what is outside of it; never cancelled itself.
        case shield
        /// Cancelled when its time has passed; parks throw `TimeoutError`.
        case timeLimit
        /// Cancelled when a child has failed, or a server shuts down; parks throw `CancellationError`.
        case group
    }

    fileprivate struct Fields {
        let fiber: FiberRecord
        let kind: Kind
        let outer: CancelScope?
        var isCancelled = false
    }

    fileprivate let fields: UnsafeMutablePointer<Fields>

    /// Whose work this is.
    var fiber: FiberRecord { fields.pointee.fiber }

    var isCancelled: Bool { fields.pointee.isCancelled }

    /// From now on every park in it throws, outside of shields within. Never parks.
    func cancel() {
        fields.pointee.isCancelled = true
        fiber.updateInterruption()
    }
}

extension FiberRecord {
    /// Runs `body` in a new scope of this fiber, which is the current one.
    func inScope<Result>(_ kind: CancelScope.Kind, _ body: (CancelScope) throws -> Result) rethrows -> Result {
        let outer = innermostScope
        var fields = CancelScope.Fields(fiber: self, kind: kind, outer: outer)
        return try withUnsafeMutablePointer(to: &fields) { fields in
            let scope = CancelScope(fields: fields)
            move(to: scope)
            defer { move(to: outer) }
            return try body(scope)
        }
    }

    private func move(to scope: CancelScope?) {
        pointer.pointee.context.stack?.pointee.innermost_scope = UnsafeMutableRawPointer(scope?.fields)
        updateInterruption()
    }

    /// A fiber that fails for want of a stack has none, and needs none: it never parks.
    private var innermostScope: CancelScope? {
        let fields = pointer.pointee.context.stack?.pointee.innermost_scope
        return fields.map { CancelScope(fields: $0.assumingMemoryBound(to: CancelScope.Fields.self)) }
    }

    /// What every park throws, because of scopes around it or of `cancel`. O(*n*) for *n* scopes up to the next shield.
    var lastingInterruption: Interruption {
        var reasons: Interruption = []
        var next = innermostScope
        while let scope = next?.fields.pointee {
            switch scope.kind {
            case .shield: return reasons
            case .timeLimit: if scope.isCancelled { reasons.insert(.timeout) }
            case .group: if scope.isCancelled { reasons.insert(.cancellation) }
            }
            next = scope.outer
        }
        if isCancelled { reasons.insert(.cancellation) }
        return reasons
    }
}

extension FiberRecord {
    /// Repeats `body` until it throws nothing, in a shield. What was thrown into the fiber, which is the current one, comes
    /// out of its next park. After a deadlock, `atDeadlock` may do something about it.
    func insist(on body: () throws -> Void, atDeadlock: (DeadlockError) -> Void) {
        var late: (any Error)?
        while true {
            do {
                try inScope(.shield) { _ in try body() }
                break
            } catch let error as DeadlockError {
                atDeadlock(error)
            } catch {
                late = error
            }
        }
        if let late, !interruption.contains(.error) { interrupt(throwing: late) }
    }
}
