// SPDX-License-Identifier: MIT One side of one conversation, between two pieces of memory: encrypted bytes that came,
// and encrypted bytes that are to leave. Nothing here moves them, and nothing blocks.
#ifndef FIBERS_TLS_SESSION_H
#define FIBERS_TLS_SESSION_H

#include "fibers_tls_context.h"

typedef struct fibers_tls_session fibers_tls_session;

enum {
    /// More encrypted bytes must come first. All that came were used.
    fibers_tls_wants_input = -1,
    /// See `fibers_tls_failure`. Every later step fails, too.
    fibers_tls_failed = -2,
};

typedef enum {
    /// The other side's certificate is missing, or not what it must be.
    fibers_tls_certificate_refused,
    /// The other side says that it cannot go on.
    fibers_tls_alert_received,
    /// What came is not what TLS allows, or both sides have nothing in common.
    fibers_tls_protocol_violated,
    fibers_tls_out_of_memory,
} fibers_tls_failure_kind;

/// NULL without memory.
fibers_tls_session *fibers_tls_session_create(const fibers_tls_context *context, bool is_server);
void fibers_tls_session_free(fibers_tls_session *session);

/// For a client: who the server must be, a name or a numeric address. False without memory.
bool fibers_tls_session_expect(fibers_tls_session *session, const char *host);

// Steps. Each may leave bytes that are to be sent, even if it fails.

/// 1 when both sides have agreed.
int fibers_tls_session_shake_hands(fibers_tls_session *session);
/// How many bytes were read; 0 when the other side has said that there will be no more.
int fibers_tls_session_read(fibers_tls_session *session, void *buffer, int count);
/// Encrypts all of 1 to 16384 bytes and returns their number.
int fibers_tls_session_write(fibers_tls_session *session, const void *bytes, int count);
/// Says that there will be no more.
void fibers_tls_session_end(fibers_tls_session *session);

fibers_tls_failure_kind fibers_tls_failure(const fibers_tls_session *session);
const char *fibers_tls_failure_reason(const fibers_tls_session *session);

// Encrypted bytes.

/// Room for `size` bytes that come, while there are none: after a step that wants input. NULL without memory. Valid
/// until the next call.
void *fibers_tls_session_input_room(fibers_tls_session *session, size_t size);
void fibers_tls_session_did_receive(fibers_tls_session *session, size_t count);
/// What is to leave next. Stays where it is, whatever else is done, until `did_send` was told of all of it.
const void *fibers_tls_session_output(fibers_tls_session *session, size_t *count);
void fibers_tls_session_did_send(fibers_tls_session *session, size_t count);
/// How many bytes are to leave.
size_t fibers_tls_session_output_count(const fibers_tls_session *session);

// What was agreed, once that is so. NULL or 0 where there is no such thing. Valid as long as the session.

int fibers_tls_session_version(const fibers_tls_session *session);
const char *fibers_tls_session_cipher(const fibers_tls_session *session);
const uint8_t *fibers_tls_session_protocol(const fibers_tls_session *session, size_t *count);
/// What the client asked for.
const char *fibers_tls_session_host(const fibers_tls_session *session);

// The certificates that the other side showed. To be freed.

/// The name of whom the first one is about.
char *fibers_tls_session_copy_peer(const fibers_tls_session *session);
/// In PEM; the first one is the other side's own.
char *fibers_tls_session_copy_certificate(const fibers_tls_session *session, int index);
void fibers_tls_free(char *text);

#endif
