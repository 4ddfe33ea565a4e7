/// A mail taken apart, before anybody has judged what is in it.
struct RawMail: Hashable, Sendable {
    /// A header field.
    struct Field: Hashable, Sendable {
        /// The name as it stands.
        var name: String
        /// The value as it stands, without line breaks.
        var raw: String
        /// The value with its encoded words decoded.
        var decoded: String
    }

    /// A part that contains no others.
    struct Part: Hashable, Sendable {
        /// The media type in lower case, such as `text/plain`.
        var mediaType: String
        /// The character set of a text as the mail names it.
        var charset: String?
        /// The name of a file as the mail says it, which may be a path of somebody's.
        var fileName: String?
        /// Whether the mail calls it an attachment.
        var isAttachment = false
        /// The innermost choice between versions of the same (multipart/alternative) that it lies
        /// in, from 1; 0 for none.
        var alternative = 0
        /// The content, without its transfer encoding.
        var bytes: [UInt8]
    }

    /// The header fields of the mail itself, in their order.
    var fields: [Field] = []
    /// Its parts, in their order.
    var parts: [Part] = []
    /// SHA-256 of the whole mail, as hexadecimal digits.
    var digest = ""

    /// The first field of a name; names are the same in any case.
    func field(_ name: String) -> Field? {
        fields.first { $0.name.lowercased() == name }
    }
}
