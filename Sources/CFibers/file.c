// SPDX-License-Identifier: MIT
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE // copy_file_range
#endif
#include "fibers_file.h"
#include "broken_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <uv.h>

#if defined(__linux__)
#include <sys/sendfile.h>
#endif

static int checked(int result) { return result < 0 ? -errno : result; }

static ssize_t checked_size(ssize_t result) { return result < 0 ? -errno : result; }

// MARK: Paths

int fibers_file_rename(const char *from, const char *to) { return checked(rename(from, to)); }

int fibers_file_make_link(const char *path, const char *existing) { return checked(link(existing, path)); }

int fibers_file_make_symbolic_link(const char *path, const char *target) { return checked(symlink(target, path)); }

ssize_t fibers_file_read_link(const char *path, char *buffer, size_t size) {
    return checked_size(readlink(path, buffer, size));
}

int fibers_file_change_mode(const char *path, mode_t mode) { return checked(chmod(path, mode)); }

int fibers_file_make_folder(const char *path, mode_t mode) { return checked(mkdir(path, mode)); }

int fibers_file_remove_folder(const char *path) { return checked(rmdir(path)); }

int fibers_file_temporary_folder(char *buffer, size_t size) { return uv_os_tmpdir(buffer, &size); }

// MARK: Open files

ssize_t fibers_file_read_at(int fd, void *bytes, size_t count, int64_t offset) {
    ssize_t result;
    do result = pread(fd, bytes, count, offset);
    while (result < 0 && errno == EINTR);
    return checked_size(result);
}

ssize_t fibers_file_write_at(int fd, const void *bytes, size_t count, int64_t offset) {
    ssize_t result;
    do result = pwrite(fd, bytes, count, offset);
    while (result < 0 && errno == EINTR);
    return checked_size(result);
}

static int sync_once(int fd, bool data_only) {
#if defined(__APPLE__)
    (void)data_only;
    if (fcntl(fd, F_FULLFSYNC) != -1) return 0;
    return errno == EINTR ? -1 : fsync(fd); // not every device takes the former
#else
    return data_only ? fdatasync(fd) : fsync(fd);
#endif
}

int fibers_file_sync(int fd, bool data_only) {
    int result;
    do result = sync_once(fd, data_only);
    while (result < 0 && errno == EINTR);
    return checked(result);
}

int fibers_file_set_open_mode(int fd, mode_t mode) { return checked(fchmod(fd, mode)); }

// MARK: Sending

static bool is_regular(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/// What the kernel says if it cannot do this with these two. Anything else is the result.
static bool is_unsupported(int error) {
    return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP || error == EXDEV || error == EBADF ||
           error == EPERM || error == ENOTSOCK;
}

#if defined(__linux__)
static ssize_t send_by_kernel(int from, off_t offset, int to, size_t count) {
    loff_t place = offset;
    ssize_t result = is_regular(to) ? copy_file_range(from, &place, to, NULL, count, 0) : 0;
    if (result > 0 || (result < 0 && !is_unsupported(errno))) return result;
    return sendfile(to, from, &offset, count);
}
#elif defined(__APPLE__)
static ssize_t send_by_kernel(int from, off_t offset, int to, size_t count) {
    off_t sent = (off_t)count;
    const int result = sendfile(from, to, offset, &sent, NULL, 0);
    return result < 0 && sent > 0 && (errno == EAGAIN || errno == EINTR) ? sent : result < 0 ? result : sent;
}
#else
static ssize_t send_by_kernel(int from, off_t offset, int to, size_t count) {
    (void)from, (void)offset, (void)to, (void)count;
    errno = ENOSYS;
    return -1;
}
#endif

static ssize_t send_by_hand(int from, off_t offset, int to, size_t count) {
    char buffer[65536];
    const ssize_t got = pread(from, buffer, count < sizeof(buffer) ? count : sizeof(buffer), offset);
    return got <= 0 ? got : write(to, buffer, (size_t)got);
}

/// Some files, such as those of procfs, have nothing for the kernel's calls but bytes for who reads them.
static ssize_t send_once(int from, off_t offset, int to, size_t count) {
    const ssize_t result = send_by_kernel(from, offset, to, count);
    return result > 0 || (result < 0 && !is_unsupported(errno)) ? result : send_by_hand(from, offset, to, count);
}

ssize_t fibers_file_send(int from, int64_t offset, int to, size_t count) {
    sigset_t before;
    broken_pipe_block(&before);
    ssize_t result;
    do result = send_once(from, offset, to, count);
    while (result < 0 && errno == EINTR);
    result = checked_size(result);
    broken_pipe_unblock(&before, result);
    return result;
}
