// SPDX-License-Identifier: MIT
#include "context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

fibers_tls_context *fibers_tls_context_create(void) {
    fibers_tls_context *context = calloc(1, sizeof *context);
    if (context == NULL) return NULL;
    ERR_clear_error();
    context->ctx = SSL_CTX_new(TLS_method());
    if (context->ctx == NULL) {
        free(context);
        return NULL;
    }
    context->verifies = true;
    SSL_CTX *ctx = context->ctx;
    // Nobody resumes a session: a ticket that a client never reads would make the kernel reset the connection when that
    // is closed, and one of a client that had shown a certificate would stand for it.
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(ctx, 0);
    // What is shown is what was given, with nothing from whom this side trusts.
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    return context;
}

void fibers_tls_context_free(fibers_tls_context *context) {
    if (context == NULL) return;
    SSL_CTX_free(context->ctx);
    for (size_t i = 0; i < context->host_count; i++) {
        free(context->hosts[i].name);
        SSL_CTX_free(context->hosts[i].ctx);
    }
    free(context->hosts);
    free(context->protocols);
    free(context);
}

/// The first reason tells most: later ones say that something else failed because of it.
static bool succeed(bool is_good, fibers_tls_reason *reason) {
    if (!is_good) {
        const char *text = ERR_reason_error_string(ERR_peek_error());
        snprintf(reason->text, sizeof reason->text, "%s", text == NULL ? "out of memory" : text);
    }
    ERR_clear_error();
    return is_good;
}

bool fibers_tls_context_set_minimum_version(fibers_tls_context *context, int version, fibers_tls_reason *reason) {
    ERR_clear_error();
    return succeed(SSL_CTX_set_min_proto_version(context->ctx, version) == 1, reason);
}

void fibers_tls_context_set_clients(fibers_tls_context *context, fibers_tls_clients clients) {
    static const int modes[] = {
        [fibers_tls_clients_stay_unknown] = SSL_VERIFY_NONE,
        [fibers_tls_clients_may_show_themselves] = SSL_VERIFY_PEER,
        [fibers_tls_clients_must_show_themselves] = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
    };
    SSL_CTX_set_verify(context->ctx, modes[clients], SSL_CTX_get_verify_callback(context->ctx));
}

// MARK: Certificates and keys

/// A source may be empty, but not nothing.
static BIO *make_source(const void *pem, size_t count) { return BIO_new_mem_buf(count == 0 ? "" : pem, (int)count); }

/// Lets no encrypted key ask for its password on the terminal.
static int no_password(char *buffer, int size, int is_writing, void *data) {
    (void)buffer, (void)size, (void)is_writing, (void)data;
    return -1;
}

static int accept_everybody(int is_good, X509_STORE_CTX *store) {
    (void)is_good, (void)store;
    return 1;
}

void fibers_tls_context_trust_everybody(fibers_tls_context *context) {
    context->verifies = false;
    SSL_CTX_set_verify(context->ctx, SSL_CTX_get_verify_mode(context->ctx), accept_everybody);
}

bool fibers_tls_context_trust_system(fibers_tls_context *context, fibers_tls_reason *reason) {
    ERR_clear_error();
    return succeed(SSL_CTX_set_default_verify_paths(context->ctx) == 1, reason);
}

/// Calls `use` with every certificate. False if one cannot be read or used, or if there is none.
static bool for_each_certificate(
    SSL_CTX *ctx, const void *pem, size_t count, bool (*use)(SSL_CTX *ctx, X509 *certificate, int index)) {
    BIO *source = make_source(pem, count);
    if (source == NULL) return false;
    bool is_good = true;
    int index = 0;
    X509 *certificate = NULL;
    while (is_good && (certificate = PEM_read_bio_X509_AUX(source, NULL, no_password, NULL)) != NULL) {
        is_good = use(ctx, certificate, index++);
        X509_free(certificate);
    }
    BIO_free(source);
    // After the last one there is no start of another.
    if (!is_good || index == 0 || ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) return false;
    ERR_clear_error();
    return true;
}

static bool trust(SSL_CTX *ctx, X509 *certificate, int index) {
    (void)index;
    return X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), certificate) == 1
        && SSL_CTX_add_client_CA(ctx, certificate) == 1;
}

