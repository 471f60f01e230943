// SPDX-License-Identifier: MIT
// Threads and a lock. In C, because sanitizers see through pthread but not through Swift's own Mutex.
#ifndef FIBERS_THREAD_H
#define FIBERS_THREAD_H

#include <stddef.h>

/// Starts a thread that runs `body(argument)` and that nobody waits for. Returns 0 or a negative errno.
int fibers_thread_start(void *(*body)(void *), void *argument);
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

#endif
