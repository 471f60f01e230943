// SPDX-License-Identifier: MIT
// What both sides agreed on, and whom the other one claims to be.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

int fibers_tls_session_version(const fibers_tls_session *session) { return SSL_version(session->ssl); }

const char *fibers_tls_session_cipher(const fibers_tls_session *session) { return SSL_get_cipher_name(session->ssl); }

const uint8_t *fibers_tls_session_protocol(const fibers_tls_session *session, size_t *count) {
    const unsigned char *protocol = NULL;
    unsigned int length = 0;
    SSL_get0_alpn_selected(session->ssl, &protocol, &length);
    *count = length;
    return protocol;
}

const char *fibers_tls_session_host(const fibers_tls_session *session) {
    return SSL_get_servername(session->ssl, TLSEXT_NAMETYPE_host_name);
}

/// What `write` has written, or NULL.
static char *copy_text(const X509 *certificate, int (*write)(BIO *target, const X509 *certificate)) {
    ERR_clear_error();
    BIO *target = certificate == NULL ? NULL : BIO_new(BIO_s_mem());
    if (target == NULL) return NULL;
    char *start = NULL, *text = NULL;
    if (write(target, certificate)) {
        const long count = BIO_get_mem_data(target, &start);
        text = count < 0 ? NULL : strndup(start, (size_t)count);
    }
    BIO_free(target);
    ERR_clear_error();
    return text;
}

static int write_subject(BIO *target, const X509 *certificate) {
    const unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
    return X509_NAME_print_ex(target, X509_get_subject_name(certificate), 0, flags) >= 0;
}

char *fibers_tls_session_copy_peer(const fibers_tls_session *session) {
    return copy_text(SSL_get0_peer_certificate(session->ssl), write_subject);
}

static int write_pem(BIO *target, const X509 *certificate) { return PEM_write_bio_X509(target, (X509 *)certificate); }

/// The chain that a server gets does not contain the client's own certificate, that of a client does.
char *fibers_tls_session_copy_certificate(const fibers_tls_session *session, int index) {
    if (index == 0) return copy_text(SSL_get0_peer_certificate(session->ssl), write_pem);
    const STACK_OF(X509) *chain = SSL_get_peer_cert_chain(session->ssl);
    const int place = SSL_is_server(session->ssl) ? index - 1 : index;
    return copy_text(place < sk_X509_num(chain) ? sk_X509_value(chain, place) : NULL, write_pem);
}

void fibers_tls_free(char *text) { free(text); }
