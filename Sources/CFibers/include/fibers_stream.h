// SPDX-License-Identifier: MIT
// Pipes, standard streams, and reads and writes on any descriptor: system calls that differ between platforms, or whose C
// form Swift cannot use. Descriptors they return are close-on-exec. Results: a value, or a negative errno.
#ifndef FIBERS_STREAM_H
#define FIBERS_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>

/// A pipe with two non-blocking ends.
int fibers_pipe(int *read_end, int *write_end);

/// A descriptor of our own for a standard stream, 0, 1 or 2. Where others may share the stream, it has a mode of its own,
/// so that it can be non-blocking and theirs stays blocking: a pipe or a terminal is opened once more. What cannot be
/// opened again, such as a socket, is duplicated, and is made blocking again when the process exits.
int fibers_standard_stream(int number);

/// Makes a descriptor close-on-exec. It is made non-blocking when it is watched.
int fibers_adopt(int fd);

/// What a descriptor was opened for. A negative errno if it is not open.
int fibers_access(int fd, bool *is_readable, bool *is_writable);
bool fibers_is_socket(int fd);
bool fibers_is_terminal(int fd);

/// Never raises SIGPIPE. Several buffers leave as one.
ssize_t fibers_write(int fd, const void *bytes, size_t count);
ssize_t fibers_gather_write(int fd, const struct iovec *parts, int count);
ssize_t fibers_socket_gather_send(int fd, const struct iovec *parts, int count);

/// The offset of a byte; `count` if it is not there.
static inline size_t fibers_find_byte(const void *bytes, unsigned char byte, size_t count) {
    const void *place = count == 0 ? NULL : memchr(bytes, byte, count);
    return place == NULL ? count : (size_t)((const char *)place - (const char *)bytes);
}

#endif
