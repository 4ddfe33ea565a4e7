#include "docket_tls_context.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <pthread.h>
#include <string.h>

#include "docket_tls_callbacks.h"

/// The protocols a server insists on. It lives and dies with its SSL_CTX, so that a handshake
/// never reads a list whose owner has gone.
typedef struct protocol_list {
    size_t count;
    uint8_t bytes[];
} protocol_list;

static int list_index = -1;
static pthread_once_t list_index_once = PTHREAD_ONCE_INIT;

static void free_list(
    void *parent, void *list, CRYPTO_EX_DATA *data, int index, long argument, void *pointer)
{
    (void)parent, (void)data, (void)index, (void)argument, (void)pointer;
    OPENSSL_free(list);
}

static void make_list_index(void)
{
    list_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, free_list);
}

int docket_tls_context_harden(SSL_CTX *context)
{
    SSL_CTX_set_options(
        context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE
                     | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_clear_options(
        context, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_ALLOW_CLIENT_RENEGOTIATION
                     | SSL_OP_LEGACY_SERVER_CONNECT);
    // Without reading ahead the library asks twice for each record: for its header, for its body.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_max_cert_list(context, DOCKET_TLS_PEER_CHAIN_LIMIT);
    SSL_CTX_set_verify_depth(context, DOCKET_TLS_CHAIN_DEPTH_LIMIT);
    SSL_CTX_set_msg_callback(context, docket_tls_observe_message);
    return SSL_CTX_set_max_early_data(context, 0) && SSL_CTX_set_recv_max_early_data(context, 0);
}

int docket_tls_context_set_versions(SSL_CTX *context, int minimum, int maximum)
{
    return SSL_CTX_set_min_proto_version(context, minimum)
        && SSL_CTX_set_max_proto_version(context, maximum);
}

int docket_tls_context_set_groups(SSL_CTX *context, const char *groups)
{
    return (int)SSL_CTX_set1_groups_list(context, groups);
}

int docket_tls_context_add_chain_certificate(SSL_CTX *context, X509 *certificate)
{
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

static int select_protocol(
    SSL *ssl, const unsigned char **out, unsigned char *out_count, const unsigned char *offered,
    unsigned int offered_count, void *argument)
{
    (void)argument;
    const protocol_list *list = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), list_index);
    unsigned char *selected = NULL;
    int outcome = SSL_select_next_proto(
        &selected, out_count, list->bytes, (unsigned int)list->count, offered, offered_count);
    if (outcome != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = selected;
    return SSL_TLSEXT_ERR_OK;
}

/// A client that offers no protocol at all never reaches `select_protocol`, and OpenSSL would let
/// it pass; so its absence is refused here, before any key is computed.
static int require_protocol_offer(SSL *ssl, int *alert, void *argument)
{
    (void)argument;
    const unsigned char *bytes;
    size_t count;
    if (SSL_client_hello_get0_ext(
            ssl, TLSEXT_TYPE_application_layer_protocol_negotiation, &bytes, &count))
        return SSL_CLIENT_HELLO_SUCCESS;
    docket_tls_note_missing_protocol(ssl);
    *alert = SSL_AD_NO_APPLICATION_PROTOCOL;
    return SSL_CLIENT_HELLO_ERROR;
}

int docket_tls_context_require_protocols(SSL_CTX *context, const uint8_t *bytes, size_t count)
{
    pthread_once(&list_index_once, make_list_index);
    protocol_list *list = OPENSSL_malloc(sizeof(protocol_list) + count);
    if (list == NULL)
        return 0;
    list->count = count;
    memcpy(list->bytes, bytes, count);
    if (!SSL_CTX_set_ex_data(context, list_index, list)) {
        OPENSSL_free(list);
        return 0;
    }
    SSL_CTX_set_alpn_select_cb(context, select_protocol, NULL);
    SSL_CTX_set_client_hello_cb(context, require_protocol_offer, NULL);
    return 1;
}

void docket_tls_context_disable_tickets(SSL_CTX *context)
{
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    // In TLS 1.3 the option alone only moves the sessions into a cache of the server's.
    SSL_CTX_set_num_tickets(context, 0);
}

int docket_tls_context_enable_tickets(SSL_CTX *context, long lifetime_seconds)
{
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_timeout(context, lifetime_seconds);
    return SSL_CTX_set_num_tickets(context, 1);
}

void docket_tls_context_collect_tickets(SSL_CTX *context)
{
    SSL_CTX_set_session_cache_mode(
        context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(context, docket_tls_keep_ticket);
}

int docket_tls_ticket_code_init(EVP_MAC_CTX *code, const uint8_t *key, size_t count)
{
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_init(code, key, count, parameters);
}
