// SPDX-License-Identifier: MIT
// Clients of an echo server that speaks TLS, all in one thread. They believe whatever certificate they see.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "floor.h"

#if defined(__linux__)
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "latencies.h"

typedef struct client {
    int fd;
    SSL *session;
    size_t received;
    uint64_t begun_at;
} client;

typedef struct load {
    uint16_t port;
    size_t size;
    int epoll;
    bool is_measuring, reconnects;
    SSL_CTX *context;
    latencies latencies;
    char *message;
} load;

static bool send_message(const load *load, client *client) {
    client->received = 0;
    if (!load->reconnects) client->begun_at = now();
    return SSL_write(client->session, load->message, (int)load->size) == (int)load->size;
}

static bool would_wait(const client *client, int result) {
    return SSL_get_error(client->session, result) == SSL_ERROR_WANT_READ;
}

/// As far as it goes without waiting. False on failure.
static bool shake_hands(const load *load, client *client) {
    const int result = SSL_do_handshake(client->session);
    return result == 1 ? send_message(load, client) : would_wait(client, result);
}

static bool open_client(const load *load, client *client) {
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(load->port)};
    const struct linger resets = {.l_onoff = 1};
    const int on = 1;
    client->begun_at = now();
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd < 0 || connect(client->fd, (const struct sockaddr *)&address, sizeof(address)) != 0) return false;
    fcntl(client->fd, F_SETFL, O_NONBLOCK);
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &resets, sizeof(resets)); // or ports run out
    client->session = SSL_new(load->context);
    SSL_set_fd(client->session, client->fd);
    SSL_set_connect_state(client->session);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    return epoll_ctl(load->epoll, EPOLL_CTL_ADD, client->fd, &event) == 0 && shake_hands(load, client);
}

static bool begin_again(load *load, client *client) {
    latencies_add(&load->latencies, client->begun_at, load->is_measuring);
    if (!load->reconnects) return send_message(load, client);
    SSL_free(client->session);
    close(client->fd);
    return open_client(load, client);
}

static bool advance(load *load, client *client) {
    if (!SSL_is_init_finished(client->session)) return shake_hands(load, client);
    const int count = SSL_read(client->session, load->message, (int)load->size);
    if (count <= 0) return would_wait(client, count);
    client->received += (size_t)count;
    return client->received < load->size || begin_again(load, client);
}

static bool run_until(load *load, uint64_t end) {
    struct epoll_event events[256];
    while (now() < end) {
        const int count = epoll_wait(load->epoll, events, 256, 100);
        for (int i = 0; i < count; i += 1) {
            if (!advance(load, events[i].data.ptr)) return false;
        }
    }
    return true;
}

bool floor_tls_load_run(
    uint16_t port, size_t connections, size_t size, bool reconnects, double seconds, floor_load *result) {
    client *clients = calloc(connections, sizeof(client));
    load load = {
        .port = port, .size = size, .reconnects = reconnects, .epoll = epoll_create1(EPOLL_CLOEXEC),
        .context = SSL_CTX_new(TLS_client_method()), .latencies = latencies_create(), .message = malloc(size)};
    SSL_CTX_set_read_ahead(load.context, 1);
    memset(load.message, 'x', size);
    for (size_t i = 0; i < connections; i += 1) {
        if (!open_client(&load, &clients[i])) return false;
    }
    if (!run_until(&load, now() + 200000000u)) return false;
    load.is_measuring = true;
    const uint64_t begin = now();
    if (!run_until(&load, begin + (uint64_t)(seconds * 1e9)) || load.latencies.measured == 0) return false;
    *result = latencies_result(&load.latencies, begin);
    return true;
}
#else
bool floor_tls_load_run(
    uint16_t port, size_t connections, size_t size, bool reconnects, double seconds, floor_load *result) {
    (void)port; (void)connections; (void)size; (void)reconnects; (void)seconds; (void)result;
    return false;
}
#endif
