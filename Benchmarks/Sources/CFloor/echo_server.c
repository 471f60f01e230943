// SPDX-License-Identifier: MIT
// A server that sends back whatever comes, with libuv: one buffer for all connections, since each is written out before the
// next is read; a request to write only for what the kernel did not take at once.
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "floor.h"

static char bytes_read[65536];

typedef struct rest {
    uv_write_t request;
    char bytes[];
} rest;

static void give_buffer(uv_handle_t *handle, size_t suggestion, uv_buf_t *buffer) {
    (void)handle; (void)suggestion;
    *buffer = uv_buf_init(bytes_read, sizeof(bytes_read));
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

void floor_echo_serve(void) {
    uv_loop_t loop;
    uv_tcp_t listener;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int length = sizeof(address);
    if (uv_loop_init(&loop) != 0 || uv_tcp_init(&loop, &listener) != 0) return;
    if (uv_tcp_bind(&listener, (struct sockaddr *)&address, 0) != 0
        || uv_listen((uv_stream_t *)&listener, 4096, did_connect) != 0
        || uv_tcp_getsockname(&listener, (struct sockaddr *)&address, &length) != 0)
        return;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    uv_run(&loop, UV_RUN_DEFAULT);
}
