/// How two requests belong together (S12, C22).
package enum LinkKind: UInt8, Sendable, CaseIterable {
    /// They concern the same matter.
    case related = 1
    /// This request repeats the other.
    case duplicate = 2
    /// This request is the other's parent.
    case parent = 3
    /// This request is a part of the other.
    case child = 4
    /// This request goes on where the other ended (C4).
    case followUp = 5
    /// The other goes on where this request ended.
    case followedUp = 6
    /// This request's messages were split off the other (O4, O11).
    case splitFrom = 7
    /// Messages of this request were split off into the other.
    case splitInto = 8
    /// This request was made from the other, such as a ticket from a chat (C2).
    case madeFrom = 9
    /// The other was made from this request.
    case origin = 10

    /// The word for it in calls.
    package var word: String {
        switch self {
        case .related: "related"
        case .duplicate: "duplicate"
        case .parent: "parent"
        case .child: "child"
        case .followUp: "follow_up"
        case .followedUp: "followed_up"
        case .splitFrom: "split_from"
        case .splitInto: "split_into"
        case .madeFrom: "made_from"
        case .origin: "origin"
        }
    }

    /// How the other request is linked to this one.
    package var inverse: LinkKind {
        switch self {
        case .related: .related
        case .duplicate: .duplicate
        case .parent: .child
        case .child: .parent
        case .followUp: .followedUp
        case .followedUp: .followUp
        case .splitFrom: .splitInto
        case .splitInto: .splitFrom
        case .madeFrom: .origin
        case .origin: .madeFrom
        }
    }

    /// Whether people link requests so; the others come with what the desk does.
    package var isMadeByPeople: Bool {
        switch self {
        case .related, .duplicate, .parent, .child: true
        case .followUp, .followedUp, .splitFrom, .splitInto, .madeFrom, .origin: false
        }
    }
}

/// Another request, by what people and programs call it.
package struct RequestReference: Hashable, Sendable {
    /// The request's id.
    package let id: RequestID
    /// The request's number.
    package let number: UInt64

    /// Names a request.
    package init(id: RequestID, number: UInt64) {
        self.id = id
        self.number = number
    }
}

/// That a request belongs together with another.
package struct Link: Hashable, Sendable {
    /// How.
    package let kind: LinkKind
    /// With which.
    package let other: RequestReference

    /// Describes a link.
    package init(kind: LinkKind, other: RequestReference) {
        self.kind = kind
        self.other = other
    }
}

/// How a request was in a status that it has left: what a split of new messages and a restoration
/// give back beside the status, so that timers go on as before (I14).
package struct Rest: Hashable, Sendable {
    /// When it had entered the status.
    package let statusSince: Timestamp
    /// Until when it slept.
    package let wakeAt: Timestamp?
    /// When it had last entered the category `resolved`.
    package let resolvedAt: Timestamp?
    /// When it had last entered the category `closed`.
    package let closedAt: Timestamp?
    /// How often it had been reopened.
    package let reopenings: UInt64

    /// Describes how a request was.
    package init(
        statusSince: Timestamp,
        wakeAt: Timestamp?,
        resolvedAt: Timestamp?,
        closedAt: Timestamp?,
        reopenings: UInt64
    ) {
        self.statusSince = statusSince
        self.wakeAt = wakeAt
        self.resolvedAt = resolvedAt
        self.closedAt = closedAt
        self.reopenings = reopenings
    }
}

/// What made a live period begin anew, for as long as its messages can be split off (O11).
package struct Reactivation: Hashable, Sendable {
    /// The place of the live period's first message among the public entries.
    package let firstSequence: UInt64
    /// The status that the request had before.
    package let statusBefore: StatusKey
    /// How it was in that status; `nil` in an older store, which did not keep it.
    package let rest: Rest?

    /// Describes what made a live period begin anew.
    package init(firstSequence: UInt64, statusBefore: StatusKey, rest: Rest?) {
        self.firstSequence = firstSequence
        self.statusBefore = statusBefore
        self.rest = rest
    }
}

