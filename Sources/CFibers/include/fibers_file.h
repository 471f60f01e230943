// SPDX-License-Identifier: MIT
// Files: what swift-system does not have, and how the kernel sends one without a copy. Each call may block its thread.
// Results: a value, or a negative errno.
#ifndef FIBERS_FILE_H
#define FIBERS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// MARK: Paths

int fibers_file_rename(const char *from, const char *to);
int fibers_file_make_link(const char *path, const char *existing);
int fibers_file_make_symbolic_link(const char *path, const char *target);
/// Where a symbolic link leads, without a NUL: how many bytes that are, at most `size`.
ssize_t fibers_file_read_link(const char *path, char *buffer, size_t size);
/// Links are followed.
int fibers_file_change_mode(const char *path, mode_t mode);
int fibers_file_make_folder(const char *path, mode_t mode);
int fibers_file_remove_folder(const char *path);
/// The folder for temporary files, as the environment has it.
int fibers_file_temporary_folder(char *buffer, size_t size);

// MARK: Open files

ssize_t fibers_file_read_at(int fd, void *bytes, size_t count, int64_t offset);
ssize_t fibers_file_write_at(int fd, const void *bytes, size_t count, int64_t offset);
/// Until the device has the bytes, and what else is known of the file unless `data_only`.
int fibers_file_sync(int fd, bool data_only);
/// Whatever the umask is.
int fibers_file_set_open_mode(int fd, mode_t mode);
/// Lets up to `count` bytes of a file leave through another descriptor of any kind; 0 at the end of the file. The
/// kernel moves them where it can. Neither uses nor moves the file's position. Never raises SIGPIPE.
ssize_t fibers_file_send(int from, int64_t offset, int to, size_t count);

#endif
