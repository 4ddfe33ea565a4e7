/// Settings of an SSL_CTX that OpenSSL offers as C macros only, and the two callbacks that decide
/// about the application protocol.
#ifndef DOCKET_TLS_CONTEXT_H
#define DOCKET_TLS_CONTEXT_H

#include <openssl/ssl.h>
#include <stddef.h>
#include <stdint.h>

/// The longest certificate message of a peer, in bytes: a chain of four P-256 or RSA certificates
/// needs a fifth of it, and it is all the memory that an unknown peer can make us hold.
#define DOCKET_TLS_PEER_CHAIN_LIMIT (32 * 1024)

/// How many authorities may stand between a peer's certificate and a trusted root.
#define DOCKET_TLS_CHAIN_DEPTH_LIMIT 4

/// Applies what holds for every context: no compression, no renegotiation, no early data, reads
/// ahead of the record at hand, bounded peer chains. Call it before anything else. 1 on success.
int docket_tls_context_harden(SSL_CTX *context);

/// Limits the versions. `minimum` is TLS1_2_VERSION or TLS1_3_VERSION. 1 on success.
int docket_tls_context_set_versions(SSL_CTX *context, int minimum, int maximum);

/// Sets the key exchange groups in order of preference. 1 on success.
int docket_tls_context_set_groups(SSL_CTX *context, const char *groups);

/// Adds a certificate to the chain that is sent after the leaf; the context takes a reference.
/// 1 on success.
int docket_tls_context_add_chain_certificate(SSL_CTX *context, X509 *certificate);

/// Makes a server context insist on one of these protocols (RFC 7301, the wire's list of
/// length-prefixed names, best first). The list is copied. 1 on success.
int docket_tls_context_require_protocols(SSL_CTX *context, const uint8_t *list, size_t count);

/// Turns tickets of a server context off.
void docket_tls_context_disable_tickets(SSL_CTX *context);

/// Makes a server context keep sessions in tickets only, one for each handshake.
int docket_tls_context_enable_tickets(SSL_CTX *context, long lifetime_seconds);

/// Makes the sessions of a client context keep the newest ticket for their owner to collect.
void docket_tls_context_collect_tickets(SSL_CTX *context);

/// Prepares the authentication (HMAC-SHA-256) of a session ticket. 1 on success.
int docket_tls_ticket_code_init(EVP_MAC_CTX *code, const uint8_t *key, size_t count);

#endif
