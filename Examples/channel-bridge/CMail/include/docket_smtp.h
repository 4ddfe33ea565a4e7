/// Hands a mail to a server.
#ifndef DOCKET_SMTP_H
#define DOCKET_SMTP_H

#include <stddef.h>
#include <stdint.h>

/// How the connection is protected.
typedef enum docket_smtp_security {
    /// Not at all: for a server of this machine.
    DOCKET_SMTP_PLAIN,
    /// TLS from STARTTLS on, and nothing is said without it.
    DOCKET_SMTP_STARTTLS,
    /// TLS from the first byte.
    DOCKET_SMTP_TLS,
} docket_smtp_security;

/// How long a server may take, in milliseconds.
typedef struct docket_smtp_limits {
    /// For the connection, with TLS.
    long connection;
    /// For one reply.
    long reply;
    /// For everything.
    long everything;
} docket_smtp_limits;

/// One mail on its way. To be used by one thread at a time.
typedef struct docket_smtp_delivery docket_smtp_delivery;

/// Begins a delivery. NULL where there is no memory.
docket_smtp_delivery *docket_smtp_new(void);

/// Gives it up.
void docket_smtp_free(docket_smtp_delivery *delivery);

/// Says where the server is: "HOST:PORT", or "[ADDRESS]:PORT" for IPv6. 0 where it cannot be kept.
int docket_smtp_set_server(
    docket_smtp_delivery *delivery, const char *place, docket_smtp_security security);

/// Says whom to trust: a file with certificates (PEM). Without it the system's are trusted.
int docket_smtp_set_authorities(docket_smtp_delivery *delivery, const char *path);

/// Says as whom to sign in. Without it nobody does.
int docket_smtp_set_login(
    docket_smtp_delivery *delivery, const char *user, const char *password);

/// Sets the address that errors are sent to.
int docket_smtp_set_sender(docket_smtp_delivery *delivery, const char *address);

/// Adds somebody who gets the mail.
int docket_smtp_add_recipient(docket_smtp_delivery *delivery, const char *address);

/// Receives a line of the dialogue, without its end: what was said to the server, or what it
/// answered. The bytes live for the length of the call only.
typedef void (*docket_smtp_visitor)(
    void *context, int is_reply, const uint8_t *bytes, size_t count);

/// Delivers the mail and visits the dialogue as it goes. The calling thread waits.
///
/// The mail goes to the recipients that the server accepts, where it accepts one. 0 where the
/// dialogue went to its end; otherwise libcurl's code, for `docket_smtp_words`.
int docket_smtp_perform(
    docket_smtp_delivery *delivery, const uint8_t *bytes, size_t count,
    docket_smtp_limits limits, docket_smtp_visitor visitor, void *context);

/// What a code means, in libcurl's words.
const char *docket_smtp_words(int code);

#endif
