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

static bool is_ipv6(const fibers_address *address) { return address->storage.ss_family == AF_INET6; }

static struct in6_addr bytes_of(fibers_ip ip) {
    struct in6_addr bytes;
    memcpy(&bytes.s6_addr[0], &ip.high, sizeof(ip.high));
    memcpy(&bytes.s6_addr[8], &ip.low, sizeof(ip.low));
    return bytes;
}

static fibers_ip ip_of_bytes(const uint8_t *bytes, uint16_t network_port, uint32_t scope) {
    fibers_ip ip = {.scope = scope, .port = ntohs(network_port)};
    memcpy(&ip.high, &bytes[0], sizeof(ip.high));
    memcpy(&ip.low, &bytes[8], sizeof(ip.low));
    return ip;
}

fibers_ip fibers_ip_of(const fibers_address *address) {
    if (is_ipv6(address)) {
        const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *)&address->storage;
        return ip_of_bytes(ipv6->sin6_addr.s6_addr, ipv6->sin6_port, ipv6->sin6_scope_id);
    }
    const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)&address->storage;
    uint8_t bytes[16] = {[10] = 0xff, [11] = 0xff};
    memcpy(&bytes[12], &ipv4->sin_addr, sizeof(ipv4->sin_addr));
    return ip_of_bytes(bytes, ipv4->sin_port, 0);
}

fibers_ip fibers_ip_of_entry(const struct addrinfo *entry) {
    fibers_address address = {.length = entry->ai_addrlen};
    memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    return fibers_ip_of(&address);
}

bool fibers_ip_parse(const char *host, uint16_t port, fibers_ip *ip) {
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL; // a numeric host never asks the network
    if (getaddrinfo(host, NULL, &hints, &list) != 0) return false;
    *ip = fibers_ip_of_entry(list);
    ip->port = port;
    freeaddrinfo(list);
    return true;
}

bool fibers_ip_is_ipv4(fibers_ip ip) {
    const struct in6_addr bytes = bytes_of(ip);
    return IN6_IS_ADDR_V4MAPPED(&bytes);
}

fibers_address fibers_ip_address_ipv6(fibers_ip ip) {
    fibers_address address = {.length = sizeof(struct sockaddr_in6)};
    struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)&address.storage;
    ipv6->sin6_family = AF_INET6;
    ipv6->sin6_addr = bytes_of(ip);
    ipv6->sin6_port = htons(ip.port);
    ipv6->sin6_scope_id = ip.scope;
#if defined(SIN6_LEN)
    ipv6->sin6_len = sizeof(*ipv6);
#endif
    return address;
}

fibers_address fibers_ip_address(fibers_ip ip) {
    if (!fibers_ip_is_ipv4(ip)) return fibers_ip_address_ipv6(ip);
    fibers_address address = {.length = sizeof(struct sockaddr_in)};
    struct sockaddr_in *ipv4 = (struct sockaddr_in *)&address.storage;
    const struct in6_addr bytes = bytes_of(ip);
    ipv4->sin_family = AF_INET;
    memcpy(&ipv4->sin_addr, &bytes.s6_addr[12], sizeof(ipv4->sin_addr));
    ipv4->sin_port = htons(ip.port);
#if defined(SIN6_LEN) // of all addresses
    ipv4->sin_len = sizeof(*ipv4);
#endif
    return address;
}

void fibers_ip_host(fibers_ip ip, char *buffer, size_t size) {
    const fibers_address address = fibers_ip_address(ip);
    buffer[0] = '\0';
    getnameinfo((const struct sockaddr *)&address.storage, address.length, buffer, (socklen_t)size, NULL, 0,
                NI_NUMERICHOST);
}

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

ssize_t fibers_read(int fd, void *bytes, size_t count) {
    ssize_t result;
    do result = read(fd, bytes, count);
    while (result < 0 && errno == EINTR);
    return checked_size(result);
}

ssize_t fibers_socket_receive(int fd, void *bytes, size_t count) {
    ssize_t result;
    do result = recv(fd, bytes, count, 0);
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
    if (result == 0 && is_ipv6(address)) result = set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
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
