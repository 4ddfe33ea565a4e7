#include "docket_mail_writer.h"

#include "docket_mail_library.h"

struct docket_mail_writer {
    GMimeMessage *message;
    GMimePart *text;
    GMimeMultipart *mixed;
    char *boundary;
};

docket_mail_writer *docket_mail_writer_new(const char *boundary)
{
    docket_mail_library_start();
    docket_mail_writer *writer = g_new0(docket_mail_writer, 1);
    writer->message = g_mime_message_new(TRUE);
    writer->boundary = g_strdup(boundary);
    return writer;
}

void docket_mail_writer_free(docket_mail_writer *writer)
{
    if (writer->text != NULL)
        g_object_unref(writer->text);
    if (writer->mixed != NULL)
        g_object_unref(writer->mixed);
    g_object_unref(writer->message);
    g_free(writer->boundary);
    g_free(writer);
}

static void add_address(
    docket_mail_writer *writer, GMimeAddressType kind, const char *name, const char *address)
{
    g_mime_message_add_mailbox(
        writer->message, kind, name[0] == 0 ? NULL : name, address);
}

void docket_mail_writer_set_sender(
    docket_mail_writer *writer, const char *name, const char *address)
{
    add_address(writer, GMIME_ADDRESS_TYPE_FROM, name, address);
}

void docket_mail_writer_add_recipient(
    docket_mail_writer *writer, const char *name, const char *address)
{
    add_address(writer, GMIME_ADDRESS_TYPE_TO, name, address);
}

void docket_mail_writer_set_subject(docket_mail_writer *writer, const char *subject)
{
    g_mime_message_set_subject(writer->message, subject, "utf-8");
}

void docket_mail_writer_set_date(docket_mail_writer *writer, int64_t seconds)
{
    GDateTime *date = g_date_time_new_from_unix_utc(seconds);
    if (date == NULL)
        return;
    g_mime_message_set_date(writer->message, date);
    g_date_time_unref(date);
}

void docket_mail_writer_set_field(
    docket_mail_writer *writer, const char *name, const char *value)
{
    g_mime_object_set_header(GMIME_OBJECT(writer->message), name, value, NULL);
}

/// A part with a content, which goes through the mail in an encoding.
static GMimePart *new_part(
    const char *media_type, const uint8_t *bytes, size_t count, GMimeContentEncoding encoding)
{
    GMimeContentType *type = g_mime_content_type_parse(NULL, media_type);
    GMimePart *part = g_mime_part_new_with_type(
        g_mime_content_type_get_media_type(type), g_mime_content_type_get_media_subtype(type));
    g_object_unref(type);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)bytes, count);
    GMimeDataWrapper *content =
        g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, encoding);
    g_object_unref(content);
    g_object_unref(stream);
    return part;
}

void docket_mail_writer_set_text(
    docket_mail_writer *writer, const uint8_t *bytes, size_t count)
{
    if (writer->text != NULL)
        g_object_unref(writer->text);
    writer->text =
        new_part("text/plain", bytes, count, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(writer->text), "charset", "utf-8");
}

void docket_mail_writer_add_file(
    docket_mail_writer *writer, const char *name, const char *media_type, const uint8_t *bytes,
    size_t count)
{
    if (writer->mixed == NULL) {
        writer->mixed = g_mime_multipart_new_with_subtype("mixed");
        g_mime_multipart_set_boundary(writer->mixed, writer->boundary);
        if (writer->text != NULL)
            g_mime_multipart_add(writer->mixed, GMIME_OBJECT(writer->text));
    }
    GMimePart *part = new_part(media_type, bytes, count, GMIME_CONTENT_ENCODING_BASE64);
    g_mime_object_set_disposition(GMIME_OBJECT(part), GMIME_DISPOSITION_ATTACHMENT);
    g_mime_part_set_filename(part, name);
    g_mime_multipart_add(writer->mixed, GMIME_OBJECT(part));
    g_object_unref(part);
}

void docket_mail_writer_finish(docket_mail_writer *writer, docket_mail_sink sink, void *context)
{
    GMimeObject *body =
        writer->mixed != NULL ? GMIME_OBJECT(writer->mixed) : GMIME_OBJECT(writer->text);
    if (body != NULL)
        g_mime_message_set_mime_part(writer->message, body);
    GMimeFormatOptions *format = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_object_write_to_stream(GMIME_OBJECT(writer->message), format, stream);
    const GByteArray *mail = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    sink(context, mail->data, mail->len);
    g_object_unref(stream);
    g_mime_format_options_free(format);
}
