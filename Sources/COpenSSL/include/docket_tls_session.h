/// One TLS connection without a socket: ciphertext in, plaintext out, and the other way round.
///
/// The loop that every byte passes through is here, in C, so that no call of OpenSSL's into its
/// transport crosses into Swift. A session is used by one thread at a time.
#ifndef DOCKET_TLS_SESSION_H
#define DOCKET_TLS_SESSION_H

#include <openssl/ssl.h>
#include <stddef.h>
#include <stdint.h>

/// The most ciphertext, in bytes, that a session keeps because its owner's buffer was full: four
/// reads of 64 KiB from a socket. An owner that reads until it is told to stop never gets there.
#define DOCKET_TLS_HELD_CIPHERTEXT_LIMIT (256 * 1024)

/// The longest ClientHello that a server reads, in bytes: the longest of today's clients, with keys
/// against quantum computers and a ticket, has a fifth of it. The library sets aside a third more
/// than what is claimed, and would believe a claim of 131,396.
#define DOCKET_TLS_CLIENT_HELLO_LIMIT (16 * 1024)

/// How many KeyUpdate messages a peer may send in `DOCKET_TLS_KEY_UPDATE_WINDOW_SECONDS`. Each one
/// costs us a key derivation, and an honest peer needs one in many gigabytes.
#define DOCKET_TLS_KEY_UPDATE_LIMIT 32
#define DOCKET_TLS_KEY_UPDATE_WINDOW_SECONDS 60

/// A buffer for outgoing ciphertext that has grown beyond this many bytes is given back as soon as
/// it is empty: two full records stay, the traces of one large message do not.
#define DOCKET_TLS_KEPT_CAPACITY (34 * 1024)

/// How one call ended.
typedef enum docket_tls_status {
    /// All input is used up; more is needed from the peer.
    DOCKET_TLS_DRAINED,
    /// The output is full; call again with the same input already inside.
    DOCKET_TLS_OUTPUT_FULL,
    /// The peer has sent close_notify.
    DOCKET_TLS_CLOSED,
    /// The connection is over; `docket_tls_session_failure` tells why.
    DOCKET_TLS_FAILED,
} docket_tls_status;

/// Who found the failure.
typedef enum docket_tls_failure_origin {
    DOCKET_TLS_FAILURE_NONE,
    /// OpenSSL; `reason` is one of SSL_R_...
    DOCKET_TLS_FAILURE_LIBRARY,
    /// The peer offered or chose no application protocol.
    DOCKET_TLS_FAILURE_NO_PROTOCOL,
    /// The peer sent more than `DOCKET_TLS_KEY_UPDATE_LIMIT` KeyUpdate messages.
    DOCKET_TLS_FAILURE_KEY_UPDATES,
    /// The owner let more than `DOCKET_TLS_HELD_CIPHERTEXT_LIMIT` bytes pile up.
    DOCKET_TLS_FAILURE_BACKLOG,
    /// A resumed session rests on a certificate that is not valid any more.
    DOCKET_TLS_FAILURE_STALE_CERTIFICATE,
    /// The client began a ClientHello longer than `DOCKET_TLS_CLIENT_HELLO_LIMIT`.
    DOCKET_TLS_FAILURE_CLIENT_HELLO,
    /// No memory.
    DOCKET_TLS_FAILURE_MEMORY,
} docket_tls_failure_origin;

typedef struct docket_tls_failure {
    docket_tls_failure_origin origin;
    /// The reason code of the first error of OpenSSL's TLS library, 0 if there is none.
    int reason;
    /// What the verification of the peer's certificate came to: X509_V_OK or X509_V_ERR_...
    long verification;
    /// OpenSSL's words for the first error, empty if there is none.
    char text[160];
} docket_tls_failure;

typedef struct docket_tls_session docket_tls_session;

/// Makes a session of a context. NULL when there is no memory.
docket_tls_session *docket_tls_session_new(SSL_CTX *context, int is_server);

/// Frees a session in any state; one that has not failed stays resumable.
void docket_tls_session_free(docket_tls_session *session);

/// Sets the name that the client expects: a DNS name, which is also sent (SNI), or an address in
/// text. 1 on success.
int docket_tls_session_expect_name(docket_tls_session *session, const char *name, int is_address);

/// Offers a ticket for resumption. 1 on success.
int docket_tls_session_offer_ticket(docket_tls_session *session, SSL_SESSION *ticket);

/// Takes the newest ticket that the server has sent, or NULL. The caller owns the reference.
SSL_SESSION *docket_tls_session_take_ticket(docket_tls_session *session);

/// Sets the time in seconds since 1970 at which certificates of resumed sessions are judged.
/// Without it the system's clock is read at each handshake.
void docket_tls_session_set_verification_time(docket_tls_session *session, int64_t seconds);

/// Takes ciphertext, steps the handshake, and decrypts into `output` until one of them is used up.
///
/// `input` is read during the call only: what could not be decrypted yet is copied. `output_count`
/// is valid whatever the outcome, since good bytes may stand before a failure or a close.
/// `now_seconds` is any clock that does not go back; it only limits KeyUpdate messages.
docket_tls_status docket_tls_session_receive(
    docket_tls_session *session, const uint8_t *input, size_t input_count, uint8_t *output,
    size_t output_capacity, size_t *output_count, uint64_t now_seconds);

/// Encrypts all of `input`. Only for an established session.
docket_tls_status docket_tls_session_write(
    docket_tls_session *session, const uint8_t *input, size_t input_count);

/// Sends close_notify. Only for an established session that has not failed.
docket_tls_status docket_tls_session_close(docket_tls_session *session);

/// The ciphertext that waits to be sent; valid until the next call on the session.
const uint8_t *docket_tls_session_pending(const docket_tls_session *session, size_t *count);

/// Drops the first bytes of the pending ciphertext, at most as many as there are.
void docket_tls_session_consume(docket_tls_session *session, size_t count);

/// How many bytes of ciphertext are kept for the next call.
size_t docket_tls_session_held(const docket_tls_session *session);

/// Gives back every buffer that is empty, here and in OpenSSL.
void docket_tls_session_release_buffers(docket_tls_session *session);

/// Whether the handshake is complete.
int docket_tls_session_is_established(const docket_tls_session *session);

/// The failure of the last call that returned `DOCKET_TLS_FAILED`.
const docket_tls_failure *docket_tls_session_failure(const docket_tls_session *session);

/// The library's object, to ask it for facts.
SSL *docket_tls_session_ssl(const docket_tls_session *session);

#endif
