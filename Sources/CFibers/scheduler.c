// SPDX-License-Identifier: MIT
// Records live in slabs: never moved, recycled last in first out, found again by walking the slabs.
#include "fibers_scheduler.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#endif

#define RECORDS_PER_SLAB 256

typedef struct fibers_record_slab {
    fibers_fiber records[RECORDS_PER_SLAB];
    struct fibers_record_slab *next;
} fibers_record_slab;

#define CACHE_LINE 64
/// aligned_alloc wants a multiple of the alignment.
#define SLAB_BYTES ((sizeof(fibers_record_slab) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE)

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
    fibers_record_slab *next;
    for (fibers_record_slab *slab = scheduler->slabs; slab != NULL; slab = next) {
        next = slab->next;
        for (size_t i = 0; i < RECORDS_PER_SLAB; i += 1) {
            if (slab->records[i].id != 0) free(slab->records[i].name);
        }
        free(slab);
    }
    fibers_stack_pool_destroy(scheduler->stacks);
    free(scheduler);
}

bool fibers_scheduler_add_records(fibers_scheduler *scheduler) {
    fibers_record_slab *slab = aligned_alloc(CACHE_LINE, SLAB_BYTES);
    if (slab == NULL) return false;
    slab->next = scheduler->slabs;
    scheduler->slabs = slab;
    for (size_t i = RECORDS_PER_SLAB; i > 0; i -= 1) {
        fibers_fiber *record = &slab->records[i - 1];
        *record = (fibers_fiber){.scheduler = scheduler};
        record->link.next = (fibers_link *)scheduler->free_records;
        scheduler->free_records = record;
    }
    return true;
}

fibers_fiber *fibers_scheduler_next_record(const fibers_scheduler *scheduler, fibers_record_cursor *cursor) {
    if (cursor->slab == NULL) cursor->slab = scheduler->slabs;
    for (; cursor->slab != NULL; cursor->slab = cursor->slab->next, cursor->index = 0) {
        while (cursor->index < RECORDS_PER_SLAB) {
            fibers_fiber *record = &cursor->slab->records[cursor->index];
            cursor->index += 1;
            if (record->id != 0) return record;
        }
    }
    return NULL;
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
