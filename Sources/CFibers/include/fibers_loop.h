// SPDX-License-Identifier: MIT
// Thin wrappers over libuv. They own the handle memory and hide the casts between handle types that Swift cannot
// express; results are libuv's own codes (negative errno), returned unchanged. Callbacks run on the loop's stack.
#ifndef FIBERS_LOOP_H
#define FIBERS_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "fibers_inbox.h"

// MARK: Loop

typedef struct fibers_loop fibers_loop;

/// Null and a code in `*error` on failure.
fibers_loop *fibers_loop_create(int *error);
/// Takes no more messages, and frees the loop once the close callbacks have run and the requests that a thread of the pool
/// had begun have ended. All handles are closed. Returns a code, and leaks the loop, if it is still in use.
int fibers_loop_destroy(fibers_loop *loop);
/// Where other threads leave messages; the loop's own reference.
fibers_inbox *fibers_loop_inbox(const fibers_loop *loop);
/// Whether anything could still call back, but for messages.
bool fibers_loop_is_alive(const fibers_loop *loop);
/// Runs the callbacks that are due and delivers messages. If there are none, waits for one, but at most `nanoseconds`
/// (rounded up to milliseconds); UINT64_MAX waits without limit.
void fibers_loop_turn(fibers_loop *loop, uint64_t nanoseconds);
/// A turn that leaves messages where they are.
void fibers_loop_sleep(fibers_loop *loop, uint64_t nanoseconds);
/// The first half of a turn that waits at most `nanoseconds`. Apart for tests.
void fibers_loop_start_alarm(fibers_loop *loop, uint64_t nanoseconds);

// MARK: Handles

/// Any handle below: its first field is the libuv handle, and closing frees it.
typedef struct fibers_handle fibers_handle;
/// Stops the handle at once; its memory is freed by a later turn of the loop. No callback runs any more.
void fibers_handle_close(fibers_handle *handle);

/// Called when a descriptor is ready, with libuv's event bits or a negative status.
typedef void (*fibers_poll_callback)(void *owner, int status, int events);
extern const int fibers_poll_readable;
extern const int fibers_poll_writable;
/// Watches a non-blocking descriptor; armed for nothing yet. A regular file is refused with EPERM.
fibers_handle *fibers_poll_create(fibers_loop *loop, int fd, void *owner, fibers_poll_callback callback, int *error);
/// Watches for these events from now on; 0 disarms.
int fibers_poll_arm(fibers_handle *poll, int events);

/// Called when the signal arrived; several arrivals may be reported as one.
typedef void (*fibers_signal_callback)(void *owner, int signal);
/// With `only_once`, the kernel itself restores the default action as soon as the signal has come once, unless somebody
/// else watches for more of it.
fibers_handle *fibers_signal_create(fibers_loop *loop, int signal, bool only_once, void *owner,
                                    fibers_signal_callback callback, int *error);

/// Called when something happened at a path: what is there is another now, or only its content changed. The name, if it
/// is known, is that of something in the folder, and is relative to that.
typedef void (*fibers_path_callback)(void *owner, const char *name, bool is_another);
fibers_handle *fibers_path_watch(fibers_loop *loop, const char *path, bool is_recursive, void *owner,
                                 fibers_path_callback callback, int *error);

// MARK: Requests

/// Something to do for libuv's thread pool. Its memory is freed after the callback.
typedef struct fibers_request fibers_request;
/// Called once, when the request has ended or was taken back.
typedef void (*fibers_request_callback)(void *owner, int status);
/// Takes the request back if no thread has begun with it: it then ends soon, with a negative status. Any other runs to its
/// end.
void fibers_request_cancel(fibers_request *request);

/// Called on a thread of the pool.
typedef void (*fibers_work_callback)(void *owner);
fibers_request *fibers_work_start(fibers_loop *loop, void *owner, fibers_work_callback work,
                                  fibers_request_callback callback, int *error);

/// How many threads libuv's pool has: it starts them all for the first request of the process.
size_t fibers_pool_thread_count(void);

// MARK: Texts

/// The name of a code, such as ECONNREFUSED, into `buffer`.
void fibers_error_name(int code, char *buffer, size_t size);
/// What a code means, in words, into `buffer`.
void fibers_error_text(int code, char *buffer, size_t size);

#endif
