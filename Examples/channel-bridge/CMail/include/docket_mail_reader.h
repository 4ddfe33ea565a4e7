/// Takes a mail apart.
#ifndef DOCKET_MAIL_READER_H
#define DOCKET_MAIL_READER_H

#include <stddef.h>
#include <stdint.h>

/// How a mail was read.
typedef enum docket_mail_status {
    DOCKET_MAIL_READ,
    /// There is nothing that could be a mail.
    DOCKET_MAIL_EMPTY,
    /// It has more header fields than it may.
    DOCKET_MAIL_TOO_MANY_FIELDS,
    /// Its parts lie deeper in each other than they may.
    DOCKET_MAIL_TOO_DEEP,
    /// It has more parts than it may.
    DOCKET_MAIL_TOO_MANY_PARTS,
} docket_mail_status;

/// What a mail may have.
typedef struct docket_mail_limits {
    /// The most header fields of the mail itself.
    size_t fields;
    /// How deep parts may lie in each other; a mail that has no other parts has depth 1.
    size_t depth;
    /// The most parts that contain no others.
    size_t parts;
} docket_mail_limits;

/// A part of a mail that contains no others. Everything lives for the length of the call only.
typedef struct docket_mail_part {
    /// The media type in lower case, such as "text/plain".
    const char *media_type;
    /// The character set of a text as the mail names it; NULL where it names none.
    const char *charset;
    /// The name of a file, decoded, as the mail says it; NULL where it says none.
    const char *file_name;
    /// Whether the mail calls it an attachment.
    int is_attachment;
    /// The innermost multipart/alternative that it lies in, counted from 1; 0 for none.
    size_t alternative;
    /// The content, without its transfer encoding.
    const uint8_t *bytes;
    size_t count;
} docket_mail_part;

/// Who is told what a mail consists of.
typedef struct docket_mail_visitor {
    void *context;
    /// A header field of the mail itself: its name, its value as it stands, without line breaks,
    /// and its value with its encoded words decoded.
    void (*field)(void *context, const char *name, const char *raw, const char *decoded);
    /// A part that contains no others, in the order of the mail.
    void (*part)(void *context, const docket_mail_part *part);
} docket_mail_visitor;

/// Reads a mail and tells the visitor first its header fields and then its parts.
///
/// A mail that breaks the rules of the format is read as far as it makes sense. After another
/// status than DOCKET_MAIL_READ, what the visitor was told is worth nothing.
docket_mail_status docket_mail_read(
    const uint8_t *bytes, size_t count, docket_mail_limits limits,
    const docket_mail_visitor *visitor);

/// Receives an address: the name as shown, which may be empty, and the address itself.
typedef void (*docket_mail_address_visitor)(
    void *context, const char *name, const char *address);

/// Visits the addresses in the raw value of a header field, those of groups included.
void docket_mail_addresses(
    const char *raw, docket_mail_address_visitor visitor, void *context);

/// Reads the date of a header field as seconds since 1970. 0 where it is none.
int docket_mail_date(const char *raw, int64_t *seconds);

/// Receives text in UTF-8, piece by piece.
typedef void (*docket_mail_text_visitor)(void *context, const uint8_t *bytes, size_t count);

/// Converts text from the character set that a mail names into UTF-8. What is no character of the
/// set becomes U+FFFD. 0, and nothing visited, where the set is unknown.
int docket_mail_convert(
    const char *charset, const uint8_t *bytes, size_t count, docket_mail_text_visitor visitor,
    void *context);

/// How long the text of a digest is, without its end.
enum { DOCKET_MAIL_DIGEST_LENGTH = 64 };

/// Writes the SHA-256 of some bytes as hexadecimal digits and a zero byte.
void docket_mail_digest(
    const uint8_t *bytes, size_t count, char target[DOCKET_MAIL_DIGEST_LENGTH + 1]);

#endif
