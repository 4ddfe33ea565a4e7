internal import DocketMessages

/// What a request has that a message does not change.
///
/// A contact is told a part of it: tags, watchers, participants, links, the first moments at which
/// agents looked and the offer to split are the staff's own.
public struct RequestDetails: Hashable, Sendable {
    /// The title that somebody gave it; nil where it goes by its description.
    public internal(set) var ownTitle: String?
    /// Whether it is the staff's own affair, of which the contact hears nothing.
    public internal(set) var isInternal = false
    /// Whether messages of the conversation that name no request do not go to it.
    public internal(set) var isAside = false
    /// Who opened it.
    public internal(set) var openedBy: Party?
    /// What the partner that opened it calls it; nil where no partner did.
    public internal(set) var externalKey: String?
    /// The key of its topic.
    public internal(set) var topic: String?
    /// The key of the topic it began with.
    public internal(set) var firstTopic: String?
    /// The key of its type.
    public internal(set) var type: String?
    /// The key of its priority.
    public internal(set) var priority: String?
    /// The key of the priority it began with.
    public internal(set) var firstPriority: String?
    /// Its tags, sorted.
    public internal(set) var tags: [String] = []
    /// Its fields by key.
    public internal(set) var fields: [String: FieldValue] = [:]
    /// The agents who are told of its changes.
    public internal(set) var watchers: [Party] = []
    /// Other contacts whom it concerns.
    public internal(set) var participants: [Party] = []
    /// The requests it belongs together with.
    public internal(set) var links: [RequestLink] = []
    /// The request that has taken its content.
    public internal(set) var mergedInto: OtherRequest?
    /// The requests whose content it has taken.
    public internal(set) var sources: [OtherRequest] = []
    /// The key of the status it had before it was deleted or merged.
    public internal(set) var statusBefore: String?
    /// What can be split off now; nil where nothing can.
    public internal(set) var splitOffer: SplitOffer?
    /// Until when it sleeps; nil where it does not.
    public internal(set) var wakeAt: Timestamp?
    /// When an agent first took or was given it.
    public internal(set) var acceptedAt: Timestamp?
    /// When an agent first answered.
    public internal(set) var firstRepliedAt: Timestamp?
    /// When any agent first looked at it.
    public internal(set) var firstViewedAt: Timestamp?
    /// When the agent who has it first looked at it.
    public internal(set) var viewedByAssigneeAt: Timestamp?
    /// When it was last resolved.
    public internal(set) var resolvedAt: Timestamp?
    /// When it was last closed.
    public internal(set) var closedAt: Timestamp?
    /// How often it was reopened.
    public internal(set) var reopenings: UInt64 = 0
}

extension RequestDetails {
    init(_ details: Docket_V1_RequestDetails) {
        ownTitle = details.hasTitle ? details.title : nil
        isInternal = details.isInternal
        isAside = details.isAside
        openedBy = details.hasOpenedBy ? Party(details.openedBy) : nil
        externalKey = details.externalKey.nonEmpty
        topic = details.topic.nonEmpty
        firstTopic = details.firstTopic.nonEmpty
        type = details.type.nonEmpty
        priority = details.priority.nonEmpty
        firstPriority = details.firstPriority.nonEmpty
        tags = details.tags
        fields = details.fields.compactMapValues { FieldValue($0) }
        watchers = details.watchers.map(Party.init)
        participants = details.participants.map(Party.init)
        links = details.links.compactMap { RequestLink($0) }
        mergedInto = OtherRequest(details.mergedInto)
        sources = details.sources.compactMap { OtherRequest($0) }
        statusBefore = details.statusBefore.nonEmpty
        splitOffer =
            details.splitFromSequence == 0
            ? nil
            : SplitOffer(fromSequence: details.splitFromSequence, status: details.splitStatus)
        takeMoments(of: details)
    }

    private mutating func takeMoments(of details: Docket_V1_RequestDetails) {
        wakeAt = Timestamp(nonZero: details.wakeMilliseconds)
        acceptedAt = Timestamp(nonZero: details.acceptedMilliseconds)
        firstRepliedAt = Timestamp(nonZero: details.firstRepliedMilliseconds)
        firstViewedAt = Timestamp(nonZero: details.firstViewedMilliseconds)
        viewedByAssigneeAt = Timestamp(nonZero: details.viewedByAssigneeMilliseconds)
        resolvedAt = Timestamp(nonZero: details.resolvedMilliseconds)
        closedAt = Timestamp(nonZero: details.closedMilliseconds)
        reopenings = details.reopenings
    }
}

/// That the messages since a finished chat was begun anew may become a request of their own.
public struct SplitOffer: Hashable, Sendable {
    /// The place of the first of them among the request's public entries.
    public let fromSequence: UInt64
    /// The key of the status to which the request returns when they are split off.
    public let status: String
}
