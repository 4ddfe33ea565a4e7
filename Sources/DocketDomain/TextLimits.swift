/// How long texts may be.
package enum TextLimits {
    /// The longest message or note, in bytes of UTF-8: longer texts are documents, not talk.
    package static let messageBytes = 16_384
    /// The longest description of a request, in bytes of UTF-8: what fits a line of a list.
    package static let descriptionBytes = 256
    /// The longest title of a request, in bytes of UTF-8: what fits a mail's subject.
    package static let titleBytes = 256
    /// The longest tag, in bytes of UTF-8.
    package static let tagBytes = 64
    /// The longest reason for a change of status, in bytes of UTF-8.
    package static let reasonBytes = 1_024
    /// The longest name of a person, a key's owner or a login, in bytes of UTF-8.
    package static let nameBytes = 128
    /// The longest name by which a channel knows a contact, in bytes of UTF-8.
    package static let externalIDBytes = 256
    /// The longest name by which a partner knows a request, in bytes of UTF-8.
    package static let externalKeyBytes = 256

    /// The longest beginning of a text's first line that has at most so many bytes.
    static func beginning(ofLine text: String, bytes limit: Int) -> String {
        let line = text.split(maxSplits: 1, whereSeparator: \.isNewline).first ?? ""
        return beginning(of: String(line), bytes: limit)
    }

    /// The longest beginning of a text that has at most so many bytes and breaks no character.
    static func beginning(of text: String, bytes limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var end = text.startIndex
        var length = 0
        for character in text {
            length += character.utf8.count
            guard length <= limit else { break }
            end = text.index(after: end)
        }
        return String(text[..<end])
    }
}
