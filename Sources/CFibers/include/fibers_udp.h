// SPDX-License-Identifier: MIT
// UDP sockets: what differs between platforms and between IPv4 and IPv6. Results: a value, or a negative errno.
#ifndef FIBERS_UDP_H
#define FIBERS_UDP_H

#include "fibers_socket.h"

/// Non-blocking and close-on-exec.
int fibers_udp_socket(bool is_ipv6);
/// On `::`, for IPv4 as well. A shared port is one that other sockets of this user may share as well.
int fibers_udp_bind(int fd, const fibers_address *address, bool shares_port);
int fibers_udp_connect(int fd, const fibers_address *peer);

typedef struct fibers_udp_options {
    bool is_ipv6;
    bool broadcasts;
    bool loops_multicast_back;
    /// Negative leaves what the system has chosen.
    int time_to_live, multicast_time_to_live;
    /// 0 leaves what the system has chosen.
    unsigned multicast_interface;
    /// Bytes; 0 leaves what the system has chosen.
    int send_buffer_size, receive_buffer_size;
} fibers_udp_options;
int fibers_udp_configure(int fd, const fibers_udp_options *options);

/// The number of an interface; 0 if there is none of that name.
unsigned fibers_interface(const char *name);
/// Joins a multicast group on an interface, 0 for the system's choice, or leaves it.
int fibers_udp_join(int fd, fibers_ip group, unsigned interface);
int fibers_udp_leave(int fd, fibers_ip group, unsigned interface);

/// To the address, or to the peer of a connected socket if that is null.
ssize_t fibers_udp_send(int fd, const void *bytes, size_t count, const fibers_address *address);

typedef struct fibers_datagram {
    /// Where its bytes go, and how many may.
    void *bytes;
    size_t capacity;
    // What has come:
    size_t count;
    bool is_truncated;
    fibers_ip sender;
} fibers_datagram;

enum { fibers_datagrams_max = 64 };
/// Receives up to `count` datagrams, at most `fibers_datagrams_max`, in one system call where there is one for that.
/// Returns how many came.
int fibers_udp_receive(int fd, fibers_datagram *datagrams, int count);

#endif
