// SPDX-License-Identifier: MIT
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE // accept4, struct ucred
#endif
#include "fibers_unix.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int checked(int result) { return result < 0 ? -errno : result; }

// MARK: Sockets

/// One byte less than there is room for: a path ends with a NUL, an abstract name begins with one.
const size_t fibers_unix_name_limit = sizeof(((struct sockaddr_un *)0)->sun_path) - 1;

#if defined(__linux__)
const bool fibers_unix_has_abstract_names = true;
#else
const bool fibers_unix_has_abstract_names = false;
#endif

void fibers_unix_address(const void *name, size_t length, bool is_abstract, fibers_address *address) {
    struct sockaddr_un *unix_address = (struct sockaddr_un *)&address->storage;
    memset(address, 0, sizeof(*address));
    unix_address->sun_family = AF_UNIX;
    memcpy(unix_address->sun_path + (is_abstract ? 1 : 0), name, length);
    address->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
}

#if !defined(__linux__)
static int make_private(int fd) {
    if (fd < 0) return -errno;
    const int on = 1;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on));
    return fd;
}
#endif

int fibers_unix_socket(void) {
#if defined(__linux__)
    return checked(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
#else
    return make_private(socket(AF_UNIX, SOCK_STREAM, 0));
#endif
}

int fibers_unix_pair(int *one, int *other) {
    int ends[2];
#if defined(__linux__)
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) return -errno;
#else
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -errno;
    make_private(ends[0]);
    make_private(ends[1]);
#endif
    *one = ends[0];
    *other = ends[1];
    return 0;
}

int fibers_unix_bind(int fd, const fibers_address *address, mode_t mode) {
    fchmod(fd, mode); // Linux makes the file with the mode of the socket; others refuse, and nobody can connect yet anyhow
    return checked(bind(fd, (const struct sockaddr *)&address->storage, address->length));
}

int fibers_unix_listen(int fd, int backlog) { return checked(listen(fd, backlog)); }

int fibers_unix_connect(int fd, const fibers_address *address) {
    return checked(connect(fd, (const struct sockaddr *)&address->storage, address->length));
}

int fibers_unix_accept(int fd) {
    int result;
#if defined(__linux__)
    do result = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    while (result < 0 && errno == EINTR);
    return checked(result);
#else
    do result = accept(fd, NULL, NULL);
    while (result < 0 && errno == EINTR);
    return make_private(result);
#endif
}

// MARK: Files

int fibers_file_identify(const char *path, fibers_file_identity *identity) {
    struct stat status;
    if (lstat(path, &status) != 0) return -errno;
    identity->device = status.st_dev;
    identity->number = status.st_ino;
    identity->is_socket = S_ISSOCK(status.st_mode);
    return 0;
}

int fibers_file_set_mode(const char *path, mode_t mode) {
    return checked(fchmodat(AT_FDCWD, path, mode, AT_SYMLINK_NOFOLLOW));
}

int fibers_file_remove(const char *path) { return checked(unlink(path)); }

int fibers_folder_lock(const char *path) {
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return -errno;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    const int error = errno;
    close(fd);
    return -error;
}

void fibers_folder_unlock(int fd) {
    flock(fd, LOCK_UN); // said, because a process that is being started may have a copy of the descriptor
    close(fd);
}

// MARK: Messages

int fibers_unix_peer(int fd, fibers_credentials *credentials) {
#if defined(__linux__)
    struct ucred peer;
    socklen_t length = sizeof(peer);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return -errno;
    *credentials = (fibers_credentials){.process = peer.pid, .user = peer.uid, .group = peer.gid};
    return 0;
#else
    socklen_t length = sizeof(credentials->process);
    if (getsockopt(fd, SOL_LOCAL, LOCAL_PEERPID, &credentials->process, &length) != 0) return -errno;
    return checked(getpeereid(fd, &credentials->user, &credentials->group));
#endif
}

/// Aligned as a header must be.
typedef union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(fibers_unix_most_descriptors * sizeof(int))];
} control;

ssize_t fibers_unix_send(int fd, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count) {
    control control = {0};
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor_count > 0) {
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(descriptor_count * sizeof(int));
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(descriptor_count * sizeof(int));
        memcpy(CMSG_DATA(&control.header), descriptors, descriptor_count * sizeof(int));
    }
#if defined(MSG_NOSIGNAL)
    const int flags = MSG_NOSIGNAL;
#else
    const int flags = 0; // the socket has SO_NOSIGPIPE
#endif
    ssize_t result;
    do result = sendmsg(fd, &message, flags);
    while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : result;
}

ssize_t fibers_unix_receive(int fd, void *bytes, size_t count, int *descriptors, size_t *descriptor_count, bool *lost) {
    control control;
    struct iovec part = {.iov_base = bytes, .iov_len = count};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
#if defined(MSG_CMSG_CLOEXEC)
    const int flags = MSG_CMSG_CLOEXEC;
#else
    const int flags = 0;
#endif
    ssize_t result;
    do result = recvmsg(fd, &message, flags);
    while (result < 0 && errno == EINTR);
    *descriptor_count = 0;
    if (result < 0) return -errno;
    *lost = (message.msg_flags & MSG_CTRUNC) != 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        const size_t size = header->cmsg_len - CMSG_LEN(0);
        memcpy(descriptors + *descriptor_count, CMSG_DATA(header), size);
        *descriptor_count += size / sizeof(int);
    }
#if !defined(MSG_CMSG_CLOEXEC)
    for (size_t i = 0; i < *descriptor_count; i += 1) fcntl(descriptors[i], F_SETFD, FD_CLOEXEC);
#endif
    return result;
}
