// SPDX-License-Identifier: MIT
import SystemPackage

/// Changes of a folder that nobody has taken yet, in the order in which they came.
///
/// A move comes as two halves, of which the second may be missing, because what was moved has left what is watched. A
/// first half so stays in the queue, and holds back all behind it, until the second has come or a moment has passed.
struct ChangeQueue {
    /// For the second half. The kernel puts both into its queue one right after the other.
    static let patience = Duration.milliseconds(5)

    private struct Entry {
        var change: Result<FolderChange, IOError>
        /// The number of the move whose first half this is.
        var move: UInt32?
        var deadline: LoopClock.Instant?
    }

    private var entries: [Entry] = []
    /// How many at the front were taken.
    private var takenCount = 0

    var isEmpty: Bool { takenCount == entries.count }

    mutating func append(_ change: FolderChange) {
        // A file that is written gets an event for each write.
        if case .modified = change, let last = entries.last, !isEmpty, last.move == nil,
            (try? last.change.get()) == change
        {
            return
        }
        entries.append(Entry(change: .success(change)))
    }

    mutating func append(_ error: IOError) { entries.append(Entry(change: .failure(error))) }

    /// Something left its place; `move` says what comes to another place with the same number.
    mutating func append(leaving place: FilePath, move: UInt32) {
        let deadline = LoopClock.now.advanced(by: Self.patience)
        entries.append(Entry(change: .success(.removed(place)), move: move, deadline: deadline))
    }

    /// Something came to a place. Returns from where; `nil` if that is not known or was told already as a removal.
    mutating func complete(_ move: UInt32, arrivingAt place: FilePath, wasReported: Bool) -> FilePath? {
        guard let index = entries.indices.dropFirst(takenCount).last(where: { entries[$0].move == move }),
            case .success(.removed(let old)) = entries[index].change
        else { return nil }
        entries[index].move = nil
        if !wasReported { entries[index].change = .success(.renamed(from: old, to: place)) }
        return old
    }

    /// Whether the first change waits for its second half.
    var waitsForHalf: Bool { !isEmpty && isOpen(entries[takenCount]) }

    private func isOpen(_ entry: Entry) -> Bool {
        entry.move != nil && entry.deadline.map { $0 > LoopClock.now } ?? false
    }

    /// Takes the first change. `left` is set if it was moved elsewhere. `nil` if there is none, or it waits for its
    /// half.
    mutating func take() -> (change: Result<FolderChange, IOError>, left: UInt32?)? {
        guard !isEmpty, !isOpen(entries[takenCount]) else { return nil }
        let entry = entries[takenCount]
        takenCount += 1
        if takenCount == entries.count || takenCount >= 1024 {
            entries.removeFirst(takenCount)
            takenCount = 0
        }
        return (entry.change, entry.move)
    }
}
