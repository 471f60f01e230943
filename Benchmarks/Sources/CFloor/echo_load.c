// SPDX-License-Identifier: MIT
// Clients of an echo server, all in one thread: each sends a message, waits until it is back, and sends the next.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "floor.h"

#if defined(__linux__)
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "latencies.h"

const bool floor_has_load = true;

typedef struct client {
    int fd;
    size_t received;
    uint64_t sent_at;
} client;

typedef struct load {
    size_t count, size;
    int epoll;
    bool is_measuring;
    latencies latencies;
    client *clients;
    char *message;
} load;

static bool connect_client(client *client, uint16_t port, int epoll) {
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    const int on = 1;
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd < 0 || connect(client->fd, (const struct sockaddr *)&address, sizeof(address)) != 0) return false;
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, client->fd, &event) == 0;
}

/// What is on its way fits into the kernel's buffers.
static bool send_message(const load *load, client *client) {
    client->received = 0;
    client->sent_at = now();
    return send(client->fd, load->message, load->size, MSG_NOSIGNAL) == (ssize_t)load->size;
}

static bool answer_came(load *load, client *client) {
    const ssize_t count = recv(client->fd, load->message, load->size - client->received, 0);
    if (count <= 0) return false;
    client->received += (size_t)count;
    if (client->received < load->size) return true;
    latencies_add(&load->latencies, client->sent_at, load->is_measuring);
    return send_message(load, client);
}

static bool run_until(load *load, uint64_t end) {
    struct epoll_event events[256];
    while (now() < end) {
        const int count = epoll_wait(load->epoll, events, 256, 100);
        for (int i = 0; i < count; i += 1) {
            if (!answer_came(load, events[i].data.ptr)) return false;
        }
    }
    return true;
}

static bool open_clients(load *load, uint16_t port) {
    for (size_t i = 0; i < load->count; i += 1) {
        if (!connect_client(&load->clients[i], port, load->epoll) || !send_message(load, &load->clients[i])) return false;
    }
    return true;
}

bool floor_load_run(uint16_t port, size_t connections, size_t size, double seconds, floor_load *result) {
    load load = {
        .count = connections, .size = size, .epoll = epoll_create1(EPOLL_CLOEXEC),
        .clients = calloc(connections, sizeof(client)), .latencies = latencies_create(),
        .message = malloc(size)};
    memset(load.message, 'x', size);
    if (!open_clients(&load, port) || !run_until(&load, now() + 200000000u)) return false;
    load.is_measuring = true;
    const uint64_t begin = now();
    if (!run_until(&load, begin + (uint64_t)(seconds * 1e9)) || load.latencies.measured == 0) return false;
    *result = latencies_result(&load.latencies, begin);
    return true;
}

bool floor_idle_clients(uint16_t port, size_t count) {
    client *clients = calloc(count, sizeof(*clients));
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    char byte = 'x';
    for (size_t i = 0; i < count; i += 1) {
        if (!connect_client(&clients[i], port, epoll)) return false;
        if (send(clients[i].fd, &byte, 1, MSG_NOSIGNAL) != 1 || recv(clients[i].fd, &byte, 1, 0) != 1) return false;
    }
    return recv(clients[0].fd, &byte, 1, 0) == 0;
}
#else
bool floor_idle_clients(uint16_t port, size_t count) { (void)port; (void)count; return false; }
const bool floor_has_load = false;
bool floor_load_run(uint16_t port, size_t connections, size_t size, double seconds, floor_load *result) {
    (void)port; (void)connections; (void)size; (void)seconds; (void)result;
    return false;
}
#endif