/// What a request has that a message does not change.
///
/// A post reads and writes none of it, so that it is kept apart from what every post changes.
package struct RequestDetails: Hashable, Sendable {
    /// The kind.
    package var kind: RequestKind
    /// By which way it came.
    package var origin: Origin
    /// Whether it is the staff's own affair, of which the contact hears nothing (S3).
    package var isInternal: Bool
    /// Whether messages of the conversation that name no request may go to it.
    package var isRouted: Bool
    /// Who opened it.
    package var openedBy: Party
    /// What the partner that opened it calls it; `nil` where no partner did.
    package var externalKey: String?
    /// The title that somebody gave it; `nil` where it goes by its description's beginning.
    package var title: String?
    /// What it is about.
    package var topic: TopicKey?
    /// The topic it began with.
    package var firstTopic: TopicKey?
    /// What sort of matter it is.
    package var type: TypeKey?
    /// How urgent it is.
    package var priority: PriorityKey?
    /// The priority it began with.
    package var firstPriority: PriorityKey?
    /// The tags, sorted (S17).
    package var tags: [String] = []
    /// The fields (C12).
    package var fields: [FieldKey: FieldValue] = [:]
    /// The agents who are told of its changes, by id (C24).
    package var watchers: [Agent] = []
    /// Other contacts whom it concerns, by id (C3, S26).
    package var participants: [Contact] = []
    /// The requests that it belongs together with.
    package var links: [Link] = []
    /// The request that has taken its content.
    package var mergedInto: RequestReference?
    /// The requests whose content it has taken.
    package var sources: [RequestReference] = []
    /// The status it had before it was deleted or merged.
    package var statusBefore: StatusKey?
    /// How it was before it was deleted; `nil` where it is not.
    package var restBefore: Rest?
    /// What made the live period begin anew; `nil` in the first.
    package var reactivation: Reactivation?
    /// Until when it sleeps (S12).
    package var wakeAt: Timestamp?
    /// When an agent first took or was given it.
    package var acceptedAt: Timestamp?
    /// When an agent first answered (S24).
    package var firstRepliedAt: Timestamp?
    /// When any agent first looked at it.
    package var firstViewedAt: Timestamp?
    /// When the agent who has it first looked at it since it was assigned (S21).
    package var viewedByAssigneeAt: Timestamp?
    /// When it last entered the category `resolved`.
    package var resolvedAt: Timestamp?
    /// When it last entered the category `closed`.
    package var closedAt: Timestamp?
    /// How often it was reopened from resolved or closed.
    package var reopenings: UInt64 = 0

    /// Describes what a new request has.
    package init(
        kind: RequestKind,
        origin: Origin,
        isInternal: Bool = false,
        isRouted: Bool = true,
        openedBy: Party
    ) {
        self.kind = kind
        self.origin = origin
        self.isInternal = isInternal
        self.isRouted = isRouted
        self.openedBy = openedBy
    }
}

extension RequestDetails {
    /// What contacts see of it by the rules in force: what is not copied here stays hidden.
    func seenByContact(under policy: Policy) -> RequestDetails {
        var seen = RequestDetails(
            kind: kind,
            origin: origin,
            isInternal: false,
            isRouted: isRouted,
            openedBy: openedBy
        )
        seen.externalKey = externalKey
        seen.title = title
        seen.topic = topic
        seen.firstTopic = firstTopic
        seen.type = type
        seen.priority = priority
        seen.firstPriority = firstPriority
        seen.fields = fields.filter { policy.showsContact(field: $0.key) }
        seen.mergedInto = mergedInto
        seen.sources = sources
        seen.wakeAt = wakeAt
        seen.acceptedAt = acceptedAt
        seen.firstRepliedAt = firstRepliedAt
        seen.resolvedAt = resolvedAt
        seen.closedAt = closedAt
        seen.reopenings = reopenings
        return seen
    }
}

/// Keeps a value apart from the value it belongs to, so that copying the whole copies a reference.
final class Boxed<Value: Hashable & Sendable>: Hashable, Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }

    static func == (left: Boxed, right: Boxed) -> Bool {
        left === right || left.value == right.value
    }

    func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
