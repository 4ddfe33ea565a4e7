#include "docket_smtp.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct docket_smtp_delivery {
    CURL *transfer;
    struct curl_slist *recipients;
};

/// What the callbacks of one transfer work on.
typedef struct dialogue {
    const uint8_t *mail;
    size_t left;
    docket_smtp_visitor visitor;
    void *context;
} dialogue;

static pthread_once_t started = PTHREAD_ONCE_INIT;

static void start(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

docket_smtp_delivery *docket_smtp_new(void)
{
    pthread_once(&started, start);
    docket_smtp_delivery *delivery = calloc(1, sizeof(docket_smtp_delivery));
    if (delivery == NULL)
        return NULL;
    delivery->transfer = curl_easy_init();
    if (delivery->transfer == NULL) {
        free(delivery);
        return NULL;
    }
    return delivery;
}

void docket_smtp_free(docket_smtp_delivery *delivery)
{
    curl_easy_cleanup(delivery->transfer);
    curl_slist_free_all(delivery->recipients);
    free(delivery);
}

int docket_smtp_set_server(
    docket_smtp_delivery *delivery, const char *place, docket_smtp_security security)
{
    const char *scheme = security == DOCKET_SMTP_TLS ? "smtps" : "smtp";
    size_t size = strlen(scheme) + strlen("://") + strlen(place) + 1;
    char *address = malloc(size);
    if (address == NULL)
        return 0;
    snprintf(address, size, "%s://%s", scheme, place);
    long use = security == DOCKET_SMTP_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL;
    int is_set = curl_easy_setopt(delivery->transfer, CURLOPT_URL, address) == CURLE_OK
        && curl_easy_setopt(delivery->transfer, CURLOPT_USE_SSL, use) == CURLE_OK;
    free(address);
    return is_set;
}

int docket_smtp_set_authorities(docket_smtp_delivery *delivery, const char *path)
{
    return curl_easy_setopt(delivery->transfer, CURLOPT_CAINFO, path) == CURLE_OK;
}

int docket_smtp_set_login(
    docket_smtp_delivery *delivery, const char *user, const char *password)
{
    return curl_easy_setopt(delivery->transfer, CURLOPT_USERNAME, user) == CURLE_OK
        && curl_easy_setopt(delivery->transfer, CURLOPT_PASSWORD, password) == CURLE_OK;
}

int docket_smtp_set_sender(docket_smtp_delivery *delivery, const char *address)
{
    return curl_easy_setopt(delivery->transfer, CURLOPT_MAIL_FROM, address) == CURLE_OK;
}

int docket_smtp_add_recipient(docket_smtp_delivery *delivery, const char *address)
{
    struct curl_slist *longer = curl_slist_append(delivery->recipients, address);
    if (longer == NULL)
        return 0;
    delivery->recipients = longer;
    return 1;
}

static size_t give_mail(char *target, size_t size, size_t count, void *context)
{
    dialogue *dialogue = context;
    size_t room = size * count;
    size_t step = room < dialogue->left ? room : dialogue->left;
    memcpy(target, dialogue->mail, step);
    dialogue->mail += step;
    dialogue->left -= step;
    return step;
}

static int hear(CURL *transfer, curl_infotype kind, char *bytes, size_t count, void *context)
{
    (void)transfer;
    dialogue *dialogue = context;
    if (kind != CURLINFO_HEADER_IN && kind != CURLINFO_HEADER_OUT)
        return 0;
    while (count > 0 && (bytes[count - 1] == '\n' || bytes[count - 1] == '\r'))
        count -= 1;
    int is_reply = kind == CURLINFO_HEADER_IN;
    dialogue->visitor(dialogue->context, is_reply, (const uint8_t *)bytes, count);
    return 0;
}

/// Where replies go that have been heard already.
static size_t ignore(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes, (void)context;
    return size * count;
}

/// The environment's proxies are not asked, nor is a file with logins of the user's.
static void set_manners(CURL *transfer)
{
    curl_easy_setopt(transfer, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(transfer, CURLOPT_PROXY, "");
    curl_easy_setopt(transfer, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(transfer, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(transfer, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(transfer, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
}

static void set_limits(CURL *transfer, docket_smtp_limits limits)
{
    curl_easy_setopt(transfer, CURLOPT_CONNECTTIMEOUT_MS, limits.connection);
    curl_easy_setopt(transfer, CURLOPT_SERVER_RESPONSE_TIMEOUT, (limits.reply + 999) / 1000);
    curl_easy_setopt(transfer, CURLOPT_TIMEOUT_MS, limits.everything);
}

int docket_smtp_perform(
    docket_smtp_delivery *delivery, const uint8_t *bytes, size_t count,
    docket_smtp_limits limits, docket_smtp_visitor visitor, void *context)
{
    CURL *transfer = delivery->transfer;
    dialogue dialogue = {bytes, count, visitor, context};
    set_manners(transfer);
    set_limits(transfer, limits);
    curl_easy_setopt(transfer, CURLOPT_MAIL_RCPT, delivery->recipients);
    curl_easy_setopt(transfer, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(transfer, CURLOPT_INFILESIZE_LARGE, (curl_off_t)count);
    curl_easy_setopt(transfer, CURLOPT_READFUNCTION, give_mail);
    curl_easy_setopt(transfer, CURLOPT_READDATA, &dialogue);
    curl_easy_setopt(transfer, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(transfer, CURLOPT_HEADERFUNCTION, ignore);
    curl_easy_setopt(transfer, CURLOPT_DEBUGFUNCTION, hear);
    curl_easy_setopt(transfer, CURLOPT_DEBUGDATA, &dialogue);
    curl_easy_setopt(transfer, CURLOPT_VERBOSE, 1L);
    return (int)curl_easy_perform(transfer);
}

const char *docket_smtp_words(int code)
{
    return curl_easy_strerror((CURLcode)code);
}
