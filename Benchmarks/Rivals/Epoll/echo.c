// SPDX-License-Identifier: MIT
// C on bare epoll, told once of each change (edge-triggered): what nobody can do without, and nothing else.
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[65536];

static int listen_somewhere(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(listener, 4096) != 0
        || getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return -1;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void watch(int epoll, int fd) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.fd = fd};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void accept_clients(int listener, int epoll) {
    const int on = 1;
    int client;
    while ((client = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        watch(epoll, client);
    }
}

/// A read that does not fill the buffer has taken all there was, but for the end. A client that does not take its answers
/// is sent away.
static void answer(int client, bool ends) {
    ssize_t count;
    do {
        count = recv(client, buffer, sizeof(buffer), 0);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0 || send(client, buffer, (size_t)count, MSG_NOSIGNAL) != count) {
            close(client);
            return;
        }
    } while (ends || count == sizeof(buffer));
}

int main(void) {
    struct epoll_event events[1024];
    const int listener = listen_somewhere(), epoll = epoll_create1(EPOLL_CLOEXEC);
    if (listener < 0) return 1;
    watch(epoll, listener);
    while (true) {
        const int count = epoll_wait(epoll, events, 1024, -1);
        for (int i = 0; i < count; i += 1) {
            if (events[i].data.fd == listener) accept_clients(listener, epoll);
            else answer(events[i].data.fd, events[i].events & EPOLLRDHUP);
        }
    }
}
