// SPDX-License-Identifier: MIT
// Threads, a lock and a latch. In C, because sanitizers see through pthread but not through Swift's own Mutex.
#ifndef FIBERS_THREAD_H
#define FIBERS_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fibers_thread fibers_thread;

/// Starts a thread that runs `body(argument)`, for somebody to join. Null and a negative errno in `*error` on failure.
fibers_thread *fibers_thread_start(void *(*body)(void *), void *argument, int *error);
/// Blocks until the thread, which is another one, has ended, and frees it.
void fibers_thread_join(fibers_thread *thread);
/// Lets the thread go: it frees itself when it has ended. Frees `thread`.
void fibers_thread_detach(fibers_thread *thread);
/// Cores that the process may use; at least 1.
size_t fibers_core_count(void);

/// Threads that the process has; 0 if the system does not tell.
size_t fibers_thread_count(void);

typedef struct fibers_lock fibers_lock;

/// Null when memory is short.
fibers_lock *fibers_lock_create(void);
void fibers_lock_destroy(fibers_lock *lock);
void fibers_lock_lock(fibers_lock *lock);
void fibers_lock_unlock(fibers_lock *lock);

/// Closed until somebody opens it, then open for good.
typedef struct fibers_latch fibers_latch;

/// Null when memory is short.
fibers_latch *fibers_latch_create(void);
void fibers_latch_destroy(fibers_latch *latch);
void fibers_latch_open(fibers_latch *latch);
/// Blocks the thread until the latch is open, or until `deadline`, in nanoseconds of the monotonic clock; UINT64_MAX waits
/// without limit. Whether it is open.
bool fibers_latch_wait(fibers_latch *latch, uint64_t deadline);

#endif
