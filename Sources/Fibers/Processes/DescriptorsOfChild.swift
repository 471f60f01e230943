// SPDX-License-Identifier: MIT
import SystemPackage

/// Descriptors that a child is to have, and we only until it has started. Closed at the latest when this goes away.
final class DescriptorsOfChild {
    private var descriptors: [CInt] = []

    deinit { close() }

    func close() {
        for descriptor in descriptors { Socket.close(descriptor) }
        descriptors = []
    }

    /// Makes a pipe.
    ///
    /// - Parameters:
    ///   - direction: What the child does with its end.
    ///   - name: What errors call ours.
    func pipe(
        to direction: DescriptorPoll.Direction, _ name: @autoclosure () -> String
    ) throws -> (theirs: CInt, ours: DescriptorStream) {
        let ends = try SpawnPlan.pipe(to: direction)
        descriptors.append(ends.theirs)
        return (ends.theirs, try DescriptorStream(descriptor: ends.ours, subject: name()))
    }

    /// Makes a terminal.
    func terminal(_ size: Command.TerminalSize, of name: String) throws -> (theirs: CInt, ours: PseudoTerminal) {
        let sides = try SpawnPlan.terminal(size)
        descriptors.append(sides.theirs)
        return (sides.theirs, try PseudoTerminal(sides.ours, of: name))
    }

    /// Opens a file. Never waits for the other side of a named pipe: without one, writing to it is an error.
    func open(
        _ path: FilePath, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions = []
    ) throws(IOError) -> CInt {
        do {
            let descriptor = try FileDescriptor.open(
                path, mode, options: options.union([.closeOnExec, .nonBlocking]),
                permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
            descriptors.append(descriptor.rawValue)
            SpawnPlan.makeBlocking(descriptor.rawValue)
            return descriptor.rawValue
        } catch {
            throw IOError(operation: "open", subject: path.string, code: error as? Errno ?? .ioError)
        }
    }
}
