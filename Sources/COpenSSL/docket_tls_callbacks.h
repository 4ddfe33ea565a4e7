/// Callbacks that a context installs and a session answers. Not seen by Swift.
#ifndef DOCKET_TLS_CALLBACKS_H
#define DOCKET_TLS_CALLBACKS_H

#include <openssl/ssl.h>
#include <stddef.h>

/// Counts the KeyUpdate messages of the peer.
void docket_tls_observe_message(
    int written, int version, int content_type, const void *bytes, size_t count, SSL *ssl,
    void *argument);

/// Remembers that the client offered no application protocol.
void docket_tls_note_missing_protocol(SSL *ssl);

/// Keeps the newest ticket until the session's owner takes it.
int docket_tls_keep_ticket(SSL *ssl, SSL_SESSION *ticket);

#endif
