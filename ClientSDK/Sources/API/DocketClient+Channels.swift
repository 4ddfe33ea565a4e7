internal import DocketCalls
internal import DocketMessages
internal import DocketRPC

extension DocketClient {
    /// The channels that the caller may use, in the order of the desk's policy, each with what it
    /// asks for.
    ///
    /// For everybody who is signed in: all channels for contacts and agents, its own for an
    /// integration, those for programs for a partner. Whoever may use none gets none.
    ///
    /// - Returns: The channels.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func channels() async throws(DocketClientError) -> [ReachableChannel] {
        let reply = try await self.call { (channel, options) async throws(RPCError) in
            try await ChannelsCaller(channel: channel).list(
                Docket_V1_ListChannelsCall(),
                options: options
            )
        }
        return try ReachableChannel.all(in: reply)
    }
}

extension ReachableChannel {
    /// The channels that a reply tells.
    static func all(
        in reply: Docket_V1_ListChannelsReply
    ) throws(DocketClientError) -> [ReachableChannel] {
        try ChannelDecoding(reply).channels(of: reply)
    }
}

/// Resolves what the channels of a reply share.
private struct ChannelDecoding {
    private let fields: [FieldChoice]
    private let forms: [Docket_V1_RequestForm]
    private let types: [String: NamedChoice]

    init(_ reply: Docket_V1_ListChannelsReply) {
        fields = reply.fields.map(FieldChoice.init)
        forms = reply.forms
        types = Dictionary(reply.types.map { ($0.key, NamedChoice($0)) }) { first, _ in first }
    }

    func channels(
        of reply: Docket_V1_ListChannelsReply
    ) throws(DocketClientError) -> [ReachableChannel] {
        var topics: [TopicChoice] = []
        for topic in reply.topics { topics.append(try choice(topic)) }
        let priorities = reply.priorities.map(NamedChoice.init)
        let statuses = reply.statuses.map(StatusChoice.init)
        var channels: [ReachableChannel] = []
        for channel in reply.channels {
            channels.append(
                ReachableChannel(
                    key: channel.key,
                    name: channel.name,
                    opens: RequestKind(channel.opens),
                    requiresTitle: channel.requiresTitle,
                    separatesMessages: channel.separatesMessages,
                    defaultTopic: channel.defaultTopic.nonEmpty,
                    forms: try resolve(channel.forms, types: channel.types),
                    topics: topics,
                    priorities: priorities,
                    statuses: statuses,
                    limits: MessageLimits(reply.limits)
                )
            )
        }
        return channels
    }

    private func choice(_ topic: Docket_V1_OpenTopic) throws(DocketClientError) -> TopicChoice {
        TopicChoice(
            key: topic.key,
            name: topic.name,
            parent: topic.parent.nonEmpty,
            forms: try resolve(topic.forms, types: topic.types)
        )
    }

    private func resolve(
        _ opened: [Docket_V1_OpenForm],
        types keys: [String]
    ) throws(DocketClientError) -> [RequestForm] {
        let types = keys.compactMap { self.types[$0] }
        var resolved: [RequestForm] = []
        for opened in opened {
            guard let form = forms.element(at: opened.form) else {
                throw .malformed("a form that is not in its list")
            }
            resolved.append(
                RequestForm(
                    kind: RequestKind(opened.kind),
                    types: types,
                    fields: try fields(at: form.fields),
                    required: Set(try fields(at: form.required).map(\.key))
                )
            )
        }
        return resolved
    }

    private func fields(at places: [UInt32]) throws(DocketClientError) -> [FieldChoice] {
        var found: [FieldChoice] = []
        for place in places {
            guard let field = fields.element(at: place) else {
                throw .malformed("a field that is not in its list")
            }
            found.append(field)
        }
        return found
    }
}

extension Array {
    /// The element at a place that came from outside; nil where there is none.
    fileprivate func element(at place: UInt32) -> Element? {
        guard let index = Int(exactly: place), indices.contains(index) else { return nil }
        return self[index]
    }
}

extension NamedChoice {
    fileprivate init(_ choice: Docket_V1_OpenChoice) {
        self.init(key: choice.key, name: choice.name)
    }
}

extension StatusChoice {
    fileprivate init(_ status: Docket_V1_OpenStatus) {
        self.init(
            key: status.key,
            name: status.name,
            category: StatusCategory(status.category),
            kinds: status.kinds.map { RequestKind($0) }
        )
    }
}

extension FieldChoice {
    fileprivate init(_ field: Docket_V1_OpenField) {
        let content: Content =
            switch field.type {
            case .text: .text(bytes: Int(clamping: field.textBytes))
            case .integer: .integer(field.lowest...max(field.lowest, field.highest))
            case .decimal: .decimal
            case .flag: .flag
            case .date: .date
            case .choice: .choice(field.words)
            case .choices: .choices(field.words)
            case .unspecified, .UNRECOGNIZED: .unknown
            }
        self.init(key: field.key, name: field.name, content: content)
    }
}

extension MessageLimits {
    fileprivate init(_ limits: Docket_V1_MessageLimits) {
        self.init(
            textBytes: Int(clamping: limits.textBytes),
            titleBytes: Int(clamping: limits.titleBytes),
            attachmentBytes: limits.attachmentBytes,
            attachments: Int(clamping: limits.attachments),
            attachmentTypes: limits.attachmentTypes
        )
    }
}
