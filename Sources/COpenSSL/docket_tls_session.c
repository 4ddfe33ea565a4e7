#include "docket_tls_session.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "docket_certificate.h"
#include "docket_tls_callbacks.h"

/// The smallest allocation of a buffer: a server's first flight fits.
#define SMALLEST_CAPACITY ((size_t)2048)

/// What a record may add to its plaintext: header, content type and authentication tag, and in
/// TLS 1.2 an explicit nonce; rounded up.
#define RECORD_OVERHEAD ((size_t)64)

/// A queue of bytes: appended at the tail, consumed at the head.
typedef struct bytes {
    uint8_t *start;
    size_t head;
    size_t tail;
    size_t capacity;
} bytes;

/// Ciphertext that belongs to the caller of `docket_tls_session_receive`.
typedef struct lent_bytes {
    const uint8_t *start;
    size_t count;
} lent_bytes;

/// How far a client's handshake has been read, to find the lengths of its messages.
typedef struct handshake_reader {
    uint8_t record[SSL3_RT_HEADER_LENGTH];
    uint8_t message[SSL3_HM_HEADER_LENGTH];
    uint8_t record_count;
    uint8_t message_count;
    /// What is left of the record, and of the message, that has begun.
    uint32_t record_rest;
    uint32_t message_rest;
    uint8_t is_active;
} handshake_reader;

struct docket_tls_session {
    SSL *ssl;
    handshake_reader reader;
    /// Ciphertext of earlier calls that the library has not read; it comes before `lent`.
    bytes held;
    lent_bytes lent;
    bytes outgoing;
    SSL_SESSION *ticket;
    uint64_t key_update_window;
    unsigned int key_update_count;
    uint64_t now;
    int64_t verification_time;
    uint8_t has_verification_time;
    uint8_t is_established;
    uint8_t is_starved;
    docket_tls_failure failure;
};

// MARK: The thread's errors

/// Empties this thread's error queue, which belongs to all its sessions: what one has left there
/// would be taken for the failure of the next. Before a call the queue is nearly always empty, and
/// emptying an empty one costs a tenth of what a short record does.
static void clear_errors(void)
{
    if (ERR_peek_error() != 0)
        ERR_clear_error();
}

// MARK: Byte queues

static size_t bytes_count(const bytes *queue)
{
    return queue->tail - queue->head;
}

static void bytes_free(bytes *queue)
{
    free(queue->start);
    *queue = (bytes){0};
}

static int bytes_reserve(bytes *queue, size_t extra)
{
    if (queue->head == queue->tail)
        queue->head = queue->tail = 0;
    if (queue->capacity - queue->tail >= extra)
        return 1;
    size_t count = bytes_count(queue);
    if (extra > SIZE_MAX / 4 || count > SIZE_MAX / 4)
        return 0;
    if (queue->head > 0) {
        memmove(queue->start, queue->start + queue->head, count);
        queue->head = 0;
        queue->tail = count;
    }
    size_t capacity = queue->capacity < SMALLEST_CAPACITY ? SMALLEST_CAPACITY : queue->capacity;
    while (capacity - count < extra)
        capacity *= 2;
    if (capacity == queue->capacity)
        return 1;
    uint8_t *grown = realloc(queue->start, capacity);
    if (grown == NULL)
        return 0;
    queue->start = grown;
    queue->capacity = capacity;
    return 1;
}

static int bytes_append(bytes *queue, const uint8_t *source, size_t count)
{
    if (!bytes_reserve(queue, count))
        return 0;
    memcpy(queue->start + queue->tail, source, count);
    queue->tail += count;
    return 1;
}

static void bytes_consume(bytes *queue, size_t count)
{
    queue->head += count < bytes_count(queue) ? count : bytes_count(queue);
    if (queue->head < queue->tail)
        return;
    queue->head = queue->tail = 0;
    if (queue->capacity > DOCKET_TLS_KEPT_CAPACITY)
        bytes_free(queue);
}

