// SPDX-License-Identifier: MIT
// What the files of this shim share.
#ifndef FIBERS_TLS_INTERNAL_CONTEXT_H
#define FIBERS_TLS_INTERNAL_CONTEXT_H

#include <openssl/ssl.h>

#include "fibers_tls_context.h"

typedef struct {
    char *name;
    SSL_CTX *ctx;
} fibers_tls_host;

struct fibers_tls_context {
    SSL_CTX *ctx;
    /// Whether this side looks at certificates of servers.
    bool verifies;
    /// ALPN's list, which a callback uses.
    uint8_t *protocols;
    size_t protocols_count;
    fibers_tls_host *hosts;
    size_t host_count;
};

#endif
