// SPDX-License-Identifier: MIT
// How long requests took, for percentiles.
#ifndef LATENCIES_H
#define LATENCIES_H

#include <stdlib.h>
#include <time.h>

#include "floor.h"

enum { bucket_width = 100, bucket_count = 1000000 }; // in nanoseconds: up to 100 ms

typedef struct latencies {
    /// Those that were recorded, and those that were too early as well.
    uint64_t measured, total;
    uint32_t *buckets;
} latencies;

static inline uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline latencies latencies_create(void) {
    return (latencies){.buckets = calloc(bucket_count, sizeof(uint32_t))};
}

/// Of a request that began then and has just ended.
static inline void latencies_add(latencies *all, uint64_t begin, bool counts) {
    all->total += 1;
    if (!counts) return;
    const uint64_t bucket = (now() - begin) / bucket_width;
    all->buckets[bucket < bucket_count ? bucket : bucket_count - 1] += 1;
    all->measured += 1;
}

static inline uint64_t latencies_percentile(const latencies *all, double share) {
    uint64_t seen = 0;
    for (size_t i = 0; i < bucket_count; i += 1) {
        seen += all->buckets[i];
        if ((double)seen >= share * (double)all->measured) return (i + 1) * bucket_width;
    }
    return UINT64_MAX;
}

/// Of the requests that were recorded since then.
static inline floor_load latencies_result(const latencies *all, uint64_t begin) {
    return (floor_load){
        .nanoseconds = (double)(now() - begin) / (double)all->measured, .p99 = (double)latencies_percentile(all, 0.99),
        .requests = (double)all->total};
}

#endif
