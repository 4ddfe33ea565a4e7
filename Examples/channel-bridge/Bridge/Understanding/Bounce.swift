/// What a mail system says about a mail that it could not deliver (RFC 3464).
struct Bounce: Hashable, Sendable {
    /// The mail that could not be delivered; nil where the report does not name it.
    var original: MessageName?
    /// For whom it was.
    var recipient: String?
    /// What the last server said.
    var diagnosis: String?
    /// Whether it will never be delivered; otherwise it is late only.
    var isFinal: Bool

    /// Reads a report; nil for any other mail.
    init?(_ mail: RawMail) {
        guard let report = mail.parts.first(where: Self.isReport) else { return nil }
        let fields = Self.fields(of: report.bytes)
        recipient = (fields["final-recipient"] ?? fields["original-recipient"]).map(Self.value)
        diagnosis = fields["diagnostic-code"].map(Self.value) ?? fields["status"]
        isFinal = fields["action"]?.lowercased() != "delayed"
        let part = mail.parts.first { Self.originals.contains($0.mediaType) }
        original = Self.fields(of: part?.bytes ?? [])["message-id"].flatMap {
            MessageName.all(in: $0).first
        }
    }

    private static func isReport(_ part: RawMail.Part) -> Bool {
        part.mediaType == "message/delivery-status"
            || part.mediaType == "message/global-delivery-status"
    }

    private static let originals: Set<String> = [
        "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers",
    ]

    /// What follows the type in a typed field, such as `rfc822; ana@example.org`.
    private static func value(_ field: String) -> String {
        OneLine.text(from: String(field.split(separator: ";", maxSplits: 1).last ?? ""))
    }

    /// How much of a part is read for its fields, in bytes: more is text of the mail.
    private static let longestFields = 64 << 10

    /// The fields of the first block that has any of a name, names in lower case.
    private static func fields(of bytes: [UInt8]) -> [String: String] {
        let text = String(decoding: bytes.prefix(longestFields), as: UTF8.self)
        var fields: [String: String] = [:]
        var name: String?
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if line.first == " " || line.first == "\t" {
                if let name { fields[name, default: ""] += " " + line.drop(while: \.isWhitespace) }
                continue
            }
            guard let colon = line.firstIndex(of: ":") else {
                name = nil
                continue
            }
            let found = line[..<colon].lowercased()
            let isNew = fields[found] == nil
            name = isNew ? found : nil
            if isNew {
                let value = line[line.index(after: colon)...].drop(while: \.isWhitespace)
                fields[found] = String(value)
            }
        }
        return fields
    }
}
