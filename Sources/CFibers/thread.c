// SPDX-License-Identifier: MIT
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE // sched_getaffinity
#endif
#include "fibers_thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sched.h>
#endif

#include "fibers_scheduler.h"

struct fibers_thread {
    pthread_t id;
};

fibers_thread *fibers_thread_start(void *(*body)(void *), void *argument, int *error) {
    fibers_thread *thread = malloc(sizeof(fibers_thread));
    *error = thread == NULL ? -ENOMEM : -pthread_create(&thread->id, NULL, body, argument);
    if (*error == 0) return thread;
    free(thread);
    return NULL;
}

void fibers_thread_join(fibers_thread *thread) {
    pthread_join(thread->id, NULL);
    free(thread);
}

void fibers_thread_detach(fibers_thread *thread) {
    pthread_detach(thread->id);
    free(thread);
}

size_t fibers_core_count(void) {
#if defined(__linux__)
    cpu_set_t cores;
    if (sched_getaffinity(0, sizeof(cores), &cores) == 0 && CPU_COUNT(&cores) > 0) return (size_t)CPU_COUNT(&cores);
#endif
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (size_t)count : 1;
}

size_t fibers_thread_count(void) {
    size_t count = 0;
#if defined(__linux__)
    char text[512];
    FILE *file = fopen("/proc/self/stat", "re");
    if (file == NULL) return 0;
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    const char *fields = strrchr(text, ')'); // the name before it may hold anything
    if (fields != NULL) sscanf(fields, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %zu", &count);
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
    count -= 1; // the sanitizer's own
#endif
#endif
#endif
    return count;
}

struct fibers_lock {
    pthread_mutex_t mutex;
};

fibers_lock *fibers_lock_create(void) {
    fibers_lock *lock = malloc(sizeof(fibers_lock));
    if (lock != NULL) pthread_mutex_init(&lock->mutex, NULL);
    return lock;
}

void fibers_lock_destroy(fibers_lock *lock) {
    pthread_mutex_destroy(&lock->mutex);
    free(lock);
}

void fibers_lock_lock(fibers_lock *lock) { pthread_mutex_lock(&lock->mutex); }

void fibers_lock_unlock(fibers_lock *lock) { pthread_mutex_unlock(&lock->mutex); }

struct fibers_latch {
    pthread_mutex_t mutex;
    pthread_cond_t opened;
    bool is_open;
};

/// Deadlines are moments of the monotonic clock, where the system lets a condition count by it; macOS counts from the call.
static void init_opened(pthread_cond_t *opened) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
#if !defined(__APPLE__)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
#endif
    pthread_cond_init(opened, &attributes);
    pthread_condattr_destroy(&attributes);
}

fibers_latch *fibers_latch_create(void) {
    fibers_latch *latch = calloc(1, sizeof(fibers_latch));
    if (latch == NULL) return NULL;
    pthread_mutex_init(&latch->mutex, NULL);
    init_opened(&latch->opened);
    return latch;
}

void fibers_latch_destroy(fibers_latch *latch) {
    pthread_cond_destroy(&latch->opened);
    pthread_mutex_destroy(&latch->mutex);
    free(latch);
}

void fibers_latch_open(fibers_latch *latch) {
    pthread_mutex_lock(&latch->mutex);
    latch->is_open = true;
    pthread_cond_broadcast(&latch->opened);
    pthread_mutex_unlock(&latch->mutex);
}

static const uint64_t second = 1000000000u;

/// False when the time is over. May return true earlier than that for no reason.
static bool wait_opened(fibers_latch *latch, uint64_t deadline) {
    if (deadline == UINT64_MAX) return pthread_cond_wait(&latch->opened, &latch->mutex) == 0;
#if defined(__APPLE__)
    const uint64_t now = fibers_monotonic_time();
    const uint64_t rest = deadline > now ? deadline - now : 0;
    const struct timespec time = {.tv_sec = (time_t)(rest / second), .tv_nsec = (long)(rest % second)};
    return pthread_cond_timedwait_relative_np(&latch->opened, &latch->mutex, &time) == 0;
#else
    const struct timespec time = {.tv_sec = (time_t)(deadline / second), .tv_nsec = (long)(deadline % second)};
    return pthread_cond_timedwait(&latch->opened, &latch->mutex, &time) == 0;
#endif
}

bool fibers_latch_wait(fibers_latch *latch, uint64_t deadline) {
    pthread_mutex_lock(&latch->mutex);
    while (!latch->is_open && wait_opened(latch, deadline)) {}
    const bool is_open = latch->is_open;
    pthread_mutex_unlock(&latch->mutex);
    return is_open;
}
