// SPDX-License-Identifier: MIT
public import SystemPackage

extension Command {
    /// Where a child reads from.
    public enum Input: Sendable, Hashable {
        /// From where this process does; in a ``Pipeline``, from the command before.
        case inherit
        /// From nowhere: its input has ended.
        case null
        /// From a file. What is no regular file is opened without waiting for another side.
        case file(FilePath)
        /// These bytes. What the child has not read when it exits is dropped.
        case bytes([UInt8])
        /// From a descriptor that stays open in this process. Should be in blocking mode, as programs expect it.
        case descriptor(FileDescriptor)
        /// From ``ChildProcess/standardInput``.
        case pipe

        /// The text as UTF-8.
        public static func text(_ text: String) -> Input { .bytes(Array(text.utf8)) }
    }

    /// Where a child writes to.
    public enum Output: Sendable, Hashable {
        /// To where this process does; in a ``Pipeline``, output goes to the command behind.
        case inherit
        /// To nowhere.
        case null
        /// To a file, which is made, or emptied before. What is no regular file is opened without waiting for another side.
        case file(FilePath)
        /// To the end of a file, which is made if there is none.
        case appending(FilePath)
        /// To a descriptor that stays open in this process. Should be in blocking mode, as programs expect it.
        case descriptor(FileDescriptor)
        /// To ``ChildProcess/standardOutput``, or ``ChildProcess/standardError``.
        case pipe
        /// To where the other of the two goes: `2>&1` for standard error.
        case merged
    }
}
