// SPDX-License-Identifier: MIT
#include "memory.h"

#include <openssl/crypto.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void fibers_tls_bytes_drop(fibers_tls_bytes *bytes, size_t count) {
    bytes->start += count;
    if (bytes->start < bytes->end) return;
    free(bytes->bytes);
    *bytes = (fibers_tls_bytes){0};
}

static bool append(fibers_tls_bytes *bytes, const void *more, size_t count) {
    if (bytes->capacity - bytes->end < count) {
        const size_t needed = bytes->end + count, doubled = 2 * bytes->capacity;
        const size_t capacity = needed > doubled ? needed : doubled;
        uint8_t *larger = realloc(bytes->bytes, capacity);
        if (larger == NULL) return false;
        bytes->bytes = larger;
        bytes->capacity = capacity;
    }
    memcpy(bytes->bytes + bytes->end, more, count);
    bytes->end += count;
    return true;
}

void fibers_tls_memory_free(fibers_tls_memory *memory) {
    free(memory->input.bytes);
    free(memory->leaving.bytes);
    free(memory->output.bytes);
}

// MARK: As a BIO

static int read_input(BIO *bio, char *buffer, int count) {
    BIO_clear_retry_flags(bio);
    fibers_tls_memory *memory = BIO_get_data(bio);
    fibers_tls_bytes *input = &memory->input;
    const size_t there = input->end - input->start;
    if (there == 0 || memory->is_withheld) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const size_t taken = there < (size_t)count ? there : (size_t)count;
    memcpy(buffer, input->bytes + input->start, taken);
    fibers_tls_bytes_drop(input, taken);
    return (int)taken;
}

/// Takes everything, or fails without memory.
static int write_output(BIO *bio, const char *bytes, int count) {
    BIO_clear_retry_flags(bio);
    fibers_tls_memory *memory = BIO_get_data(bio);
    return append(&memory->output, bytes, (size_t)count) ? count : -1;
}

/// There is nothing to flush, and nothing else that a session asks for.
static long control(BIO *bio, int command, long number, void *pointer) {
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *method;
static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;

static void make_method(void) {
    BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "fibers");
    if (made == NULL) return;
    BIO_meth_set_read(made, read_input);
    BIO_meth_set_write(made, write_output);
    BIO_meth_set_ctrl(made, control);
    method = made;
}

BIO *fibers_tls_memory_bio(fibers_tls_memory *memory) {
    CRYPTO_THREAD_run_once(&once, make_method);
    BIO *bio = method == NULL ? NULL : BIO_new(method);
    if (bio == NULL) return NULL;
    BIO_set_data(bio, memory);
    BIO_set_init(bio, 1);
    return bio;
}
