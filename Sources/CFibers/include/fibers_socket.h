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

/// An IPv4 or IPv6 address with port.
typedef struct fibers_address {
    struct sockaddr_storage storage;
    socklen_t length;
} fibers_address;

/// Reads a numeric IPv4 or IPv6 address; false if `host` is not one.
bool fibers_address_parse(const char *host, uint16_t port, fibers_address *address);
/// The address of an entry of a look-up, with this port.
void fibers_address_copy(const struct addrinfo *info, uint16_t port, fibers_address *address);
/// Writes the numeric host without its port.
void fibers_address_host(const fibers_address *address, char *buffer, size_t size);
/// Gives an IPv4 address in the form of IPv6, as sockets for both have it, its own form.
void fibers_address_unmap(fibers_address *address);
uint16_t fibers_address_port(const fibers_address *address);
bool fibers_address_is_ipv6(const fibers_address *address);

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
/// Never raises SIGPIPE.
ssize_t fibers_socket_send(int fd, const void *bytes, size_t count);
int fibers_close(int fd);

/// A pipe whose read end is non-blocking; the write end blocks, because a child expects that of its streams.
int fibers_output_pipe(int *read_end, int *write_end);

#endif
