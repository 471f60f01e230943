// SPDX-License-Identifier: MIT
#include "fibers_loop.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

struct fibers_loop {
    uv_loop_t uv;
    /// Ends a blocking turn in time; running only during one.
    uv_timer_t alarm;
    fibers_inbox *inbox;
    /// Ends a blocking turn when somebody sends. Counts as work only during one.
    uv_poll_t doorbell;
};

struct fibers_handle {
    union {
        uv_handle_t handle;
        uv_poll_t poll;
        uv_signal_t signal;
        uv_fs_event_t path;
    };
    void *owner;
    union {
        fibers_poll_callback on_poll;
        fibers_signal_callback on_signal;
        fibers_path_callback on_change;
    };
};

// MARK: Loop

/// Ends the turn. It may be due before libuv comes to poll, which would then wait as if there were no alarm.
static void alarm_fired(uv_timer_t *alarm) { uv_stop(alarm->loop); }

static void doorbell_rang(uv_poll_t *doorbell, int status, int events) {
    (void)status, (void)events;
    fibers_inbox_clear(((fibers_loop *)doorbell->loop)->inbox);
}

static int open_inbox(fibers_loop *loop) {
    int error = 0;
    loop->inbox = fibers_inbox_create(&error);
    if (error == 0) error = uv_poll_init(&loop->uv, &loop->doorbell, fibers_inbox_descriptor(loop->inbox));
    if (error == 0) error = uv_poll_start(&loop->doorbell, UV_READABLE, doorbell_rang);
    return error;
}

/// Before 1.51, libuv leaves the descriptor of its poll open if something later fails (libuv pull request 4757).
static int init_loop(uv_loop_t *loop) {
    loop->backend_fd = -1;
    const int result = uv_loop_init(loop);
    const bool leaks = uv_version() < (1 << 16 | 51 << 8);
    if (result != 0 && leaks && loop->backend_fd >= 0) close(loop->backend_fd);
    return result;
}

fibers_loop *fibers_loop_create(int *error) {
    fibers_loop *loop = calloc(1, sizeof(fibers_loop));
    *error = loop == NULL ? UV_ENOMEM : init_loop(&loop->uv);
    if (*error != 0) {
        free(loop);
        return NULL;
    }
    *error = open_inbox(loop);
    if (*error != 0) {
        if (loop->inbox != NULL) fibers_inbox_release(loop->inbox);
        uv_loop_close(&loop->uv);
        free(loop);
        return NULL;
    }
    uv_unref((uv_handle_t *)&loop->doorbell);
    uv_timer_init(&loop->uv, &loop->alarm);
    return loop;
}

int fibers_loop_destroy(fibers_loop *loop) {
    fibers_inbox_close(loop->inbox);
    uv_close((uv_handle_t *)&loop->doorbell, NULL);
    uv_close((uv_handle_t *)&loop->alarm, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT); // a request that a thread of the pool has begun cannot be taken back
    const int result = uv_loop_close(&loop->uv);
    if (result != 0) return result;
    fibers_inbox_release(loop->inbox);
    free(loop);
    return 0;
}

fibers_inbox *fibers_loop_inbox(const fibers_loop *loop) { return loop->inbox; }

bool fibers_loop_is_alive(const fibers_loop *loop) { return uv_loop_alive(&loop->uv) != 0; }

void fibers_loop_start_alarm(fibers_loop *loop, uint64_t nanoseconds) {
    uv_update_time(&loop->uv); // a timer counts from the time that the loop remembers
    uv_timer_start(&loop->alarm, alarm_fired, nanoseconds / 1000000 + (nanoseconds % 1000000 != 0), 0);
}

static void wait_for_callback(fibers_loop *loop, uint64_t nanoseconds) {
    if (nanoseconds != UINT64_MAX) fibers_loop_start_alarm(loop, nanoseconds);
    uv_ref((uv_handle_t *)&loop->doorbell);
    uv_run(&loop->uv, UV_RUN_ONCE);
    uv_unref((uv_handle_t *)&loop->doorbell);
    uv_timer_stop(&loop->alarm);
    fibers_inbox_wake_up(loop->inbox);
}

void fibers_loop_sleep(fibers_loop *loop, uint64_t nanoseconds) {
    if (nanoseconds > 0 && fibers_inbox_fall_asleep(loop->inbox)) {
        wait_for_callback(loop, nanoseconds);
    } else {
        uv_run(&loop->uv, UV_RUN_NOWAIT);
    }
}

void fibers_loop_turn(fibers_loop *loop, uint64_t nanoseconds) {
    fibers_loop_sleep(loop, nanoseconds);
    fibers_inbox_deliver(loop->inbox);
}

// MARK: Handles

static fibers_handle *handle_create(void *owner, int *error) {
    fibers_handle *handle = calloc(1, sizeof(fibers_handle));
    if (handle == NULL) {
        *error = UV_ENOMEM;
        return NULL;
    }
    handle->owner = owner;
    return handle;
}

static void handle_closed(uv_handle_t *handle) { free(handle); }

void fibers_handle_close(fibers_handle *handle) { uv_close(&handle->handle, handle_closed); }

/// Keeps the handle if `result` is success. A handle that was not initialised is freed, any other closed.
static fibers_handle *handle_check(fibers_handle *handle, int result, bool is_initialised, int *error) {
    *error = result;
    if (result == 0) return handle;
    if (is_initialised) {
        fibers_handle_close(handle);
    } else {
        free(handle);
    }
    return NULL;
}

