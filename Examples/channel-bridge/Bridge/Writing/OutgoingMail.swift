internal import CMail
internal import DocketClient

/// A mail that the bridge sends.
struct OutgoingMail: Hashable, Sendable {
    /// A file that goes with it.
    struct File: Hashable, Sendable {
        /// The name that readers see.
        var name: String
        /// What it is, such as `image/png`.
        var mediaType: String
        /// The content.
        var bytes: [UInt8]
    }

    /// Its Message-ID: the same at every attempt.
    var name: MessageName
    /// Whom it is from.
    var sender: Mailbox
    /// Who gets it.
    var recipients: [Mailbox]
    /// The subject.
    var subject: String
    /// When it was written.
    var date: Timestamp
    /// The mail that it answers.
    var answered: MessageName?
    /// The mails before it in its thread, the oldest first.
    var references: [MessageName] = []
    /// Whether a rule wrote it, and no person.
    var isAutomatic = false
    /// The text.
    var text: String
    /// The files.
    var files: [File] = []

    /// The mail as it goes to a server: the same bytes each time.
    var encoded: [UInt8] {
        // The writer is made, used and freed here, on one thread; every text it gets is copied.
        guard let writer = unsafe docket_mail_writer_new(boundary) else { return [] }
        defer { unsafe docket_mail_writer_free(writer) }
        unsafe docket_mail_writer_set_sender(writer, sender.name, sender.address)
        for recipient in recipients {
            unsafe docket_mail_writer_add_recipient(writer, recipient.name, recipient.address)
        }
        unsafe docket_mail_writer_set_subject(writer, subject)
        let seconds = Int64(clamping: date.millisecondsSinceEpoch / 1_000)
        unsafe docket_mail_writer_set_date(writer, seconds)
        for (field, value) in fields { unsafe docket_mail_writer_set_field(writer, field, value) }
        let text = Array(text.utf8)
        unsafe text.withUnsafeBufferPointer {
            unsafe docket_mail_writer_set_text(writer, $0.baseAddress, $0.count)
        }
        for file in files {
            unsafe file.bytes.withUnsafeBufferPointer {
                unsafe docket_mail_writer_add_file(
                    writer,
                    file.name,
                    file.mediaType,
                    $0.baseAddress,
                    $0.count
                )
            }
        }
        return unsafe Self.finish(writer)
    }

    private static func finish(_ writer: OpaquePointer) -> [UInt8] {
        var mail: [UInt8] = []
        // The sink's pointer to `mail` is used during the call only, on this thread.
        unsafe withUnsafeMutablePointer(to: &mail) { mail in
            unsafe docket_mail_writer_finish(
                writer,
                { context, bytes, count in
                    unsafe context?.assumingMemoryBound(to: [UInt8].self).pointee
                        .append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
                },
                mail
            )
        }
        return mail
    }

    /// The fields that are ASCII whatever the mail says.
    private var fields: [(String, String)] {
        var fields = [("Message-ID", name.bracketed)]
        if let answered { fields.append(("In-Reply-To", answered.bracketed)) }
        if !references.isEmpty {
            fields.append(("References", references.map(\.bracketed).joined(separator: " ")))
        }
        if isAutomatic {
            // RFC 3834, and a word for the servers of one vendor.
            fields.append(("Auto-Submitted", "auto-replied"))
            fields.append(("X-Auto-Response-Suppress", "All"))
        }
        return fields
    }

    /// What stands between the parts: taken from the name, so that it is the same each time, and
    /// with a letter that neither base64 nor quoted-printable has.
    private var boundary: String {
        "=_" + MailReader.digest(of: Array(name.text.utf8)).prefix(32)
    }
}