// MARK: The lengths of a client's messages

static uint8_t byte_of(uint8_t *target, uint8_t *count, size_t size, const uint8_t **bytes)
{
    target[(*count)++] = *(*bytes)++;
    return *count == size;
}

static void begin_record(handshake_reader *reader, const SSL *ssl)
{
    reader->record_count = 0;
    reader->record_rest = (uint32_t)reader->record[3] << 8 | reader->record[4];
    // In TLS 1.2 what follows is encrypted, and under the same content type. In TLS 1.3 the record
    // says nothing, and a second ClientHello may follow it (RFC 8446, appendix D.4).
    if (reader->record[0] == SSL3_RT_CHANGE_CIPHER_SPEC && SSL_version(ssl) == TLS1_2_VERSION)
        reader->is_active = 0;
}

/// Reads on in what a client sends during its handshake. 0 when a ClientHello has begun that is
/// longer than it may be: OpenSSL would set memory aside for it on the strength of the claim.
///
/// Other messages need no such care. Where they are not expected, OpenSSL refuses them before it
/// looks at their length, and where they are, it has closer limits.
static int reader_accepts(
    handshake_reader *reader, const SSL *ssl, const uint8_t *bytes, size_t count)
{
    const uint8_t *end = bytes + count;
    while (reader->is_active && bytes < end) {
        size_t left = (size_t)(end - bytes);
        if (reader->record_rest == 0) {
            if (byte_of(reader->record, &reader->record_count, sizeof(reader->record), &bytes))
                begin_record(reader, ssl);
            continue;
        }
        int is_handshake = reader->record[0] == SSL3_RT_HANDSHAKE;
        size_t step = reader->record_rest < left ? reader->record_rest : left;
        if (is_handshake && reader->message_rest == 0) {
            reader->record_rest -= 1;
            uint8_t *message = reader->message;
            if (!byte_of(message, &reader->message_count, sizeof(reader->message), &bytes))
                continue;
            reader->message_count = 0;
            reader->message_rest =
                (uint32_t)message[1] << 16 | (uint32_t)message[2] << 8 | message[3];
            if (message[0] == SSL3_MT_CLIENT_HELLO
                && reader->message_rest > DOCKET_TLS_CLIENT_HELLO_LIMIT)
                return 0;
            continue;
        }
        if (is_handshake) {
            step = reader->message_rest < step ? reader->message_rest : step;
            reader->message_rest -= (uint32_t)step;
        }
        reader->record_rest -= (uint32_t)step;
        bytes += step;
    }
    return 1;
}

// MARK: The transport that OpenSSL sees

static BIO_METHOD *transport;
static pthread_once_t transport_once = PTHREAD_ONCE_INIT;

static int transport_read(BIO *bio, char *target, size_t capacity, size_t *count)
{
    docket_tls_session *session = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    // A peer over a limit of ours is read no further, and the call fails.
    if (session->is_starved)
        return 0;
    size_t held = bytes_count(&session->held);
    const uint8_t *source =
        held > 0 ? session->held.start + session->held.head : session->lent.start;
    *count = held > 0 ? held : session->lent.count;
    if (*count > capacity)
        *count = capacity;
    if (*count == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    if (!reader_accepts(&session->reader, session->ssl, source, *count)) {
        *count = 0;
        session->failure.origin = DOCKET_TLS_FAILURE_CLIENT_HELLO;
        session->is_starved = 1;
        return 0;
    }
    memcpy(target, source, *count);
    if (held > 0) {
        bytes_consume(&session->held, *count);
    } else {
        session->lent.start += *count;
        session->lent.count -= *count;
    }
    return 1;
}

static int transport_write(BIO *bio, const char *source, size_t count, size_t *written)
{
    docket_tls_session *session = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (!bytes_append(&session->outgoing, (const uint8_t *)source, count)) {
        session->failure.origin = DOCKET_TLS_FAILURE_MEMORY;
        return 0;
    }
    *written = count;
    return 1;
}

static long transport_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static void make_transport(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "docket");
    if (method == NULL)
        return;
    BIO_meth_set_read_ex(method, transport_read);
    BIO_meth_set_write_ex(method, transport_write);
    BIO_meth_set_ctrl(method, transport_control);
    transport = method;
}

