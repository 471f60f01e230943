// SPDX-License-Identifier: MIT

/// The streams with which the process was started.
///
/// ```swift
/// let input = BufferedReader(try StandardStreams.input())
/// try input.forEachLine { line in … }
/// ```
///
/// Other processes may share these streams, and so does `print`. Hence each call opens a descriptor of its own: one that
/// reads and writes the same pipe or terminal, and can be non-blocking without theirs becoming so. A regular file is read
/// and written at the position that all share. What cannot be opened again, such as a socket, does become
/// non-blocking for all that share it, until the process exits.
///
/// Closing such a stream leaves the process's own descriptor open: the other side sees the end when the process exits.
/// Bytes of `print` lie in a buffer of the C library's, so they do not keep their place among those that are written here.
public enum StandardStreams {
    /// Standard input: a terminal, a pipe, a socket or a file.
    ///
    /// Never parks. What one such stream has read is not there for the next: keep it.
    ///
    /// - Throws: ``IOError`` `EBADF` if the process was started without it, `EMFILE` if it may open no more descriptors.
    public static func input() throws -> DescriptorStream { try open(0, "standard input") }

    /// Standard output; see ``input()``. A write has returned when the kernel has the bytes, so none is lost at the end of
    /// the program.
    public static func output() throws -> DescriptorStream { try open(1, "standard output") }

    /// Standard error; see ``output()``.
    public static func error() throws -> DescriptorStream { try open(2, "standard error") }

    static func open(_ number: CInt, _ name: String) throws -> DescriptorStream {
        let descriptor = try StreamCalls.standardStream(number, name: name)
        return try DescriptorStream(descriptor: descriptor, subject: name)
    }
}
