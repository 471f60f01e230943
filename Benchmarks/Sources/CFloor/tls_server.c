// SPDX-License-Identifier: MIT
// A server that sends back what comes, with OpenSSL on its sockets and epoll. It asks the kernel for as much as there is,
// not first for the five bytes that say how long a record is.
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "floor.h"

#if defined(__linux__)
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

const bool floor_has_tls = true;

/// Speaks as FibersTLS does: no session is ever resumed.
static SSL_CTX *make_context(void) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    char *certificate, *key;
    if (context == NULL || !floor_tls_make_identity(&certificate, &key)) return NULL;
    BIO *certificates = BIO_new_mem_buf(certificate, -1), *keys = BIO_new_mem_buf(key, -1);
    SSL_CTX_use_certificate(context, PEM_read_bio_X509(certificates, NULL, NULL, NULL));
    SSL_CTX_use_PrivateKey(context, PEM_read_bio_PrivateKey(keys, NULL, NULL, NULL));
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_read_ahead(context, 1);
    return context;
}

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

static void accept_clients(int listener, int epoll, SSL_CTX *context) {
    const int on = 1;
    int client;
    while ((client = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        SSL *session = SSL_new(context);
        SSL_set_fd(session, client);
        SSL_set_accept_state(session);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = session};
        epoll_ctl(epoll, EPOLL_CTL_ADD, client, &event);
    }
}

/// What the other side has not yet taken fits into the kernel's buffers. False when the client has left.
static bool answer(SSL *session) {
    static char buffer[16384];
    do {
        const int count = SSL_read(session, buffer, sizeof(buffer));
        if (count <= 0) return SSL_get_error(session, count) == SSL_ERROR_WANT_READ;
        if (SSL_write(session, buffer, count) != count) return false;
    } while (SSL_has_pending(session));
    return true;
}

static void close_client(SSL *session) {
    close(SSL_get_fd(session));
    SSL_free(session);
    ERR_clear_error(); // or the next session is blamed
}

void floor_echo_serve_tls(void) {
    SSL_CTX *context = make_context();
    const int listener = listen_somewhere(), epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event events[1024] = {{.events = EPOLLIN}};
    if (context == NULL || listener < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, events) != 0) return;
    while (true) {
        const int count = epoll_wait(epoll, events, 1024, -1);
        for (int i = 0; i < count; i += 1) {
            SSL *session = events[i].data.ptr;
            if (session == NULL) accept_clients(listener, epoll, context);
            else if (!answer(session)) close_client(session);
        }
    }
}
#else
const bool floor_has_tls = false;
void floor_echo_serve_tls(void) {}
#endif
