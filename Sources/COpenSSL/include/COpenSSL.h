/// The one header that Swift sees of OpenSSL: the library's own declarations, which Swift calls
/// where they are functions, and Docket's shims for what C macros hide and for the hot loop.
#ifndef DOCKET_OPENSSL_H
#define DOCKET_OPENSSL_H

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "docket_certificate.h"
#include "docket_tls_context.h"
#include "docket_tls_session.h"

#endif
