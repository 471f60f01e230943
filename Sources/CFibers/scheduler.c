// SPDX-License-Identifier: MIT
// What a scheduler needs besides the hot path, which is inline: see fibers_scheduler.h.
#include "fibers_scheduler.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#endif

_Thread_local fibers_scheduler *fibers_thread_scheduler = NULL;

fibers_scheduler *fibers_scheduler_create(void (*entry)(void *)) {
    fibers_scheduler *scheduler = calloc(1, sizeof(fibers_scheduler));
    if (scheduler == NULL) return NULL;
    fibers_list_init(&scheduler->ready);
    scheduler->stacks = fibers_stack_pool_create(entry);
    if (scheduler->stacks != NULL) return scheduler;
    free(scheduler);
    return NULL;
}

void fibers_scheduler_destroy(fibers_scheduler *scheduler) {
    for (void **slot = scheduler->free_slots, **next; slot != NULL; slot = next) {
        next = *slot;
        free(slot);
    }
    fibers_stack_pool_destroy(scheduler->stacks);
    free(scheduler);
}

bool fibers_is_main_thread(void) {
#if defined(__linux__)
    return syscall(SYS_gettid) == getpid();
#else
    return pthread_main_np() != 0;
#endif
}

uint64_t fibers_monotonic_time(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
