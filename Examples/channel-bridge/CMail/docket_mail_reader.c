#include "docket_mail_reader.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "docket_mail_library.h"

/// One walk through the parts of a mail.
typedef struct walk {
    docket_mail_limits limits;
    const docket_mail_visitor *visitor;
    size_t parts;
    size_t alternatives;
} walk;

static GMimeParserOptions *parser_options(void)
{
    // What old programs send in header fields that say no character set.
    const char *charsets[] = {"utf-8", "windows-1252", NULL};
    GMimeParserOptions *options = g_mime_parser_options_new();
    g_mime_parser_options_set_fallback_charsets(options, charsets);
    return options;
}

// MARK: Header fields

/// Where the encoded word after a padded one begins (RFC 2047); NULL where there is none.
static const char *word_after_padding(const char *text)
{
    while ((text = strstr(text, "=?=")) != NULL) {
        text += strlen("=?=");
        const char *next = text + strspn(text, " \t");
        if (next > text && strncmp(next, "=?", strlen("=?")) == 0)
            return next;
    }
    return NULL;
}

/// Decodes encoded words. The library joins neighbours before it decodes them, and loses all that
/// follow one whose base64 ends with padding: so it is given no more than one such at a time.
static char *decode(GMimeParserOptions *options, const char *raw)
{
    GString *text = g_string_new(NULL);
    while (raw != NULL) {
        const char *next = word_after_padding(raw);
        char *piece = next == NULL ? g_strdup(raw) : g_strndup(raw, (gsize)(next - raw));
        if (next != NULL)
            g_strchomp(piece);
        char *decoded = g_mime_utils_header_decode_text(options, piece);
        g_string_append(text, decoded == NULL ? piece : decoded);
        g_free(decoded);
        g_free(piece);
        raw = next;
    }
    return g_string_free(text, FALSE);
}

static docket_mail_status visit_fields(
    GMimeMessage *message, GMimeParserOptions *options, const walk *walk)
{
    GMimeHeaderList *fields = g_mime_object_get_header_list(GMIME_OBJECT(message));
    int count = g_mime_header_list_get_count(fields);
    if (count > 0 && (size_t)count > walk->limits.fields)
        return DOCKET_MAIL_TOO_MANY_FIELDS;
    for (int index = 0; index < count; index++) {
        GMimeHeader *field = g_mime_header_list_get_header_at(fields, index);
        const char *value = g_mime_header_get_raw_value(field);
        char *raw = g_mime_utils_header_unfold(value == NULL ? "" : value);
        char *decoded = decode(options, raw);
        walk->visitor->field(
            walk->visitor->context, g_mime_header_get_name(field), raw, decoded);
        g_free(decoded);
        g_free(raw);
    }
    return DOCKET_MAIL_READ;
}

// MARK: Parts

static docket_mail_status visit_part(
    walk *walk, GMimeObject *object, size_t alternative, const uint8_t *bytes, size_t count)
{
    walk->parts += 1;
    if (walk->parts > walk->limits.parts)
        return DOCKET_MAIL_TOO_MANY_PARTS;
    GMimeContentType *type = g_mime_object_get_content_type(object);
    GMimeContentDisposition *disposition = g_mime_object_get_content_disposition(object);
    char *media_type = type == NULL ? NULL : g_mime_content_type_get_mime_type(type);
    char *lower = g_ascii_strdown(media_type == NULL ? "text/plain" : media_type, -1);
    docket_mail_part part = {
        .media_type = GMIME_IS_MULTIPART(object) ? "text/plain" : lower,
        .charset = type == NULL ? NULL : g_mime_content_type_get_parameter(type, "charset"),
        .file_name = GMIME_IS_PART(object) ? g_mime_part_get_filename(GMIME_PART(object)) : NULL,
        .is_attachment = disposition != NULL
            && g_mime_content_disposition_is_attachment(disposition),
        .alternative = alternative,
        .bytes = bytes,
        .count = count,
    };
    walk->visitor->part(walk->visitor->context, &part);
    g_free(lower);
    g_free(media_type);
    return DOCKET_MAIL_READ;
}

static docket_mail_status visit_stream(
    walk *walk, GMimeObject *object, size_t alternative, GMimeStream *stream)
{
    const GByteArray *content = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    docket_mail_status status =
        visit_part(walk, object, alternative, content->data, content->len);
    g_object_unref(stream);
    return status;
}

/// The content of a part: a file without its transfer encoding, or a mail as it stands.
static docket_mail_status visit_leaf(walk *walk, GMimeObject *object, size_t alternative)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
        if (message != NULL)
            g_mime_object_write_to_stream(GMIME_OBJECT(message), NULL, stream);
    } else if (GMIME_IS_PART(object)) {
        GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
        if (content != NULL)
            g_mime_data_wrapper_write_to_stream(content, stream);
    }
    return visit_stream(walk, object, alternative, stream);
}

static int is_alternative(GMimeObject *object)
{
    GMimeContentType *type = g_mime_object_get_content_type(object);
    return type != NULL && g_mime_content_type_is_type(type, "multipart", "alternative");
}

