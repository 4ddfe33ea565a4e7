/// A channel on which the caller may open conversations or requests, with everything that it may
/// choose there.
///
/// What others may choose is not in it. It is what the desk's policy says now: ask again when the
/// server refuses with `unknown_channel`, `invalid_value` or `missing_fields`.
public struct ReachableChannel: Hashable, Sendable {
    /// The key by which it is opened.
    public let key: String
    /// What people call it.
    public let name: String
    /// What kind of request a message on it opens.
    public let opens: RequestKind
    /// Whether a request on it must have a title.
    public let requiresTitle: Bool
    /// Whether a message that names no request begins one, as a mail does that answers none.
    ///
    /// Without it the newest request of the conversation decides.
    public let separatesMessages: Bool
    /// The key of the topic that a request has whose author says none; nil for none, or where it is
    /// not the caller's to choose.
    public let defaultTopic: String?
    /// What a request is asked for whose author says no topic, for each kind that the desk handles.
    public let forms: [RequestForm]
    /// The topics that the caller may give a request.
    public let topics: [TopicChoice]
    /// The priorities, the least urgent first.
    public let priorities: [NamedChoice]
    /// The statuses that requests may have, with the names that the caller shows.
    public let statuses: [StatusChoice]
    /// How long texts may be, and how much may be attached to a message.
    public let limits: MessageLimits

    /// What a request is asked for.
    ///
    /// - Parameters:
    ///   - kind: The kind of request; nil for the channel's.
    ///   - topic: The key of the topic; nil where its author says none.
    /// - Returns: The form; nil for a kind or a topic that the caller cannot choose.
    public func form(kind: RequestKind? = nil, topic: String? = nil) -> RequestForm? {
        let forms =
            if let topic { topics.first { $0.key == topic }?.forms ?? [] } else { self.forms }
        return forms.first { $0.kind == kind ?? opens }
    }
}

/// What somebody fills in who makes a request on purpose.
public struct RequestForm: Hashable, Sendable {
    /// The kind of request.
    public let kind: RequestKind
    /// The types of which it may have one.
    public let types: [NamedChoice]
    /// The fields that may be there.
    public let fields: [FieldChoice]
    /// The keys of the fields that must be there.
    public let required: Set<String>
}

/// Something that may be chosen: a type or a priority.
public struct NamedChoice: Hashable, Sendable {
    /// The key by which commands name it.
    public let key: String
    /// What people call it.
    public let name: String
}

/// A topic that may be chosen.
public struct TopicChoice: Hashable, Sendable {
    /// The key by which commands name it.
    public let key: String
    /// What the caller calls it.
    public let name: String
    /// The key of the topic above it; nil for none.
    public let parent: String?
    /// What its requests are asked for, for each kind that the desk handles.
    public let forms: [RequestForm]
}

/// A status that requests may have.
public struct StatusChoice: Hashable, Sendable {
    /// The key, as requests and events tell it.
    public let key: String
    /// What the caller calls it; show this, never the key, to a contact.
    public let name: String
    /// What it means.
    public let category: StatusCategory
    /// The kinds of request that may have it.
    public let kinds: [RequestKind]
}

/// A field that may be filled.
public struct FieldChoice: Hashable, Sendable {
    /// What a field holds.
    public enum Content: Hashable, Sendable {
        /// Text of at most so many bytes: `FieldValue.text`.
        case text(bytes: Int)
        /// A whole number within a range: `FieldValue.integer`.
        case integer(ClosedRange<Int64>)
        /// A decimal number: `FieldValue.text`.
        case decimal
        /// Yes or no: `FieldValue.flag`.
        case flag
        /// A day as `YYYY-MM-DD`: `FieldValue.text`.
        case date
        /// One of these words: `FieldValue.text`.
        case choice([String])
        /// Some of these words, each once: `FieldValue.words`.
        case choices([String])
        /// Something that this version does not know.
        case unknown
    }

    /// The key by which commands name it.
    public let key: String
    /// What people call it.
    public let name: String
    /// What it holds.
    public let content: Content
}
