// SPDX-License-Identifier: MIT
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE // sched_getaffinity
#endif
#include "fibers_thread.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__linux__)
#include <sched.h>
#endif

int fibers_thread_start(void *(*body)(void *), void *argument) {
    pthread_t thread;
    const int result = pthread_create(&thread, NULL, body, argument);
    if (result != 0) return -result;
    pthread_detach(thread);
    return 0;
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