static BIO *transport_new(docket_tls_session *session)
{
    pthread_once(&transport_once, make_transport);
    BIO *bio = transport == NULL ? NULL : BIO_new(transport);
    if (bio == NULL)
        return NULL;
    BIO_set_data(bio, session);
    BIO_set_init(bio, 1);
    return bio;
}

// MARK: Life

docket_tls_session *docket_tls_session_new(SSL_CTX *context, int is_server)
{
    clear_errors();
    docket_tls_session *session = calloc(1, sizeof(docket_tls_session));
    if (session == NULL)
        return NULL;
    BIO *bio = transport_new(session);
    session->ssl = SSL_new(context);
    if (bio == NULL || session->ssl == NULL || !SSL_set_app_data(session->ssl, session)) {
        BIO_free(bio);
        SSL_free(session->ssl);
        free(session);
        return NULL;
    }
    SSL_set_bio(session->ssl, bio, bio);
    session->reader.is_active = is_server != 0;
    if (is_server)
        SSL_set_accept_state(session->ssl);
    else
        SSL_set_connect_state(session->ssl);
    return session;
}

void docket_tls_session_free(docket_tls_session *session)
{
    if (session == NULL)
        return;
    // Freeing a session whose end is not recorded makes its ticket worthless, although nothing is
    // wrong with a connection that was merely lost. After a failure that is what we want.
    if (session->is_established && session->failure.origin == DOCKET_TLS_FAILURE_NONE)
        SSL_set_shutdown(session->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    clear_errors();
    SSL_SESSION_free(session->ticket);
    SSL_free(session->ssl);
    bytes_free(&session->held);
    bytes_free(&session->outgoing);
    free(session);
    clear_errors();
}

int docket_tls_session_expect_name(docket_tls_session *session, const char *name, int is_address)
{
    clear_errors();
    X509_VERIFY_PARAM *parameters = SSL_get0_param(session->ssl);
    if (is_address)
        return X509_VERIFY_PARAM_set1_ip_asc(parameters, name);
    SSL_set_hostflags(
        session->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    return SSL_set1_host(session->ssl, name)
        && (int)SSL_set_tlsext_host_name(session->ssl, name);
}

int docket_tls_session_offer_ticket(docket_tls_session *session, SSL_SESSION *ticket)
{
    clear_errors();
    return SSL_set_session(session->ssl, ticket);
}

SSL_SESSION *docket_tls_session_take_ticket(docket_tls_session *session)
{
    SSL_SESSION *ticket = session->ticket;
    session->ticket = NULL;
    return ticket;
}

void docket_tls_session_set_verification_time(docket_tls_session *session, int64_t seconds)
{
    session->verification_time = seconds;
    session->has_verification_time = 1;
    X509_VERIFY_PARAM_set_time(SSL_get0_param(session->ssl), (time_t)seconds);
}

// MARK: Callbacks

static docket_tls_session *session_of(SSL *ssl)
{
    return SSL_get_app_data(ssl);
}

void docket_tls_observe_message(
    int written, int version, int content_type, const void *message, size_t count, SSL *ssl,
    void *argument)
{
    (void)version, (void)argument;
    if (written || content_type != SSL3_RT_HANDSHAKE || count == 0)
        return;
    if (*(const uint8_t *)message != SSL3_MT_KEY_UPDATE)
        return;
    docket_tls_session *session = session_of(ssl);
    if (session->now - session->key_update_window >= DOCKET_TLS_KEY_UPDATE_WINDOW_SECONDS) {
        session->key_update_window = session->now;
        session->key_update_count = 0;
    }
    session->key_update_count += 1;
    if (session->key_update_count > DOCKET_TLS_KEY_UPDATE_LIMIT) {
        session->failure.origin = DOCKET_TLS_FAILURE_KEY_UPDATES;
        session->is_starved = 1;
    }
}

void docket_tls_note_missing_protocol(SSL *ssl)
{
    session_of(ssl)->failure.origin = DOCKET_TLS_FAILURE_NO_PROTOCOL;
}

int docket_tls_keep_ticket(SSL *ssl, SSL_SESSION *ticket)
{
    docket_tls_session *session = session_of(ssl);
    SSL_SESSION_free(session->ticket);
    session->ticket = ticket;
    // The reference that came with the call is ours now.
    return 1;
}

// MARK: Failures

/// Empties this thread's error queue into the session's failure. The queue belongs to all sessions
/// of the thread, so nothing may stay in it.
static docket_tls_status fail(docket_tls_session *session)
{
    docket_tls_failure *failure = &session->failure;
    unsigned long code;
    while ((code = ERR_get_error()) != 0) {
        const char *words = ERR_reason_error_string(code);
        if (failure->text[0] == 0 && words != NULL)
            strncpy(failure->text, words, sizeof(failure->text) - 1);
        if (failure->reason == 0 && ERR_GET_LIB(code) == ERR_LIB_SSL)
            failure->reason = ERR_GET_REASON(code);
    }
    failure->verification = SSL_get_verify_result(session->ssl);
    if (failure->origin == DOCKET_TLS_FAILURE_NONE)
        failure->origin = DOCKET_TLS_FAILURE_LIBRARY;
    return DOCKET_TLS_FAILED;
}

static docket_tls_status fail_because(
    docket_tls_session *session, docket_tls_failure_origin origin)
{
    session->failure.origin = origin;
    return fail(session);
}

/// Translates the outcome of a call that did not succeed; to be called at once after it.
static docket_tls_status classify(docket_tls_session *session, int outcome)
{
    switch (SSL_get_error(session->ssl, outcome)) {
    case SSL_ERROR_WANT_READ:
        return DOCKET_TLS_DRAINED;
    case SSL_ERROR_ZERO_RETURN:
        return DOCKET_TLS_CLOSED;
    default:
        return fail(session);
    }
}

// MARK: Receiving

/// Whether the certificate that a resumed session rests on is still valid: the library verifies
/// certificates in full handshakes only.
static int peer_is_still_valid(const docket_tls_session *session)
{
    const X509 *certificate = SSL_get0_peer_certificate(session->ssl);
    if (certificate == NULL || !SSL_session_reused(session->ssl))
        return 1;
    int64_t now = session->has_verification_time ? session->verification_time : time(NULL);
    return docket_certificate_validity_compare(certificate, now) == 0;
}

static docket_tls_status step_handshake(docket_tls_session *session)
{
    clear_errors();
    int outcome = SSL_do_handshake(session->ssl);
    if (session->is_starved)
        return fail(session);
    if (outcome != 1)
        return classify(session, outcome);
    const unsigned char *protocol;
    unsigned int protocol_count;
    SSL_get0_alpn_selected(session->ssl, &protocol, &protocol_count);
    if (protocol_count == 0)
        return fail_because(session, DOCKET_TLS_FAILURE_NO_PROTOCOL);
    if (!peer_is_still_valid(session))
        return fail_because(session, DOCKET_TLS_FAILURE_STALE_CERTIFICATE);
    session->is_established = 1;
    session->reader.is_active = 0;
    return DOCKET_TLS_DRAINED;
}

static int has_input(const docket_tls_session *session)
{
    return session->lent.count > 0 || bytes_count(&session->held) > 0
        || SSL_has_pending(session->ssl);
}

static docket_tls_status decrypt(
    docket_tls_session *session, uint8_t *output, size_t capacity, size_t *count)
{
    while (has_input(session)) {
        if (*count == capacity)
            return DOCKET_TLS_OUTPUT_FULL;
        size_t more = 0;
        clear_errors();
        int outcome = SSL_read_ex(session->ssl, output + *count, capacity - *count, &more);
        if (outcome != 1)
            return classify(session, outcome);
        *count += more;
        if (session->is_starved)
            return fail(session);
    }
    return DOCKET_TLS_DRAINED;
}

/// Copies what is left of the caller's bytes, which are gone after the call.
static docket_tls_status keep_rest(docket_tls_session *session, docket_tls_status status)
{
    lent_bytes rest = session->lent;
    session->lent = (lent_bytes){0};
    if (rest.count == 0 || status == DOCKET_TLS_FAILED || status == DOCKET_TLS_CLOSED)
        return status;
    if (rest.count > DOCKET_TLS_HELD_CIPHERTEXT_LIMIT - bytes_count(&session->held))
        return fail_because(session, DOCKET_TLS_FAILURE_BACKLOG);
    if (!bytes_append(&session->held, rest.start, rest.count))
        return fail_because(session, DOCKET_TLS_FAILURE_MEMORY);
    return status;
}

docket_tls_status docket_tls_session_receive(
    docket_tls_session *session, const uint8_t *input, size_t input_count, uint8_t *output,
    size_t output_capacity, size_t *output_count, uint64_t now_seconds)
{
    *output_count = 0;
    session->now = now_seconds;
    session->lent = (lent_bytes){input, input_count};
    docket_tls_status status = DOCKET_TLS_DRAINED;
    if (!session->is_established)
        status = step_handshake(session);
    if (session->is_established)
        status = decrypt(session, output, output_capacity, output_count);
    return keep_rest(session, status);
}

// MARK: Sending

docket_tls_status docket_tls_session_write(
    docket_tls_session *session, const uint8_t *input, size_t input_count)
{
    // Writing nothing is undefined in OpenSSL.
    if (input_count == 0)
        return DOCKET_TLS_DRAINED;
    size_t records = input_count / SSL3_RT_MAX_PLAIN_LENGTH + 1;
    if (!bytes_reserve(&session->outgoing, input_count + records * RECORD_OVERHEAD))
        return fail_because(session, DOCKET_TLS_FAILURE_MEMORY);
    size_t written = 0;
    clear_errors();
    // The transport takes everything, so the write is complete or has failed.
    int outcome = SSL_write_ex(session->ssl, input, input_count, &written);
    if (outcome == 1 && written == input_count)
        return DOCKET_TLS_DRAINED;
    return fail(session);
}

docket_tls_status docket_tls_session_close(docket_tls_session *session)
{
    clear_errors();
    // 0 means sent and not yet answered, and we do not wait for an answer.
    int outcome = SSL_shutdown(session->ssl);
    return outcome >= 0 ? DOCKET_TLS_CLOSED : fail(session);
}

const uint8_t *docket_tls_session_pending(const docket_tls_session *session, size_t *count)
{
    *count = bytes_count(&session->outgoing);
    return *count == 0 ? NULL : session->outgoing.start + session->outgoing.head;
}

void docket_tls_session_consume(docket_tls_session *session, size_t count)
{
    bytes_consume(&session->outgoing, count);
}

// MARK: Facts and memory

size_t docket_tls_session_held(const docket_tls_session *session)
{
    return bytes_count(&session->held);
}

void docket_tls_session_release_buffers(docket_tls_session *session)
{
    if (bytes_count(&session->held) == 0)
        bytes_free(&session->held);
    if (bytes_count(&session->outgoing) == 0)
        bytes_free(&session->outgoing);
    // During the handshake the library's buffers are in use although they look empty.
    if (session->is_established)
        SSL_free_buffers(session->ssl);
}

int docket_tls_session_is_established(const docket_tls_session *session)
{
    return session->is_established;
}

const docket_tls_failure *docket_tls_session_failure(const docket_tls_session *session)
{
    return &session->failure;
}

SSL *docket_tls_session_ssl(const docket_tls_session *session)
{
    return session->ssl;
}
