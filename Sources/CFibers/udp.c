// SPDX-License-Identifier: MIT
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE // recvmmsg
#endif
#if defined(__APPLE__)
#define __APPLE_USE_RFC_3542
#endif
#include "fibers_udp.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

static int checked(int result) { return result < 0 ? -errno : result; }

static int set_option(int fd, int level, int option, int value) {
    return checked(setsockopt(fd, level, option, &value, sizeof(value)));
}

// MARK: Making

#if defined(__linux__)
/// Else a socket would get every group that any socket of the machine has joined.
static void ignore_groups_of_others(int fd, bool is_ipv6) {
    set_option(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
    if (is_ipv6) set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
}
#endif

int fibers_udp_socket(bool is_ipv6) {
    const int family = is_ipv6 ? AF_INET6 : AF_INET;
#if defined(__linux__)
    const int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    ignore_groups_of_others(fd, is_ipv6);
    return fd;
#else
    const int fd = socket(family, SOCK_DGRAM, 0);
    if (fd < 0) return -errno;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
#endif
}

int fibers_udp_bind(int fd, const fibers_address *address, bool shares_port) {
    int result = 0;
    if (address->storage.ss_family == AF_INET6) result = set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    if (result == 0 && shares_port) result = set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    if (result == 0) result = checked(bind(fd, (const struct sockaddr *)&address->storage, address->length));
    return result;
}

int fibers_udp_connect(int fd, const fibers_address *peer) {
    return checked(connect(fd, (const struct sockaddr *)&peer->storage, peer->length));
}

// MARK: Options

/// A socket of IPv6 may serve IPv4 as well; some systems then take options for both.
static int set_ip_option(int fd, bool is_ipv6, int ipv4_option, int ipv6_option, int value) {
    const int result = set_option(fd, IPPROTO_IP, ipv4_option, value);
    return is_ipv6 ? set_option(fd, IPPROTO_IPV6, ipv6_option, value) : result;
}

static int set_multicast_interface(int fd, bool is_ipv6, unsigned interface) {
    const struct ip_mreqn request = {.imr_ifindex = (int)interface};
    const int result = checked(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof(request)));
    return is_ipv6 ? set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, (int)interface) : result;
}

int fibers_udp_configure(int fd, const fibers_udp_options *options) {
    const bool is_ipv6 = options->is_ipv6;
    int result = set_option(fd, SOL_SOCKET, SO_BROADCAST, options->broadcasts);
    if (result == 0) {
        result = set_ip_option(fd, is_ipv6, IP_MULTICAST_LOOP, IPV6_MULTICAST_LOOP, options->loops_multicast_back);
    }
    if (result == 0 && options->time_to_live >= 0) {
        result = set_ip_option(fd, is_ipv6, IP_TTL, IPV6_UNICAST_HOPS, options->time_to_live);
    }
    if (result == 0 && options->multicast_time_to_live >= 0) {
        result = set_ip_option(fd, is_ipv6, IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS, options->multicast_time_to_live);
    }
    if (result == 0 && options->multicast_interface != 0) {
        result = set_multicast_interface(fd, is_ipv6, options->multicast_interface);
    }
    if (result == 0 && options->send_buffer_size != 0) {
        result = set_option(fd, SOL_SOCKET, SO_SNDBUF, options->send_buffer_size);
    }
    if (result == 0 && options->receive_buffer_size != 0) {
        result = set_option(fd, SOL_SOCKET, SO_RCVBUF, options->receive_buffer_size);
    }
    return result;
}

// MARK: Multicast

unsigned fibers_interface(const char *name) { return if_nametoindex(name); }

static int set_membership(int fd, fibers_ip group, unsigned interface, int option) {
    const fibers_address address = fibers_ip_address(group);
    struct group_req request = {.gr_interface = interface};
    memcpy(&request.gr_group, &address.storage, address.length);
    const int level = address.storage.ss_family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
    return checked(setsockopt(fd, level, option, &request, sizeof(request)));
}

int fibers_udp_join(int fd, fibers_ip group, unsigned interface) {
    return set_membership(fd, group, interface, MCAST_JOIN_GROUP);
}

int fibers_udp_leave(int fd, fibers_ip group, unsigned interface) {
    return set_membership(fd, group, interface, MCAST_LEAVE_GROUP);
}

// MARK: Datagrams

ssize_t fibers_udp_send(int fd, const void *bytes, size_t count, const fibers_address *address) {
    const struct sockaddr *to = address == NULL ? NULL : (const struct sockaddr *)&address->storage;
    ssize_t result;
    do result = sendto(fd, bytes, count, 0, to, address == NULL ? 0 : address->length);
    while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : result;
}

/// What one datagram needs while it is received.
typedef struct reception {
    fibers_address sender;
    struct iovec room;
} reception;

static void prepare(reception *reception, struct msghdr *message, const fibers_datagram *datagram) {
    reception->room = (struct iovec){.iov_base = datagram->bytes, .iov_len = datagram->capacity};
    *message = (struct msghdr){
        .msg_name = &reception->sender.storage,
        .msg_namelen = sizeof(reception->sender.storage),
        .msg_iov = &reception->room,
        .msg_iovlen = 1,
    };
}

static void finish(const reception *reception, const struct msghdr *message, size_t count, fibers_datagram *datagram) {
    datagram->count = count;
    datagram->is_truncated = (message->msg_flags & MSG_TRUNC) != 0;
    datagram->sender = fibers_ip_of(&reception->sender);
}

static int receive_one(int fd, fibers_datagram *datagram) {
    reception reception;
    struct msghdr message;
    prepare(&reception, &message, datagram);
    ssize_t result;
    do result = recvmsg(fd, &message, 0);
    while (result < 0 && errno == EINTR);
    if (result < 0) return -errno;
    finish(&reception, &message, (size_t)result, datagram);
    return 1;
}

#if defined(__linux__)
/// Apart, so that receiving one datagram needs little of a stack.
static __attribute__((noinline)) int receive_several(int fd, fibers_datagram *datagrams, int count) {
    reception receptions[fibers_datagrams_max];
    struct mmsghdr messages[fibers_datagrams_max];
    for (int i = 0; i < count; i += 1) prepare(&receptions[i], &messages[i].msg_hdr, &datagrams[i]);
    int result;
    do result = recvmmsg(fd, messages, (unsigned)count, 0, NULL);
    while (result < 0 && errno == EINTR);
    for (int i = 0; i < result; i += 1) {
        finish(&receptions[i], &messages[i].msg_hdr, messages[i].msg_len, &datagrams[i]);
    }
    return checked(result);
}
#else
static int receive_several(int fd, fibers_datagram *datagrams, int count) {
    for (int i = 0; i < count; i += 1) {
        const int result = receive_one(fd, &datagrams[i]);
        if (result < 0) return i > 0 ? i : result;
    }
    return count;
}
#endif

int fibers_udp_receive(int fd, fibers_datagram *datagrams, int count) {
    if (count == 1) return receive_one(fd, datagrams);
    return receive_several(fd, datagrams, count < fibers_datagrams_max ? count : fibers_datagrams_max);
}
