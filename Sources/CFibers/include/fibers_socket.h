// SPDX-License-Identifier: MIT
// System calls that differ between platforms, or whose C form (unions, macros) Swift cannot use. Every descriptor they
// return is non-blocking (but for pipes, see there) and close-on-exec. Results: a value, or a negative errno.
#ifndef FIBERS_SOCKET_H
#define FIBERS_SOCKET_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/// An address as system calls take it.
typedef struct fibers_address {
    struct sockaddr_storage storage;
    socklen_t length;
} fibers_address;

/// An IPv4 or IPv6 address with port, as one value: 16 bytes in network order, an IPv4 address in its form of IPv6.
typedef struct fibers_ip {
    uint64_t high, low;
    /// The interface, for addresses that mean something on one link only; else 0.
    uint32_t scope;
    uint16_t port;
} fibers_ip;

/// Reads a numeric IPv4 or IPv6 address; false if `host` is not one.
bool fibers_ip_parse(const char *host, uint16_t port, fibers_ip *ip);
fibers_ip fibers_ip_of(const fibers_address *address);
/// The address of an entry of a look-up; port 0.
fibers_ip fibers_ip_of_entry(const struct addrinfo *entry);
bool fibers_ip_is_ipv4(fibers_ip ip);
/// Writes the numeric host without its port.
void fibers_ip_host(fibers_ip ip, char *buffer, size_t size);
/// IPv4 addresses get their own form.
fibers_address fibers_ip_address(fibers_ip ip);
/// The form that a socket of IPv6 takes, even for IPv4.
fibers_address fibers_ip_address_ipv6(fibers_ip ip);

int fibers_tcp_socket(const fibers_address *address);

typedef struct fibers_tcp_options {
    bool no_delay;
    bool resets_on_close;
    /// Seconds.
    int keep_alive_idle, keep_alive_interval;
    /// 0 turns it off.
    int keep_alive_count;
    /// Bytes; 0 leaves what the system has chosen.
    int send_buffer_size, receive_buffer_size;
} fibers_tcp_options;
/// Before connecting, listening, or at any time. Accepted connections inherit the options of their listener.
int fibers_tcp_configure(int fd, const fibers_tcp_options *options);

/// Binds with address reuse and listens; on `::`, for IPv4 as well. A shared port is one that other sockets of this user may share as well.
int fibers_tcp_listen(int fd, const fibers_address *address, int backlog, bool shares_port);
int fibers_tcp_connect(int fd, const fibers_address *address);
/// The result of a connect that was in progress.
int fibers_tcp_connect_result(int fd);
/// The next connection, and the address of its peer, which is known even if it has left already.
int fibers_tcp_accept(int fd, fibers_address *peer);
int fibers_tcp_shutdown_write(int fd);
int fibers_local_address(int fd, fibers_address *address);

ssize_t fibers_read(int fd, void *bytes, size_t count);
/// What `fibers_read` does, some 100 ns faster: the kernel need not find out what the descriptor is.
ssize_t fibers_socket_receive(int fd, void *bytes, size_t count);
/// Never raises SIGPIPE.
ssize_t fibers_socket_send(int fd, const void *bytes, size_t count);
int fibers_close(int fd);

#endif
