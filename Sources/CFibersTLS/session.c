// SPDX-License-Identifier: MIT
#include "session.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#include "context.h"

/// A side may change its keys, send tickets or nothing at all, now and then. Each record costs the other side more than
/// itself, and some are to be answered: who sends ever more, and never any data, is up to no good.
enum { most_records_without_data = 32 };

/// OpenSSL calls this with the head of each record that comes, before it asks for the rest. A handshake has its own bounds.
static void did_meet(
    int is_written, int version, int type, const void *bytes, size_t count, SSL *ssl, void *argument) {
    (void)version, (void)bytes, (void)count;
    fibers_tls_session *session = argument;
    if (is_written || type != SSL3_RT_HEADER || !SSL_is_init_finished(ssl)) return;
    // The one whose head this is may bring data.
    session->memory.is_withheld = session->records_without_data++ > most_records_without_data;
}

fibers_tls_session *fibers_tls_session_create(const fibers_tls_context *context, bool is_server) {
    fibers_tls_session *session = calloc(1, sizeof *session);
    if (session == NULL) return NULL;
    ERR_clear_error();
    session->ssl = SSL_new(context->ctx);
    BIO *bio = fibers_tls_memory_bio(&session->memory);
    if (session->ssl == NULL || bio == NULL) {
        BIO_free(bio);
        fibers_tls_session_free(session);
        return NULL;
    }
    SSL_set_bio(session->ssl, bio, bio);
    SSL_set_msg_callback(session->ssl, did_meet);
    SSL_set_msg_callback_arg(session->ssl, session);
    if (is_server) {
        SSL_set_accept_state(session->ssl);
    } else {
        SSL_set_connect_state(session->ssl);
        SSL_set_verify(session->ssl, context->verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    }
    return session;
}

void fibers_tls_session_free(fibers_tls_session *session) {
    if (session == NULL) return;
    SSL_free(session->ssl);
    fibers_tls_memory_free(&session->memory);
    free(session);
}

bool fibers_tls_session_expect(fibers_tls_session *session, const char *host) {
    ERR_clear_error();
    X509_VERIFY_PARAM *expected = SSL_get0_param(session->ssl);
    // The names of a certificate are in its extension for that, as RFC 9525 says, not in its subject.
    X509_VERIFY_PARAM_set_hostflags(
        expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (X509_VERIFY_PARAM_set1_ip_asc(expected, host) == 1) return true;
    return X509_VERIFY_PARAM_set1_host(expected, host, 0) == 1
        && SSL_set_tlsext_host_name(session->ssl, host) == 1;
}

// MARK: Steps

static void fail(fibers_tls_session *session, fibers_tls_failure_kind kind, const char *reason) {
    session->has_failed = true;
    session->failure = kind;
    snprintf(session->reason, sizeof session->reason, "%s", reason);
}

/// Says why a step has failed. The first error tells most: later ones say that something else failed because of it.
static int explain(fibers_tls_session *session) {
    const unsigned long error = ERR_peek_error();
    const int reason = ERR_GET_REASON(error);
    const bool is_of_tls = ERR_GET_LIB(error) == ERR_LIB_SSL;
    const char *text = ERR_reason_error_string(error);
    if (error == 0 || reason == ERR_R_MALLOC_FAILURE) {
        fail(session, fibers_tls_out_of_memory, "out of memory");
    } else if (is_of_tls && reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
        const long result = SSL_get_verify_result(session->ssl);
        fail(session, fibers_tls_certificate_refused, X509_verify_cert_error_string(result));
    } else if (is_of_tls && reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
        fail(session, fibers_tls_certificate_refused, text);
    } else if (is_of_tls && reason > SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256) {
        fail(session, fibers_tls_alert_received, text == NULL ? "an alert without a name" : text);
    } else {
        fail(session, fibers_tls_protocol_violated, text == NULL ? "unknown error" : text);
    }
    ERR_clear_error();
    return fibers_tls_failed;
}

/// What a step of OpenSSL's that returned `result` means.
static int outcome(fibers_tls_session *session, int result) {
    if (result > 0) return result;
    switch (SSL_get_error(session->ssl, result)) {
    case SSL_ERROR_WANT_READ: return fibers_tls_wants_input;
    case SSL_ERROR_ZERO_RETURN: return 0;
    default: return explain(session);
    }
}

int fibers_tls_session_shake_hands(fibers_tls_session *session) {
    if (session->has_failed) return fibers_tls_failed;
    ERR_clear_error();
    const int result = outcome(session, SSL_do_handshake(session->ssl));
    if (result != 0) return result;
    fail(session, fibers_tls_alert_received, "alert close notify");
    return fibers_tls_failed;
}

int fibers_tls_session_read(fibers_tls_session *session, void *buffer, int count) {
    if (session->has_failed) return fibers_tls_failed;
    ERR_clear_error();
    const int result = outcome(session, SSL_read(session->ssl, buffer, count));
    if (result > 0) session->records_without_data = 0;
    if (result != fibers_tls_wants_input || !session->memory.is_withheld) return result;
    fail(session, fibers_tls_protocol_violated, "too many records without data");
    return fibers_tls_failed;
}

int fibers_tls_session_write(fibers_tls_session *session, const void *bytes, int count) {
    if (session->has_failed) return fibers_tls_failed;
    ERR_clear_error();
    const int result = SSL_write(session->ssl, bytes, count);
    return result > 0 ? result : explain(session);
}

void fibers_tls_session_end(fibers_tls_session *session) {
    // After a failure nothing may be said, and in the midst of a handshake nothing can be.
    if (session->has_failed || !SSL_is_init_finished(session->ssl)) return;
    ERR_clear_error();
    SSL_shutdown(session->ssl);
    ERR_clear_error();
}

fibers_tls_failure_kind fibers_tls_failure(const fibers_tls_session *session) { return session->failure; }
const char *fibers_tls_failure_reason(const fibers_tls_session *session) { return session->reason; }

// MARK: Encrypted bytes

void *fibers_tls_session_input_room(fibers_tls_session *session, size_t size) {
    fibers_tls_bytes *input = &session->memory.input;
    if (input->capacity != size) {
        free(input->bytes);
        *input = (fibers_tls_bytes){.bytes = malloc(size), .capacity = size};
    }
    return input->bytes;
}

void fibers_tls_session_did_receive(fibers_tls_session *session, size_t count) { session->memory.input.end = count; }

const void *fibers_tls_session_output(fibers_tls_session *session, size_t *count) {
    fibers_tls_memory *memory = &session->memory;
    if (memory->leaving.end == 0) {
        memory->leaving = memory->output;
        memory->output = (fibers_tls_bytes){0};
    }
    *count = memory->leaving.end - memory->leaving.start;
    return *count == 0 ? NULL : memory->leaving.bytes + memory->leaving.start;
}

void fibers_tls_session_did_send(fibers_tls_session *session, size_t count) {
    fibers_tls_bytes_drop(&session->memory.leaving, count);
}

size_t fibers_tls_session_output_count(const fibers_tls_session *session) {
    const fibers_tls_memory *memory = &session->memory;
    return memory->leaving.end - memory->leaving.start + memory->output.end - memory->output.start;
}
