// SPDX-License-Identifier: MIT
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "floor.h"

static X509 *certificate_of(EVP_PKEY *key) {
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    return certificate;
}

/// Empties the memory.
static char *text_of(BIO *memory) {
    const size_t count = BIO_ctrl_pending(memory);
    char *text = calloc(count + 1, 1);
    if (text != NULL) BIO_read(memory, text, (int)count);
    return text;
}

bool floor_tls_make_identity(char **certificate, char **key) {
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    BIO *memory = BIO_new(BIO_s_mem());
    if (pair == NULL || memory == NULL) return false;
    X509 *signed_by_itself = certificate_of(pair);
    const bool is_certificate = PEM_write_bio_X509(memory, signed_by_itself) == 1;
    *certificate = text_of(memory);
    const bool is_key = PEM_write_bio_PrivateKey(memory, pair, NULL, NULL, 0, NULL, NULL) == 1;
    *key = text_of(memory);
    X509_free(signed_by_itself);
    EVP_PKEY_free(pair);
    BIO_free(memory);
    return is_certificate && is_key && *certificate != NULL && *key != NULL;
}
