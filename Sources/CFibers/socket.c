// SPDX-License-Identifier: MIT
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE // accept4, pipe2
#endif
#include "fibers_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int checked(int result) { return result < 0 ? -errno : result; }

static ssize_t checked_size(ssize_t result) { return result < 0 ? -errno : result; }

// MARK: Addresses

static struct sockaddr_in *ipv4(const fibers_address *address) { return (struct sockaddr_in *)&address->storage; }

static struct sockaddr_in6 *ipv6(const fibers_address *address) { return (struct sockaddr_in6 *)&address->storage; }

static void set_port(fibers_address *address, uint16_t port) {
    if (fibers_address_is_ipv6(address)) {
        ipv6(address)->sin6_port = htons(port);
    } else {
        ipv4(address)->sin_port = htons(port);
    }
}

bool fibers_address_parse(const char *host, uint16_t port, fibers_address *address) {
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL; // a numeric host never asks the network
    if (getaddrinfo(host, NULL, &hints, &list) != 0) return false;
    fibers_address_copy(list, port, address);
    freeaddrinfo(list);
    return true;
}

void fibers_address_copy(const struct addrinfo *info, uint16_t port, fibers_address *address) {
    memset(address, 0, sizeof(*address));
    memcpy(&address->storage, info->ai_addr, info->ai_addrlen);
    address->length = info->ai_addrlen;
    set_port(address, port);
}

void fibers_address_host(const fibers_address *address, char *buffer, size_t size) {
    buffer[0] = '\0';
    getnameinfo((const struct sockaddr *)&address->storage, address->length, buffer, (socklen_t)size, NULL, 0,
                NI_NUMERICHOST);
}

uint16_t fibers_address_port(const fibers_address *address) {
    return ntohs(fibers_address_is_ipv6(address) ? ipv6(address)->sin6_port : ipv4(address)->sin_port);
}

void fibers_address_unmap(fibers_address *address) {
    const struct sockaddr_in6 mapped = *ipv6(address);
    if (!fibers_address_is_ipv6(address) || !IN6_IS_ADDR_V4MAPPED(&mapped.sin6_addr)) return;
    memset(address, 0, sizeof(*address));
    address->storage.ss_family = AF_INET;
    address->length = sizeof(struct sockaddr_in);
    ipv4(address)->sin_port = mapped.sin6_port;
    memcpy(&ipv4(address)->sin_addr, &mapped.sin6_addr.s6_addr[12], sizeof(struct in_addr));
}

bool fibers_address_is_ipv6(const fibers_address *address) { return address->storage.ss_family == AF_INET6; }

// MARK: Descriptors

#if !defined(__linux__)
static int make_private(int fd, bool non_blocking) {
    if (fd < 0) return -errno;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (non_blocking) fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
}
#endif

int fibers_close(int fd) { return checked(close(fd)); }

int fibers_output_pipe(int *read_end, int *write_end) {
    int ends[2];
#if defined(__linux__)
    if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
#else
    if (pipe(ends) != 0) return -errno;
    make_private(ends[0], true);
    make_private(ends[1], false);
#endif
    *read_end = ends[0];
    *write_end = ends[1];
    return 0;
}

ssize_t fibers_read(int fd, void *bytes, size_t count) {
    ssize_t result;
    do result = read(fd, bytes, count);
    while (result < 0 && errno == EINTR);
    return checked_size(result);
}

ssize_t fibers_socket_send(int fd, const void *bytes, size_t count) {
#if defined(MSG_NOSIGNAL)
    const int flags = MSG_NOSIGNAL;
#else
    const int flags = 0; // the socket has SO_NOSIGPIPE
#endif
    ssize_t result;
    do result = send(fd, bytes, count, flags);
    while (result < 0 && errno == EINTR);
    return checked_size(result);
}

// MARK: TCP

static int set_option(int fd, int level, int option, int value) {
    return checked(setsockopt(fd, level, option, &value, sizeof(value)));
}

