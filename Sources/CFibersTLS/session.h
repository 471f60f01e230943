// SPDX-License-Identifier: MIT
#ifndef FIBERS_TLS_INTERNAL_SESSION_H
#define FIBERS_TLS_INTERNAL_SESSION_H

#include <openssl/ssl.h>

#include "fibers_tls_session.h"
#include "memory.h"

struct fibers_tls_session {
    SSL *ssl;
    fibers_tls_memory memory;
    /// How many records have come, or begun to, since one brought data.
    int records_without_data;
    bool has_failed;
    fibers_tls_failure_kind failure;
    char reason[256];
};

#endif
