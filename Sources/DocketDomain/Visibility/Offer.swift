/// Where a principal may begin something, and everything that it may choose there.
///
/// Whatever is not the principal's to choose is not in it, and shows nowhere: a topic that is for
/// its members only leaves no gap in the tree of topics, nor does a field that contacts do not see
/// in a form.
package struct Offer: Hashable, Sendable {
    /// A channel that may be used.
    package struct OpenChannel: Hashable, Sendable {
        /// What commands name it by.
        package let key: ChannelKey
        /// What people call it.
        package let name: String
        /// The kind of request that a message on it opens.
        package let opens: RequestKind
        /// Whether a request on it must have a title.
        package let requiresTitle: Bool
        /// Whether a message that names no request begins one.
        package let separatesMessages: Bool
        /// The topic of a request whose author says none, where it may be chosen.
        package let defaultTopic: TopicKey?
        /// The types of a request whose author says no topic.
        package let types: [TypeKey]
        /// What a request whose author says no topic is asked for.
        package let forms: [OpenForm]
    }

    /// A topic that may be chosen.
    package struct OpenTopic: Hashable, Sendable {
        /// What commands name it by.
        package let key: TopicKey
        /// What the principal calls it.
        package let name: String
        /// The next topic above it that may be chosen.
        package let parent: TopicKey?
        /// The types of its requests.
        package let types: [TypeKey]
        /// What its requests are asked for.
        package let forms: [OpenForm]
    }

    /// The form of a kind.
    package struct OpenForm: Hashable, Sendable {
        /// The kind.
        package let kind: RequestKind
        /// The form's place among the forms.
        package let form: Int
    }

    /// The fields of a request that is made on purpose, by their places among the fields.
    package struct Form: Hashable, Sendable {
        /// Those that may be there.
        package let fields: [Int]
        /// Those that must be there.
        package let required: [Int]
    }

    /// A field that may be filled.
    package struct OpenField: Hashable, Sendable {
        /// What commands name it by.
        package let key: FieldKey
        /// What people call it.
        package let name: String
        /// What it holds.
        package let type: FieldType
    }

    /// Something else that may be chosen.
    package struct Choice: Hashable, Sendable {
        /// What commands name it by.
        package let key: String
        /// What people call it.
        package let name: String
    }

    /// A status that requests may have.
    package struct OpenStatus: Hashable, Sendable {
        /// Its key.
        package let key: StatusKey
        /// What the principal calls it.
        package let name: String
        /// What it means.
        package let category: StatusCategory
        /// The kinds of request that may have it.
        package let kinds: [RequestKind]
    }

    /// The channels, in the policy's order.
    package fileprivate(set) var channels: [OpenChannel] = []
    /// The topics, in the policy's order.
    package fileprivate(set) var topics: [OpenTopic] = []
    /// The forms, each once.
    package fileprivate(set) var forms: [Form] = []
    /// The fields, in the policy's order.
    package fileprivate(set) var fields: [OpenField] = []
    /// The types, in the policy's order.
    package fileprivate(set) var types: [Choice] = []
    /// The priorities, the least urgent first.
    package fileprivate(set) var priorities: [Choice] = []
    /// The statuses, in the policy's order.
    package fileprivate(set) var statuses: [OpenStatus] = []
    /// How much may be attached to a message.
    package fileprivate(set) var attachments = AttachmentLimits()
}

extension Policy {
    /// What a principal may begin, and what it may choose there; nothing at all where it may use no
    /// channel.
    package func offer(to principal: Principal) -> Offer {
        let channels = channels(openTo: principal)
        guard !channels.isEmpty else { return Offer() }
        let audience = principal.audience
        var builder = OfferBuilder(policy: self, audience: audience)
        for channel in channels { builder.add(channel) }
        for topic in topics(offeredTo: audience) { builder.add(topic) }
        var offer = builder.offer
        offer.types = content.types.map { Offer.Choice(key: $0.key, name: $0.name) }
        offer.priorities = content.priorities.sorted { $0.rank < $1.rank }.map {
            Offer.Choice(key: $0.key, name: $0.name)
        }
        offer.statuses = content.statuses.map { status in
            Offer.OpenStatus(
                key: status.key,
                name: name(ofStatus: status.key, for: audience),
                category: status.category,
                kinds: content.kinds.map(\.kind).filter(status.serves)
            )
        }
        offer.attachments = content.attachments
        return offer
    }
}

/// Puts an offer together, with each form once.
private struct OfferBuilder {
    private let policy: Policy
    private let audience: Audience
    private let kinds: [RequestKind]
    /// The places of the fields that may be filled.
    private let places: [FieldKey: Int]
    /// The topics that may be chosen.
    private let topics: Set<TopicKey>
    /// The places of the forms.
    private var formPlaces: [Offer.Form: Int] = [:]
    private(set) var offer = Offer()

    init(policy: Policy, audience: Audience) {
        self.policy = policy
        self.audience = audience
        kinds = policy.content.kinds.map(\.kind)
        let fields = policy.fields(offeredTo: audience)
        places = Dictionary(fields.enumerated().map { ($1.key, $0) }) { first, _ in first }
        topics = Set(policy.topics(offeredTo: audience).map(\.key))
        offer.fields = fields.map {
            Offer.OpenField(key: $0.key, name: $0.name, type: $0.type)
        }
    }

    mutating func add(_ channel: Channel) {
        offer.channels.append(
            Offer.OpenChannel(
                key: channel.key,
                name: channel.name,
                opens: channel.opens,
                requiresTitle: channel.requiresTitle,
                separatesMessages: channel.separatesMessages,
                defaultTopic: channel.defaultTopic.flatMap { topics.contains($0) ? $0 : nil },
                types: policy.types(ofTopic: channel.defaultTopic),
                forms: forms(topic: channel.defaultTopic)
            )
        )
    }

    mutating func add(_ topic: Topic) {
        offer.topics.append(
            Offer.OpenTopic(
                key: topic.key,
                name: policy.name(ofTopic: topic.key, for: audience),
                parent: policy.path(ofTopic: topic.key).dropFirst().first(where: topics.contains),
                types: policy.types(ofTopic: topic.key),
                forms: forms(topic: topic.key)
            )
        )
    }

    private mutating func forms(topic: TopicKey?) -> [Offer.OpenForm] {
        var forms: [Offer.OpenForm] = []
        for kind in kinds {
            let required = policy.fieldsAskedFor(topic: topic, kind: kind)
            let form = Offer.Form(
                fields: policy.fields(topic: topic, kind: kind).compactMap { places[$0] },
                required: required.compactMap { places[$0] }
            )
            forms.append(Offer.OpenForm(kind: kind, form: place(of: form)))
        }
        return forms
    }

    private mutating func place(of form: Offer.Form) -> Int {
        if let place = formPlaces[form] { return place }
        let place = offer.forms.count
        offer.forms.append(form)
        formPlaces[form] = place
        return place
    }
}
