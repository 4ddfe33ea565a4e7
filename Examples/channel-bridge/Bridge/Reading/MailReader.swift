internal import CMail

/// Takes mails apart with GMime.
enum MailReader {
    /// Reads a mail.
    ///
    /// One that breaks the rules of the format is read as far as it makes sense.
    ///
    /// - Parameters:
    ///   - bytes: The mail, as a server hands it over.
    ///   - limits: What it may have.
    /// - Returns: The mail's fields and parts.
    /// - Throws: Why it is not taken in.
    static func read(
        _ bytes: [UInt8],
        limits: MailLimits = MailLimits()
    ) throws(MailFault) -> RawMail {
        guard bytes.contains(where: { !isBlank($0) }) else { throw .empty }
        guard bytes.count <= limits.bytes else {
            throw .tooLarge(bytes.count, limit: limits.bytes)
        }
        guard headerFits(bytes, limits.headerBytes) else {
            throw .headerTooLong(limit: limits.headerBytes)
        }
        var mail = RawMail()
        let status = visit(bytes, limits, &mail)
        switch status {
        case DOCKET_MAIL_READ: break
        case DOCKET_MAIL_TOO_MANY_FIELDS: throw .tooManyFields(limit: limits.fields)
        case DOCKET_MAIL_TOO_DEEP: throw .tooDeep(limit: limits.depth)
        case DOCKET_MAIL_TOO_MANY_PARTS: throw .tooManyParts(limit: limits.parts)
        default: throw .empty
        }
        mail.digest = digest(of: bytes)
        return mail
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: " ")
            || byte == 0
    }

    /// Whether the empty line after the header comes in time, or the mail is no longer than that.
    private static func headerFits(_ bytes: [UInt8], _ limit: Int) -> Bool {
        guard bytes.count > limit else { return true }
        var isLineEmpty = true
        for byte in bytes.prefix(limit) {
            switch byte {
            case UInt8(ascii: "\n"):
                if isLineEmpty { return true }
                isLineEmpty = true
            case UInt8(ascii: "\r"): break
            default: isLineEmpty = false
            }
        }
        return false
    }

    /// SHA-256 of some bytes, as hexadecimal digits.
    static func digest(of bytes: [UInt8]) -> String {
        let length = Int(DOCKET_MAIL_DIGEST_LENGTH)
        var digits = [CChar](repeating: 0, count: length + 1)
        // Both buffers live for the call, and the target has room for the digits and their end.
        unsafe bytes.withUnsafeBufferPointer { input in
            unsafe digits.withUnsafeMutableBufferPointer { target in
                guard let start = target.baseAddress else { return }
                unsafe docket_mail_digest(input.baseAddress, input.count, start)
            }
        }
        return String(decoding: digits.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Has the mail's fields and parts collected.
    private static func visit(
        _ bytes: [UInt8],
        _ limits: MailLimits,
        _ mail: inout RawMail
    ) -> docket_mail_status {
        let limits = docket_mail_limits(
            fields: limits.fields,
            depth: limits.depth,
            parts: limits.parts
        )
        // The visitor's pointer to `mail` is used during the call only, on this thread.
        return unsafe withUnsafeMutablePointer(to: &mail) { mail in
            var visitor = unsafe docket_mail_visitor(
                context: UnsafeMutableRawPointer(mail),
                field: { context, name, raw, decoded in
                    unsafe context?.assumingMemoryBound(to: RawMail.self).pointee.fields.append(
                        RawMail.Field(
                            name: MailReader.text(name) ?? "",
                            raw: MailReader.text(raw) ?? "",
                            decoded: MailReader.text(decoded) ?? ""
                        )
                    )
                },
                part: { context, part in
                    guard let part = unsafe part?.pointee else { return }
                    unsafe context?.assumingMemoryBound(to: RawMail.self).pointee.parts.append(
                        RawMail.Part(part)
                    )
                }
            )
            return unsafe bytes.withUnsafeBufferPointer {
                unsafe docket_mail_read($0.baseAddress, $0.count, limits, &visitor)
            }
        }
    }

    /// The text of C at a pointer, with what is wrong in it replaced.
    fileprivate static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }
}

extension RawMail.Part {
    /// Copies what the library lends for a call.
    fileprivate init(_ part: docket_mail_part) {
        mediaType = unsafe MailReader.text(part.media_type) ?? ""
        charset = unsafe MailReader.text(part.charset)
        fileName = unsafe MailReader.text(part.file_name)
        isAttachment = unsafe part.is_attachment != 0
        alternative = unsafe part.alternative
        bytes = unsafe Array(UnsafeBufferPointer(start: part.bytes, count: part.count))
    }
}
