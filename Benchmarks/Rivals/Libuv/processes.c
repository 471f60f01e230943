// SPDX-License-Identifier: MIT
// Child processes by uv_spawn: run to their end, so many at once, or with what they write.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

static const char *path;
static long left;
static bool captures;
static char buffer[65536];

typedef struct child {
    uv_process_t process;
    uv_pipe_t output;
} child;

static void start(uv_loop_t *loop);

static void fail(const char *what) {
    fprintf(stderr, "%s failed\n", what);
    exit(1);
}

static void did_close(uv_handle_t *handle) {
    uv_loop_t *loop = handle->loop;
    free(handle->data);
    start(loop);
}

static void did_exit(uv_process_t *process, int64_t status, int signal) {
    if (status != 0 || signal != 0) fail("a child");
    if (!captures) uv_close((uv_handle_t *)process, did_close);
}

static void close_process(uv_handle_t *output) {
    child *self = output->data;
    uv_close((uv_handle_t *)&self->process, did_close);
}

static void give_buffer(uv_handle_t *handle, size_t suggestion, uv_buf_t *bytes) {
    (void)handle, (void)suggestion;
    *bytes = uv_buf_init(buffer, sizeof(buffer));
}

static void did_read(uv_stream_t *output, ssize_t count, const uv_buf_t *bytes) {
    (void)bytes;
    if (count < 0) uv_close((uv_handle_t *)output, close_process);
}

static void start(uv_loop_t *loop) {
    if (left-- <= 0) return;
    child *self = calloc(1, sizeof(*self));
    char *arguments[] = {(char *)path, NULL};
    uv_stdio_container_t streams[3] = {{.flags = UV_IGNORE}, {.flags = UV_INHERIT_FD, .data.fd = 1},
                                       {.flags = UV_INHERIT_FD, .data.fd = 2}};
    if (captures) {
        uv_pipe_init(loop, &self->output, 0);
        streams[1] = (uv_stdio_container_t){.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
                                            .data.stream = (uv_stream_t *)&self->output};
    }
    const uv_process_options_t options = {
        .exit_cb = did_exit, .file = path, .args = arguments, .stdio_count = 3, .stdio = streams};
    if (uv_spawn(loop, &self->process, &options) != 0) fail("uv_spawn");
    self->process.data = self->output.data = self;
    if (captures) uv_read_start((uv_stream_t *)&self->output, give_buffer, did_read);
}

int main(int count, char **arguments) {
    if (count < 4) fail("reading the arguments");
    captures = strcmp(arguments[1], "processes-captured") == 0;
    const long all = left = atol(arguments[2]);
    path = arguments[count - 1];
    const uint64_t begin = uv_hrtime();
    for (long at_once = captures ? 1 : atol(arguments[3]); at_once > 0; at_once -= 1) start(uv_default_loop());
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    printf("%f\n", (double)(uv_hrtime() - begin) / (double)all);
    return 0;
}