static int without_sigpipe(int fd) {
#if defined(SO_NOSIGPIPE)
    if (fd >= 0) set_option(fd, SOL_SOCKET, SO_NOSIGPIPE, 1);
#endif
    return fd;
}

int fibers_tcp_socket(const fibers_address *address) {
#if defined(__linux__)
    return without_sigpipe(checked(socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)));
#else
    return without_sigpipe(make_private(socket(address->storage.ss_family, SOCK_STREAM, 0), true));
#endif
}

#if defined(TCP_KEEPIDLE)
enum { keep_alive_idle = TCP_KEEPIDLE };
#else
enum { keep_alive_idle = TCP_KEEPALIVE };
#endif

static int set_keep_alive(int fd, const fibers_tcp_options *options) {
    const bool is_on = options->keep_alive_count > 0;
    int result = set_option(fd, SOL_SOCKET, SO_KEEPALIVE, is_on);
    if (!is_on) return result;
    if (result == 0) result = set_option(fd, IPPROTO_TCP, keep_alive_idle, options->keep_alive_idle);
    if (result == 0) result = set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, options->keep_alive_interval);
    if (result == 0) result = set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, options->keep_alive_count);
    return result;
}

/// Zero is the only time that may be given: with any other, closing would block the thread.
static int set_linger(int fd, bool resets_on_close) {
    const struct linger value = {.l_onoff = resets_on_close, .l_linger = 0};
    return checked(setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, sizeof(value)));
}

static int set_buffer_size(int fd, int option, int size) {
    return size == 0 ? 0 : set_option(fd, SOL_SOCKET, option, size);
}

int fibers_tcp_configure(int fd, const fibers_tcp_options *options) {
    int result = set_option(fd, IPPROTO_TCP, TCP_NODELAY, options->no_delay);
    if (result == 0) result = set_keep_alive(fd, options);
    if (result == 0) result = set_linger(fd, options->resets_on_close);
    if (result == 0) result = set_buffer_size(fd, SO_SNDBUF, options->send_buffer_size);
    if (result == 0) result = set_buffer_size(fd, SO_RCVBUF, options->receive_buffer_size);
    return result;
}

/// FreeBSD balances with an option of its own; elsewhere its older one shares the port.
#if defined(SO_REUSEPORT_LB)
enum { share_port = SO_REUSEPORT_LB };
#else
enum { share_port = SO_REUSEPORT };
#endif

int fibers_tcp_listen(int fd, const fibers_address *address, int backlog, bool shares_port) {
    int result = set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (result == 0 && fibers_address_is_ipv6(address)) result = set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    if (result == 0 && shares_port) result = set_option(fd, SOL_SOCKET, share_port, 1);
    if (result == 0) result = checked(bind(fd, (const struct sockaddr *)&address->storage, address->length));
    if (result == 0) result = checked(listen(fd, backlog));
    return result;
}

int fibers_tcp_connect(int fd, const fibers_address *address) {
    return checked(connect(fd, (const struct sockaddr *)&address->storage, address->length));
}

int fibers_tcp_connect_result(int fd) {
    int error = 0;
    socklen_t length = sizeof(error);
    const int result = checked(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length));
    return result == 0 ? -error : result;
}

int fibers_tcp_accept(int fd, fibers_address *peer) {
    struct sockaddr *storage = (struct sockaddr *)&peer->storage;
    int result;
#if defined(__linux__)
    do {
        peer->length = sizeof(peer->storage);
        result = accept4(fd, storage, &peer->length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    } while (result < 0 && errno == EINTR);
    return without_sigpipe(checked(result));
#else
    do {
        peer->length = sizeof(peer->storage);
        result = accept(fd, storage, &peer->length);
    } while (result < 0 && errno == EINTR);
    return without_sigpipe(make_private(result, true));
#endif
}

int fibers_tcp_shutdown_write(int fd) { return checked(shutdown(fd, SHUT_WR)); }

int fibers_local_address(int fd, fibers_address *address) {
    address->length = sizeof(address->storage);
    return checked(getsockname(fd, (struct sockaddr *)&address->storage, &address->length));
}
