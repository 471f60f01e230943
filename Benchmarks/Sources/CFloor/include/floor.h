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
/// Binds them to the core of this number, from 0, among those it may use.
bool floor_use_core(size_t number);
/// Undoes both.
void floor_use_all_cores(void);

/// Reads a file in blocks of 64 KiB and counts its lines; 0 on failure.
size_t floor_count_lines(const char *path);

/// Whether the next two exist for this system.
extern const bool floor_has_tls;
/// A key and a certificate that it signed itself, in PEM, to be freed by the caller. False on failure.
bool floor_tls_make_identity(char **certificate, char **key);
/// Serves TLS with OpenSSL and epoll at a port of its choice of 127.0.0.1, which it prints, for ever. Returns on failure.
void floor_echo_serve_tls(void);
/// Serves with libuv at a port of its choice of 127.0.0.1, which it prints, for ever. Returns on failure.
void floor_echo_serve(void);

/// Writes a program that does nothing, without a library to load; where that is not known, a link to `/bin/true`.
bool floor_write_program(const char *path);
/// Runs the program so often, with up to `at_once` at a time, and waits for each. False if one fails.
bool floor_run_processes(const char *path, size_t count, size_t at_once);
/// Runs the program so often, one after the other, and reads what it writes.
bool floor_capture_processes(const char *path, size_t count);
/// Memory that is there for good, page by page; null if there is not so much.
void *floor_hold_memory(size_t bytes);
void floor_release_memory(void *memory, size_t bytes);

// MARK: Load

/// Whether the next exists for this system.
extern const bool floor_has_load;
typedef struct floor_load {
    /// From one answer to the next, of whatever connection.
    double nanoseconds;
    /// What 99 of 100 requests took at most.
    double p99;
    /// Answers that came, those of the first moments included, which do not count above.
    double requests;
} floor_load;
/// Clients of the echo server at a port of 127.0.0.1; each sends `size` bytes over and over. False on failure.
bool floor_load_run(uint16_t port, size_t connections, size_t size, double seconds, floor_load *result);
/// The same through TLS, over and over on the same connections, or each time on a new one that it makes, speaks TLS on and
/// resets: a request then begins with the connection.
bool floor_tls_load_run(
    uint16_t port, size_t connections, size_t size, bool reconnects, double seconds, floor_load *result);
/// Clients that send a byte each, get it back and then do nothing until the server closes the first. False on failure.
bool floor_idle_clients(uint16_t port, size_t count);

// MARK: Servers in processes of their own

/// Starts a program on the core of this number, among those that may be used; `arguments` begin with its name and end
/// with null. It is killed when the calling thread ends. Returns its process and, in `output`, where to read its standard
/// output; -1 on failure.
int floor_start_on_core(size_t core, char *const *arguments, int *output);
/// The number that a program's first line is; -1 if none comes, or the next byte takes longer than this.
long floor_read_number(int output, int seconds);
/// Nanoseconds of CPU that a process has used.
uint64_t floor_process_time_of(int process);
/// Kills it.
void floor_end_process(int process, int output);

// MARK: Measuring

/// Lets the process have as many descriptors as the system allows it; returns how many.
size_t floor_raise_descriptor_limit(void);
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
