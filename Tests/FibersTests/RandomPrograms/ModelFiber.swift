// SPDX-License-Identifier: MIT

/// A fiber of the model: where it is in its program, and what the rules need to know of it.
final class ModelFiber {
    enum Place: Equatable {
        /// A child whose group has not begun.
        case absent
        case new
        case queued
        case running
        /// In a wait queue.
        case waiting(Int)
        case ended
    }

    /// What a wait was decided to.
    enum Decision {
        case go
        case value(Int)
        /// The channel was closed.
        case closed
    }

    /// A list of steps that is being run: the fiber's own, or that of a region.
    struct Frame {
        enum Region {
            case body
            case shield
            case lock(Int)
            case permit(Int)
            case group(ModelGroup)
        }

        let region: Region
        let steps: [Step]
        /// The step that runs now.
        var index = 0
    }

    var place = Place.absent
    var hasBegun = false
    var frames: [Frame] = []
    var decision: Decision?
    /// Thrown into the fiber; the next park, or the present one if it is not decided, throws it.
    var thrown: Fault?
    var isCancelled = false
    var failure: Fault?
    var group: ModelGroup?
    /// Channels that end with it.
    var bound: [Int] = []
    /// How often it holds each lock outside of regions.
    var locked = Array(repeating: 0, count: Program.mostObjects)
    var happening = Coverage.Happening.atOnce

    var isEnded: Bool { place == .ended }

    /// Whether a park would throw.
    var isInterrupted: Bool { thrown != nil || cancellation != nil }

    /// Why a park throws a cancellation; nil if it throws none. A shield holds back what is outside of it, and so does
    /// a group that awaits cancelled children.
    var cancellation: Coverage.Happening? {
        for frame in frames.reversed() {
            switch frame.region {
            case .shield: return nil
            case .group(let group) where group.error != nil: return nil
            case .group(let group) where group.hasCancelledBody: return .cancelledByGroup
            default: continue
            }
        }
        return isCancelled ? .cancelled : nil
    }

    /// Why the present park throws.
    var reason: Coverage.Happening { thrown == nil ? cancellation ?? .cancelled : .interrupted }

    /// What the present park throws: an error once, a cancellation again and again.
    func takeInterruption() -> Fault {
        defer { thrown = nil }
        return thrown ?? .cancelled
    }
}

/// A group of the model.
final class ModelGroup {
    let parent: Int
    let children: [Int]
    let cancelsOthers: Bool
    /// Its children were cancelled.
    var isCancelled = false
    /// A child failed that cancels its body.
    var hasCancelledBody = false
    /// The child that failed first, which counts even if it was cancelled.
    var firstFailed: Int?
    /// Its body has ended, and it waits for its children.
    var isWaiting = false
    /// What ended it early; then nothing interrupts the wait for its children.
    var error: Fault?
    /// Thrown into it during that wait.
    var late: Fault?

    init(parent: Int, children: [Int], cancelsOthers: Bool) {
        self.parent = parent
        self.children = children
        self.cancelsOthers = cancelsOthers
    }
}
