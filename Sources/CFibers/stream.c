// SPDX-License-Identifier: MIT
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE // pipe2
#endif
#include "fibers_stream.h"
#include "broken_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int checked(int result) { return result < 0 ? -errno : result; }

static ssize_t checked_size(ssize_t result) { return result < 0 ? -errno : result; }

// MARK: Opening

int fibers_pipe(int *read_end, int *write_end) {
    int ends[2];
#if defined(__linux__)
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -errno;
#else
    if (pipe(ends) != 0) return -errno;
    for (int i = 0; i < 2; i += 1) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
#endif
    *read_end = ends[0];
    *write_end = ends[1];
    return 0;
}

int fibers_adopt(int fd) { return checked(fcntl(fd, F_SETFD, FD_CLOEXEC)); }

static int access_mode(int fd) {
    const int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? -errno : flags & O_ACCMODE;
}

int fibers_access(int fd, bool *is_readable, bool *is_writable) {
    const int mode = access_mode(fd);
    if (mode < 0) return mode;
    *is_readable = mode != O_WRONLY;
    *is_writable = mode != O_RDONLY;
    return 0;
}

static bool has_type(int fd, mode_t type) {
    struct stat status;
    return fstat(fd, &status) == 0 && (status.st_mode & S_IFMT) == type;
}

bool fibers_is_socket(int fd) { return has_type(fd, S_IFSOCK); }

bool fibers_is_terminal(int fd) { return isatty(fd) == 1; }

// MARK: Standard streams

static bool is_to_be_blocking[3];

static void make_blocking_again(void) {
    for (int fd = 0; fd < 3; fd += 1) {
        if (is_to_be_blocking[fd]) fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    }
}

static void prepare_exit(void) { atexit(make_blocking_again); }

static int duplicate(int number) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const int flags = fcntl(number, F_GETFL);
    if (flags >= 0 && (flags & O_NONBLOCK) == 0 && !has_type(number, S_IFREG)) {
        pthread_once(&once, prepare_exit);
        is_to_be_blocking[number] = true;
    }
    return checked(fcntl(number, F_DUPFD_CLOEXEC, 3));
}

int fibers_standard_stream(int number) {
    const int mode = access_mode(number);
    if (mode < 0) return mode;
    if (fibers_is_terminal(number) || has_type(number, S_IFIFO)) {
        char path[64];
#if defined(__linux__)
        snprintf(path, sizeof(path), "/proc/self/fd/%d", number);
#else
        if (ttyname_r(number, path, sizeof(path)) != 0) return duplicate(number);
#endif
        const int fd = open(path, mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd >= 0) return fd;
    }
    return duplicate(number);
}

// MARK: Writing

static ssize_t without_signal(ssize_t (*write)(int, const struct iovec *, int), int fd, const struct iovec *parts,
                              int count) {
    sigset_t before;
    broken_pipe_block(&before);
    ssize_t result;
    do result = write(fd, parts, count);
    while (result < 0 && errno == EINTR);
    result = checked_size(result);
    broken_pipe_unblock(&before, result);
    return result;
}

ssize_t fibers_gather_write(int fd, const struct iovec *parts, int count) {
    return without_signal(writev, fd, parts, count);
}

ssize_t fibers_write(int fd, const void *bytes, size_t count) {
    const struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    return fibers_gather_write(fd, &part, 1);
}

ssize_t fibers_socket_gather_send(int fd, const struct iovec *parts, int count) {
#if defined(MSG_NOSIGNAL)
    const int flags = MSG_NOSIGNAL;
#else
    const int flags = 0; // the socket has SO_NOSIGPIPE
#endif
    const struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};
    ssize_t result;
    do result = sendmsg(fd, &message, flags);
    while (result < 0 && errno == EINTR);
    return checked_size(result);
}
