// SPDX-License-Identifier: MIT The two pieces of memory between which OpenSSL works, as its BIO. OpenSSL's own memory
// BIO would copy all that comes once more, and keeps the most memory that it ever needed.
#ifndef FIBERS_TLS_MEMORY_H
#define FIBERS_TLS_MEMORY_H

#include <openssl/bio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Bytes from `start` to `end`; all memory is given back when there are none.
typedef struct {
    uint8_t *bytes;
    size_t start, end, capacity;
} fibers_tls_bytes;

typedef struct {
    /// Encrypted bytes that came.
    fibers_tls_bytes input;
    /// Those that are on their way out: they stay where they are.
    fibers_tls_bytes leaving;
    /// Those that leave after them.
    fibers_tls_bytes output;
    /// OpenSSL gets no more of the input.
    bool is_withheld;
} fibers_tls_memory;

/// Reads `input` and writes `output`. NULL without memory.
BIO *fibers_tls_memory_bio(fibers_tls_memory *memory);
void fibers_tls_memory_free(fibers_tls_memory *memory);
/// Takes bytes from the start.
void fibers_tls_bytes_drop(fibers_tls_bytes *bytes, size_t count);

#endif
