/// What certificates need beyond OpenSSL's plain functions.
#ifndef DOCKET_CERTIFICATE_H
#define DOCKET_CERTIFICATE_H

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stddef.h>
#include <stdint.h>

/// The kinds of subject alternative name that Docket reads; all others are skipped.
typedef enum docket_name_kind {
    DOCKET_NAME_DNS,
    DOCKET_NAME_ADDRESS,
    DOCKET_NAME_URI,
} docket_name_kind;

/// Receives one subject alternative name. The bytes live for the length of the call only.
typedef void (*docket_name_visitor)(
    docket_name_kind kind, const uint8_t *bytes, size_t count, void *context);

/// Visits the subject alternative names of a certificate in their order.
///
/// A DNS name or URI with a zero byte is skipped: C code elsewhere would read it as a shorter
/// name than the one that was signed.
void docket_certificate_visit_names(
    const X509 *certificate, docket_name_visitor visitor, void *context);

/// Reads the private key of a PEM text without ever asking anybody for a passphrase.
///
/// OpenSSL's default is to prompt on the terminal, where a server would hang. NULL on failure.
EVP_PKEY *docket_private_key_read(BIO *pem);

/// Makes a P-256 key pair. NULL on failure.
EVP_PKEY *docket_private_key_make(void);

/// Compares a moment with a certificate's validity: negative before it, positive after it, 0 in it.
/// A validity that cannot be read counts as past.
int docket_certificate_validity_compare(const X509 *certificate, int64_t seconds_since_epoch);

#endif
