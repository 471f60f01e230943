// SPDX-License-Identifier: MIT
// What the library is measured against, written as an expert would write it in C, and the measuring itself.
#ifndef FLOOR_H
#define FLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Floors

/// Whether `floor_ring` exists for this processor.
extern const bool floor_has_ring;
typedef struct floor_ring floor_ring;
/// Bare contexts in a ring, the caller's among them; each only switches to the next. Null when memory is short.
floor_ring *floor_ring_create(size_t count);
/// Goes round the ring this often: `count * laps` switches.
void floor_ring_run(floor_ring *ring, size_t laps);
void floor_ring_destroy(floor_ring *ring);

/// Runs `count` libuv timers to their end: number `i` ends after the head start and `floor_delay(i, spread_ms)`. False
/// on failure. Once per process: it cleans nothing up.
bool floor_timers_run(size_t count, uint64_t head_start_ms, uint64_t spread_ms);

/// Where in the spread number `index` falls: scattered, the same for everybody.
static inline uint64_t floor_delay(size_t index, uint64_t spread) {
    const uint32_t scattered = (uint32_t)index * UINT32_C(2654435761);
    return (uint64_t)scattered * spread >> 32;
}

/// Whether the next exists for this system.
extern const bool floor_has_wakes;
/// Two threads wake each other in turn, so often; each sleeps meanwhile. False on failure.
bool floor_wakes_run(size_t trips);
/// Binds the calling thread, and those it will make, to the first `count` cores it may use. False where that cannot be.
bool floor_use_cores(size_t count);
/// Undoes `floor_use_cores`.
void floor_use_all_cores(void);

/// Reads a file in blocks of 64 KiB and counts its lines; 0 on failure.
size_t floor_count_lines(const char *path);

// MARK: Measuring

/// Nanoseconds of CPU that the calling thread has used.
uint64_t floor_thread_time(void);
/// Nanoseconds of CPU that the process has used, user and system.
uint64_t floor_process_time(void);
/// Bytes of the process in memory; 0 where the system does not say.
uint64_t floor_resident_bytes(void);

/// Bytes of the process in memory when they were most.
uint64_t floor_peak_resident_bytes(void);

/// Whether `floor_allocations` counts: with glibc only.
extern const bool floor_counts_allocations;
/// Calls of malloc, calloc, realloc, aligned_alloc, posix_memalign and memalign by this thread so far.
uint64_t floor_allocations(void);

#endif
