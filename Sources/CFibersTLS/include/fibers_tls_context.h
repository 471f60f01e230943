// SPDX-License-Identifier: MIT What many sessions have in common. Made and filled by one thread; from then on it never
// changes, and any thread may make sessions with it: OpenSSL counts references and guards its caches.
#ifndef FIBERS_TLS_CONTEXT_H
#define FIBERS_TLS_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fibers_tls_context fibers_tls_context;

/// What went wrong in a call that returned false, in OpenSSL's words.
typedef struct {
    char text[256];
} fibers_tls_reason;

typedef enum {
    fibers_tls_clients_stay_unknown,
    fibers_tls_clients_may_show_themselves,
    fibers_tls_clients_must_show_themselves,
} fibers_tls_clients;

/// NULL without memory.
fibers_tls_context *fibers_tls_context_create(void);
/// Frees it once its last session is freed, too; but what callbacks use goes now, so sessions must keep their owner
/// alive.
void fibers_tls_context_free(fibers_tls_context *context);

/// The protocol's own numbers: 0x0303 is TLS 1.2.
bool fibers_tls_context_set_minimum_version(fibers_tls_context *context, int version, fibers_tls_reason *reason);
void fibers_tls_context_set_clients(fibers_tls_context *context, fibers_tls_clients clients);

/// Without any of these nobody is trusted. The first accepts whoever comes.
void fibers_tls_context_trust_everybody(fibers_tls_context *context);
bool fibers_tls_context_trust_system(fibers_tls_context *context, fibers_tls_reason *reason);
/// Certificates in PEM, at least one. They are also what a server names when it asks for a client's certificate.
bool fibers_tls_context_trust(
    fibers_tls_context *context, const void *pem, size_t count, fibers_tls_reason *reason);

/// The certificate that this side shows, first, and those that lead to a root; then its key.
bool fibers_tls_context_use_chain(
    fibers_tls_context *context, const void *pem, size_t count, fibers_tls_reason *reason);
bool fibers_tls_context_use_key(fibers_tls_context *context, const void *pem, size_t count, fibers_tls_reason *reason);

/// Protocols above TLS, the best first, each behind a byte that says its length (ALPN).
bool fibers_tls_context_set_protocols(fibers_tls_context *context, const uint8_t *list, size_t count);

/// Clients that ask for this host get what `other` shows. `*.example.org` is any host one label below. The owner of
/// `context` keeps that of `other` alive.
bool fibers_tls_context_add_host(fibers_tls_context *context, const char *name, const fibers_tls_context *other);

#endif
