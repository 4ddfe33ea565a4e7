/// Why a mail is not taken in.
enum MailFault: Error, Hashable, Sendable {
    /// There is nothing that could be a mail.
    case empty
    /// The mail is larger than it may be, in bytes.
    case tooLarge(Int, limit: Int)
    /// Its header is longer than it may be, in bytes.
    case headerTooLong(limit: Int)
    /// It has more header fields than it may.
    case tooManyFields(limit: Int)
    /// Its parts lie deeper in each other than they may.
    case tooDeep(limit: Int)
    /// It has more parts than it may.
    case tooManyParts(limit: Int)
    /// Nothing in it says from whom it is.
    case noSender
    /// Its sender's address is longer than a contact's id may be, in bytes.
    case senderTooLong(limit: Int)
    /// It comes from the bridge's own address: taking it in would answer ourselves.
    case fromOurselves(String)
    /// The file cannot be read, in the system's words.
    case unreadable(String)
    /// The desk has no use for it, in its words.
    case notKept(String)

    /// The stable word for programs.
    var code: String {
        switch self {
        case .empty: "empty"
        case .tooLarge: "too_large"
        case .headerTooLong: "header_too_long"
        case .tooManyFields: "too_many_fields"
        case .tooDeep: "too_deep"
        case .tooManyParts: "too_many_parts"
        case .noSender: "no_sender"
        case .senderTooLong: "sender_too_long"
        case .fromOurselves: "from_ourselves"
        case .unreadable: "unreadable"
        case .notKept: "not_kept"
        }
    }
}

extension MailFault: CustomStringConvertible {
    /// What is the matter, for a person.
    var description: String {
        switch self {
        case .empty: "the file has no mail in it"
        case .tooLarge(let size, let limit): "the mail has \(size) of \(limit) bytes"
        case .headerTooLong(let limit): "the header has more than \(limit) bytes"
        case .tooManyFields(let limit): "the header has more than \(limit) fields"
        case .tooDeep(let limit): "the parts lie more than \(limit) deep in each other"
        case .tooManyParts(let limit): "the mail has more than \(limit) parts"
        case .noSender: "neither From, Sender, Reply-To nor Return-Path has an address"
        case .senderTooLong(let limit): "the sender's address has more than \(limit) bytes"
        case .fromOurselves(let address): "the mail comes from \(address), the desk's own address"
        case .unreadable(let words): "the file cannot be read: \(words)"
        case .notKept(let words): "the desk cannot keep it: \(words)"
        }
    }
}