bool fibers_tls_context_trust(
    fibers_tls_context *context, const void *pem, size_t count, fibers_tls_reason *reason) {
    ERR_clear_error();
    // Who is named is trusted, be it a root or not.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context->ctx), X509_V_FLAG_PARTIAL_CHAIN);
    return succeed(for_each_certificate(context->ctx, pem, count, trust), reason);
}

static bool show(SSL_CTX *ctx, X509 *certificate, int index) {
    return index == 0 ? SSL_CTX_use_certificate(ctx, certificate) == 1
                      : SSL_CTX_add1_chain_cert(ctx, certificate) == 1;
}

bool fibers_tls_context_use_chain(
    fibers_tls_context *context, const void *pem, size_t count, fibers_tls_reason *reason) {
    ERR_clear_error();
    return succeed(for_each_certificate(context->ctx, pem, count, show), reason);
}

bool fibers_tls_context_use_key(
    fibers_tls_context *context, const void *pem, size_t count, fibers_tls_reason *reason) {
    ERR_clear_error();
    BIO *source = make_source(pem, count);
    EVP_PKEY *key = source == NULL ? NULL : PEM_read_bio_PrivateKey(source, NULL, no_password, NULL);
    const bool is_good = key != NULL && SSL_CTX_use_PrivateKey(context->ctx, key) == 1
        && SSL_CTX_check_private_key(context->ctx) == 1;
    const bool result = succeed(is_good, reason);
    EVP_PKEY_free(key);
    BIO_free(source);
    return result;
}

// MARK: Choices of a server

/// The server's order counts. A client that speaks nothing of ours is told so.
static int choose_protocol(
    SSL *ssl, const unsigned char **chosen, unsigned char *length, const unsigned char *offered,
    unsigned int offered_count, void *data) {
    (void)ssl;
    const fibers_tls_context *context = data;
    unsigned char *found = NULL;
    const int result = SSL_select_next_proto(
        &found, length, context->protocols, (unsigned int)context->protocols_count, offered, offered_count);
    if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

bool fibers_tls_context_set_protocols(fibers_tls_context *context, const uint8_t *list, size_t count) {
    ERR_clear_error();
    context->protocols = malloc(count);
    if (context->protocols == NULL) return false;
    memcpy(context->protocols, list, count);
    context->protocols_count = count;
    SSL_CTX_set_alpn_select_cb(context->ctx, choose_protocol, context);
    return SSL_CTX_set_alpn_protos(context->ctx, list, (unsigned int)count) == 0;
}

static bool matches(const char *pattern, const char *host) {
    if (strcasecmp(pattern, host) == 0) return true;
    if (strncmp(pattern, "*.", 2) != 0) return false;
    const char *rest = strchr(host, '.');
    return rest != NULL && rest != host && strcasecmp(pattern + 1, rest) == 0;
}

static int choose_host(SSL *ssl, int *alert, void *data) {
    (void)alert;
    const fibers_tls_context *context = data;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    for (size_t i = 0; name != NULL && i < context->host_count; i++) {
        if (!matches(context->hosts[i].name, name)) continue;
        SSL_CTX *ctx = context->hosts[i].ctx;
        if (SSL_set_SSL_CTX(ssl, ctx) == NULL) return SSL_TLSEXT_ERR_ALERT_FATAL;
        // That took the certificate, but not whom it asks for theirs, nor how it looks at them.
        SSL_set_verify(ssl, SSL_CTX_get_verify_mode(ctx), SSL_CTX_get_verify_callback(ctx));
        X509_VERIFY_PARAM_set_flags(
            SSL_get0_param(ssl), X509_VERIFY_PARAM_get_flags(SSL_CTX_get0_param(ctx)));
        break;
    }
    return SSL_TLSEXT_ERR_OK;
}

bool fibers_tls_context_add_host(fibers_tls_context *context, const char *name, const fibers_tls_context *other) {
    const size_t size = (context->host_count + 1) * sizeof *context->hosts;
    fibers_tls_host *hosts = realloc(context->hosts, size);
    if (hosts == NULL) return false;
    context->hosts = hosts;
    char *copy = strdup(name);
    if (copy == NULL) return false;
    SSL_CTX_up_ref(other->ctx);
    hosts[context->host_count++] = (fibers_tls_host){copy, other->ctx};
    SSL_CTX_set_tlsext_servername_callback(context->ctx, choose_host);
    SSL_CTX_set_tlsext_servername_arg(context->ctx, context);
    return true;
}
