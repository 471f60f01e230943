// SPDX-License-Identifier: MIT
// A server that sends back whatever comes, with libuv: one buffer for all connections, since each is written out before the
// next is read; a request to write only for what the kernel did not take at once.
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "floor.h"

struct floor_echo {
    uv_loop_t loop;
    uv_tcp_t listener;
    uv_async_t stop;
    pthread_t thread;
    char buffer[65536];
};

typedef struct rest {
    uv_write_t request;
    char bytes[];
} rest;

static void give_buffer(uv_handle_t *handle, size_t suggestion, uv_buf_t *buffer) {
    (void)suggestion;
    floor_echo *echo = handle->loop->data;
    *buffer = uv_buf_init(echo->buffer, sizeof(echo->buffer));
}

static void free_handle(uv_handle_t *handle) { free(handle); }

static void did_write(uv_write_t *request, int status) {
    if (status < 0 && !uv_is_closing((uv_handle_t *)request->handle)) uv_close((uv_handle_t *)request->handle, free_handle);
    free(request);
}

static void did_read(uv_stream_t *client, ssize_t count, const uv_buf_t *buffer) {
    if (count == 0) return;
    uv_buf_t answer = uv_buf_init(buffer->base, (unsigned)count);
    const int written = count < 0 ? (int)count : uv_try_write(client, &answer, 1);
    if (written < 0 && written != UV_EAGAIN) return uv_close((uv_handle_t *)client, free_handle);
    const size_t done = written < 0 ? 0 : (size_t)written, left = (size_t)count - done;
    if (left == 0) return;
    rest *rest = malloc(sizeof(*rest) + left);
    memcpy(rest->bytes, buffer->base + done, left);
    uv_buf_t later = uv_buf_init(rest->bytes, (unsigned)left);
    uv_write(&rest->request, client, &later, 1, did_write);
}

static void did_connect(uv_stream_t *listener, int status) {
    if (status < 0) return;
    uv_tcp_t *client = malloc(sizeof(*client));
    uv_tcp_init(listener->loop, client);
    if (uv_accept(listener, (uv_stream_t *)client) != 0) return uv_close((uv_handle_t *)client, free_handle);
    uv_tcp_nodelay(client, 1);
    uv_read_start((uv_stream_t *)client, give_buffer, did_read);
}

static void close_handle(uv_handle_t *handle, void *echo) {
    const floor_echo *own = echo;
    const bool is_own = handle == (uv_handle_t *)&own->listener || handle == (uv_handle_t *)&own->stop;
    if (!uv_is_closing(handle)) uv_close(handle, is_own ? NULL : free_handle);
}

static void stop(uv_async_t *async) { uv_walk(async->loop, close_handle, async->loop->data); }

static void *serve(void *argument) {
    floor_echo *echo = argument;
    uv_run(&echo->loop, UV_RUN_DEFAULT);
    return NULL;
}

floor_echo *floor_echo_start(uint16_t *port) {
    floor_echo *echo = calloc(1, sizeof(*echo));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int length = sizeof(address);
    if (echo == NULL || uv_loop_init(&echo->loop) != 0) return NULL;
    echo->loop.data = echo;
    uv_async_init(&echo->loop, &echo->stop, stop);
    uv_tcp_init(&echo->loop, &echo->listener);
    if (uv_tcp_bind(&echo->listener, (struct sockaddr *)&address, 0) != 0
        || uv_listen((uv_stream_t *)&echo->listener, 4096, did_connect) != 0
        || uv_tcp_getsockname(&echo->listener, (struct sockaddr *)&address, &length) != 0
        || pthread_create(&echo->thread, NULL, serve, echo) != 0)
        return NULL;
    *port = ntohs(address.sin_port);
    return echo;
}

void floor_echo_stop(floor_echo *echo) {
    uv_async_send(&echo->stop);
    pthread_join(echo->thread, NULL);
    uv_loop_close(&echo->loop);
    free(echo);
}