static docket_mail_status visit_object(
    walk *walk, GMimeObject *object, size_t depth, size_t alternative)
{
    if (depth > walk->limits.depth)
        return DOCKET_MAIL_TOO_DEEP;
    if (!GMIME_IS_MULTIPART(object))
        return visit_leaf(walk, object, alternative);
    GMimeMultipart *multipart = GMIME_MULTIPART(object);
    int count = g_mime_multipart_get_count(multipart);
    if (count == 0) {
        // The boundary never comes: what was written is all before it.
        const char *text = g_mime_multipart_get_prologue(multipart);
        size_t length = text == NULL ? 0 : strlen(text);
        return visit_part(walk, object, alternative, (const uint8_t *)text, length);
    }
    if (is_alternative(object))
        alternative = ++walk->alternatives;
    for (int index = 0; index < count; index++) {
        docket_mail_status status = visit_object(
            walk, g_mime_multipart_get_part(multipart, index), depth + 1, alternative);
        if (status != DOCKET_MAIL_READ)
            return status;
    }
    return DOCKET_MAIL_READ;
}

docket_mail_status docket_mail_read(
    const uint8_t *bytes, size_t count, docket_mail_limits limits,
    const docket_mail_visitor *visitor)
{
    docket_mail_library_start();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)bytes, count);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeParserOptions *options = parser_options();
    GMimeMessage *message = g_mime_parser_construct_message(parser, options);
    g_object_unref(parser);
    g_object_unref(stream);
    docket_mail_status status = message == NULL ? DOCKET_MAIL_EMPTY : DOCKET_MAIL_READ;
    walk walk = {.limits = limits, .visitor = visitor};
    if (status == DOCKET_MAIL_READ)
        status = visit_fields(message, options, &walk);
    GMimeObject *body = message == NULL ? NULL : g_mime_message_get_mime_part(message);
    if (status == DOCKET_MAIL_READ && body != NULL)
        status = visit_object(&walk, body, 1, 0);
    if (message != NULL)
        g_object_unref(message);
    g_mime_parser_options_free(options);
    return status;
}

// MARK: Values of header fields

static void visit_addresses(
    InternetAddressList *list, docket_mail_address_visitor visitor, void *context)
{
    int count = list == NULL ? 0 : internet_address_list_length(list);
    for (int index = 0; index < count; index++) {
        InternetAddress *address = internet_address_list_get_address(list, index);
        if (INTERNET_ADDRESS_IS_GROUP(address)) {
            InternetAddressGroup *group = INTERNET_ADDRESS_GROUP(address);
            visit_addresses(internet_address_group_get_members(group), visitor, context);
            continue;
        }
        const char *name = internet_address_get_name(address);
        const char *mailbox =
            internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
        if (mailbox != NULL)
            visitor(context, name == NULL ? "" : name, mailbox);
    }
}

void docket_mail_addresses(
    const char *raw, docket_mail_address_visitor visitor, void *context)
{
    docket_mail_library_start();
    GMimeParserOptions *options = parser_options();
    InternetAddressList *list = internet_address_list_parse(options, raw);
    visit_addresses(list, visitor, context);
    if (list != NULL)
        g_object_unref(list);
    g_mime_parser_options_free(options);
}

int docket_mail_date(const char *raw, int64_t *seconds)
{
    docket_mail_library_start();
    GDateTime *date = g_mime_utils_header_decode_date(raw);
    if (date == NULL)
        return 0;
    *seconds = g_date_time_to_unix(date);
    g_date_time_unref(date);
    return 1;
}

// MARK: Character sets

int docket_mail_convert(
    const char *charset, const uint8_t *bytes, size_t count, docket_mail_text_visitor visitor,
    void *context)
{
    static const uint8_t replacement[] = {0xef, 0xbf, 0xbd};
    docket_mail_library_start();
    iconv_t converter = iconv_open("UTF-8", g_mime_charset_iconv_name(charset));
    if (converter == (iconv_t)-1)
        return 0;
    char *input = (char *)bytes;
    size_t left = count;
    for (int is_over = 0; !is_over;) {
        char buffer[4096];
        char *output = buffer;
        size_t room = sizeof(buffer);
        // The last call has no input, and gives what a set with shifts has held back.
        is_over = left == 0;
        size_t outcome =
            iconv(converter, is_over ? NULL : &input, is_over ? NULL : &left, &output, &room);
        int reason = errno;
        visitor(context, (const uint8_t *)buffer, sizeof(buffer) - room);
        if (outcome != (size_t)-1 || reason == E2BIG || is_over)
            continue;
        visitor(context, replacement, sizeof(replacement));
        // A character that is cut off at the end is one wrong character; others cost a byte each.
        size_t step = reason == EINVAL ? left : 1;
        input += step;
        left -= step;
    }
    iconv_close(converter);
    return 1;
}

// MARK: Digests

void docket_mail_digest(
    const uint8_t *bytes, size_t count, char target[DOCKET_MAIL_DIGEST_LENGTH + 1])
{
    char *digits = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, count);
    g_strlcpy(target, digits, DOCKET_MAIL_DIGEST_LENGTH + 1);
    g_free(digits);
}