const int fibers_poll_readable = UV_READABLE;
const int fibers_poll_writable = UV_WRITABLE;

static void poll_ready(uv_poll_t *poll, int status, int events) {
    fibers_handle *handle = (fibers_handle *)poll;
    handle->on_poll(handle->owner, status, events);
}

/// Epoll refuses a regular file, which it could only call ready. Others take one, and reading it would block all the same.
static int init_poll(fibers_loop *loop, uv_poll_t *poll, int fd) {
#if !defined(__linux__)
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) return UV_EPERM;
#endif
    return uv_poll_init(&loop->uv, poll, fd);
}

fibers_handle *fibers_poll_create(fibers_loop *loop, int fd, void *owner, fibers_poll_callback callback, int *error) {
    fibers_handle *handle = handle_create(owner, error);
    if (handle == NULL) return NULL;
    handle->on_poll = callback;
    return handle_check(handle, init_poll(loop, &handle->poll, fd), false, error);
}

int fibers_poll_arm(fibers_handle *handle, int events) {
    return events == 0 ? uv_poll_stop(&handle->poll) : uv_poll_start(&handle->poll, events, poll_ready);
}

static void signal_arrived(uv_signal_t *signal, int number) {
    fibers_handle *handle = (fibers_handle *)signal;
    handle->on_signal(handle->owner, number);
}

fibers_handle *fibers_signal_create(fibers_loop *loop, int signal, bool only_once, void *owner,
                                    fibers_signal_callback callback, int *error) {
    fibers_handle *handle = handle_create(owner, error);
    if (handle == NULL) return NULL;
    handle->on_signal = callback;
    const int result = uv_signal_init(&loop->uv, &handle->signal);
    if (result != 0) return handle_check(handle, result, false, error);
    const int started = only_once ? uv_signal_start_oneshot(&handle->signal, signal_arrived, signal)
                                  : uv_signal_start(&handle->signal, signal_arrived, signal);
    return handle_check(handle, started, true, error);
}

static void path_changed(uv_fs_event_t *path, const char *name, int events, int status) {
    fibers_handle *handle = (fibers_handle *)path;
    handle->on_change(handle->owner, name, status < 0 || (events & UV_RENAME) != 0);
}

fibers_handle *fibers_path_watch(fibers_loop *loop, const char *path, bool is_recursive, void *owner,
                                 fibers_path_callback callback, int *error) {
    fibers_handle *handle = handle_create(owner, error);
    if (handle == NULL) return NULL;
    handle->on_change = callback;
    const int result = uv_fs_event_init(&loop->uv, &handle->path);
    if (result != 0) return handle_check(handle, result, false, error);
    const unsigned flags = is_recursive ? UV_FS_EVENT_RECURSIVE : 0;
    return handle_check(handle, uv_fs_event_start(&handle->path, path_changed, path, flags), true, error);
}

// MARK: Requests

struct fibers_request {
    union {
        uv_req_t request;
        uv_work_t work;
    };
    void *owner;
    fibers_work_callback on_work;
    fibers_request_callback on_end;
};

static fibers_request *request_create(void *owner, fibers_request_callback callback, int *error) {
    fibers_request *request = calloc(1, sizeof(fibers_request));
    if (request == NULL) {
        *error = UV_ENOMEM;
        return NULL;
    }
    request->owner = owner;
    request->on_end = callback;
    return request;
}

static atomic_bool is_pool_started;

/// Keeps the request if `result` is success.
static fibers_request *request_check(fibers_request *request, int result, int *error) {
    *error = result;
    if (result == 0) {
        atomic_store_explicit(&is_pool_started, true, memory_order_relaxed);
        return request;
    }
    free(request);
    return NULL;
}

static void request_ended(fibers_request *request, int status) {
    request->on_end(request->owner, status);
    free(request);
}

void fibers_request_cancel(fibers_request *request) { uv_cancel(&request->request); }

static void work_due(uv_work_t *work) {
    const fibers_request *request = (fibers_request *)work;
    request->on_work(request->owner);
}

static void work_done(uv_work_t *work, int status) { request_ended((fibers_request *)work, status); }

fibers_request *fibers_work_start(fibers_loop *loop, void *owner, fibers_work_callback work,
                                  fibers_request_callback callback, int *error) {
    fibers_request *request = request_create(owner, callback, error);
    if (request == NULL) return NULL;
    request->on_work = work;
    return request_check(request, uv_queue_work(&loop->uv, &request->work, work_due, work_done), error);
}

/// libuv reads the same variable, and has the same limits.
size_t fibers_pool_thread_count(void) {
    if (!atomic_load_explicit(&is_pool_started, memory_order_relaxed)) return 0;
    const char *setting = getenv("UV_THREADPOOL_SIZE");
    const unsigned count = setting == NULL ? 4 : (unsigned)atoi(setting);
    return count == 0 ? 1 : count > 1024 ? 1024 : count;
}

// MARK: Texts

void fibers_error_name(int code, char *buffer, size_t size) { uv_err_name_r(code, buffer, size); }

void fibers_error_text(int code, char *buffer, size_t size) { uv_strerror_r(code, buffer, size); }
