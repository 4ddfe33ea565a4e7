/// Puts a mail together.
#ifndef DOCKET_MAIL_WRITER_H
#define DOCKET_MAIL_WRITER_H

#include <stddef.h>
#include <stdint.h>

/// A mail that is being written. To be used by one thread at a time.
typedef struct docket_mail_writer docket_mail_writer;

/// Begins a mail. Every text is UTF-8 without control characters, but for the text of the mail.
///
/// `boundary` is what stands between its parts where it has files: two mails with the same
/// content and boundary are the same bytes.
docket_mail_writer *docket_mail_writer_new(const char *boundary);

/// Gives it up, finished or not.
void docket_mail_writer_free(docket_mail_writer *writer);

/// Says who writes it.
void docket_mail_writer_set_sender(
    docket_mail_writer *writer, const char *name, const char *address);

/// Says who else gets it.
void docket_mail_writer_add_recipient(
    docket_mail_writer *writer, const char *name, const char *address);

/// Sets the subject.
void docket_mail_writer_set_subject(docket_mail_writer *writer, const char *subject);

/// Sets the date, in seconds since 1970.
void docket_mail_writer_set_date(docket_mail_writer *writer, int64_t seconds);

/// Sets a header field whose value is ASCII, such as In-Reply-To.
void docket_mail_writer_set_field(
    docket_mail_writer *writer, const char *name, const char *value);

/// Sets the text.
void docket_mail_writer_set_text(
    docket_mail_writer *writer, const uint8_t *bytes, size_t count);

/// Adds a file.
void docket_mail_writer_add_file(
    docket_mail_writer *writer, const char *name, const char *media_type, const uint8_t *bytes,
    size_t count);

/// Receives the mail. The bytes live for the length of the call only.
typedef void (*docket_mail_sink)(void *context, const uint8_t *bytes, size_t count);

/// Gives the mail as it goes to a server, with CR and LF at the ends of lines. The writer takes
/// nothing more after it.
void docket_mail_writer_finish(docket_mail_writer *writer, docket_mail_sink sink, void *context);

#endif
