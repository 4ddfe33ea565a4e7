internal import DocketClient
internal import DocketConsole

/// A channel as a line of JSON, with everything that may be chosen there.
struct ChannelLine: Encodable {
    /// The fields of the channel.
    struct Fields: Encodable {
        let key: String
        let name: String
        let opens: String
        let requiresTitle: Bool
        let separatesMessages: Bool
        let defaultTopic: String?
        let forms: [Form]
        let topics: [Topic]
        let priorities: [Choice]
        let statuses: [Status]
        let limits: Limits
    }

    /// Something that may be chosen.
    struct Choice: Encodable {
        let key: String
        let name: String

        init(_ choice: NamedChoice) {
            key = choice.key
            name = choice.name
        }
    }

    /// What a request of a kind is asked for.
    struct Form: Encodable {
        let kind: String
        let types: [Choice]
        let fields: [Field]

        init(_ form: RequestForm) {
            kind = form.kind.rawValue
            types = form.types.map(Choice.init)
            fields = form.fields.map { Field($0, isRequired: form.required.contains($0.key)) }
        }
    }

    /// A field of a form; what its kind of content has no use for is left out.
    struct Field: Encodable {
        let key: String
        let name: String
        let content: String
        let isRequired: Bool
        private(set) var bytes: Int?
        private(set) var lowest: Int64?
        private(set) var highest: Int64?
        private(set) var words: [String]?

        init(_ field: FieldChoice, isRequired: Bool) {
            key = field.key
            name = field.name
            self.isRequired = isRequired
            switch field.content {
            case .text(let bytes):
                content = "text"
                self.bytes = bytes
            case .integer(let range):
                content = "integer"
                lowest = range.lowerBound
                highest = range.upperBound
            case .decimal: content = "decimal"
            case .flag: content = "flag"
            case .date: content = "date"
            case .choice(let words):
                content = "choice"
                self.words = words
            case .choices(let words):
                content = "choices"
                self.words = words
            case .unknown: content = "unknown"
            }
        }
    }

    /// A topic that may be chosen.
    struct Topic: Encodable {
        let key: String
        let name: String
        let parent: String?
        let forms: [Form]
    }

    /// A status that requests may have.
    struct Status: Encodable {
        let key: String
        let name: String
        let category: String
        let kinds: [String]
    }

    /// How much may be said and attached.
    struct Limits: Encodable {
        let textBytes: Int
        let titleBytes: Int
        let attachmentBytes: UInt64
        let attachments: Int
        let attachmentTypes: [String]
    }

    let v = JSONLine.version
    let type = "channel"
    let channel: Fields

    init(_ channel: ReachableChannel) {
        self.channel = Fields(
            key: channel.key,
            name: channel.name,
            opens: channel.opens.rawValue,
            requiresTitle: channel.requiresTitle,
            separatesMessages: channel.separatesMessages,
            defaultTopic: channel.defaultTopic,
            forms: channel.forms.map(Form.init),
            topics: channel.topics.map {
                Topic(
                    key: $0.key,
                    name: $0.name,
                    parent: $0.parent,
                    forms: $0.forms.map(Form.init)
                )
            },
            priorities: channel.priorities.map(Choice.init),
            statuses: channel.statuses.map {
                Status(
                    key: $0.key,
                    name: $0.name,
                    category: $0.category.rawValue,
                    kinds: $0.kinds.map(\.rawValue)
                )
            },
            limits: Limits(
                textBytes: channel.limits.textBytes,
                titleBytes: channel.limits.titleBytes,
                attachmentBytes: channel.limits.attachmentBytes,
                attachments: channel.limits.attachments,
                attachmentTypes: channel.limits.attachmentTypes
            )
        )
    }
}
