package import DocketDomain
package import DocketMessages
package import Foundation
internal import SwiftProtobuf

extension Docket_V1_RequestKind {
    /// The kind as the protocol names it.
    package init(_ kind: RequestKind) {
        self =
            switch kind {
            case .chat: .kindChat
            case .ticket: .kindTicket
            case .task: .kindTask
            }
    }

    /// The kind, where it is one that this version knows.
    package var domain: RequestKind? { RequestKind(rawValue: UInt8(clamping: rawValue)) }
}

extension Docket_V1_Origin {
    /// The way by which a request came, as the protocol names it.
    package init(_ origin: Origin) {
        self =
            switch origin {
            case .line: .line
            case .portal: .portal
            case .bot: .bot
            case .manual: .manual
            case .partner: .partner
            case .split: .split
            }
    }

    /// The way, where it is one that this version knows.
    package var domain: Origin? { Origin(rawValue: UInt8(clamping: rawValue)) }
}

extension Docket_V1_LinkKind {
    /// The kind of link as the protocol names it.
    package init(_ kind: LinkKind) {
        self =
            switch kind {
            case .related: .linkRelated
            case .duplicate: .linkDuplicate
            case .parent: .linkParent
            case .child: .linkChild
            case .followUp: .linkFollowUp
            case .followedUp: .linkFollowedUp
            case .splitFrom: .linkSplitFrom
            case .splitInto: .linkSplitInto
            case .madeFrom: .linkMadeFrom
            case .origin: .linkOrigin
            }
    }

    /// The kind of link, where it is one that this version knows.
    package var domain: LinkKind? { LinkKind(rawValue: UInt8(clamping: rawValue)) }
}

extension Docket_V1_RequestReference {
    /// Another request, as the protocol names it.
    init(_ reference: RequestReference) {
        self.init()
        id = reference.id.data
        number = reference.number
    }
}

extension RequestReference {
    init?(message: Docket_V1_RequestReference) {
        guard let id = RequestID(bytes: message.id) else { return nil }
        self.init(id: id, number: message.number)
    }
}

extension Docket_V1_Link {
    init(_ link: Link) {
        self.init()
        kind = Docket_V1_LinkKind(link.kind)
        other = Docket_V1_RequestReference(link.other)
    }
}

extension Link {
    init?(message: Docket_V1_Link) {
        guard let kind = message.kind.domain, let other = RequestReference(message: message.other)
        else { return nil }
        self.init(kind: kind, other: other)
    }
}

extension Docket_V1_FieldValue {
    /// What a field holds, as the protocol has it.
    package init(_ value: FieldValue) {
        self.init()
        switch value {
        case .text(let text): self.text = text
        case .integer(let number): integer = number
        case .flag(let flag): self.flag = flag
        case .words(let words): self.words.words = words
        }
    }

    /// What the field holds; `nil` where the message says nothing.
    package var domain: FieldValue? {
        switch value {
        case .text(let text): .text(text)
        case .integer(let number): .integer(number)
        case .flag(let flag): .flag(flag)
        case .words(let words): .words(words.words)
        case nil: nil
        }
    }
}

extension DetailChange {
    /// The change as a message of the protocol.
    var message: Docket_V1_DetailsChanged.Change {
        var message = Docket_V1_DetailsChanged.Change()
        switch self {
        case .topic(let before, let after): message.topic = Self.key(before, after)
        case .type(let before, let after): message.type = Self.key(before, after)
        case .priority(let before, let after): message.priority = Self.key(before, after)
        case .field(let key, let before, let after, let isShown):
            message.field.key = key
            message.field.isShownToContact = isShown
            if let before { message.field.from = Docket_V1_FieldValue(before) }
            if let after { message.field.to = Docket_V1_FieldValue(after) }
        case .tagAdded(let tag): message.tagAdded = tag
        case .tagRemoved(let tag): message.tagRemoved = tag
        case .watcherAdded(let agent): message.watcherAdded = Docket_V1_Actor(agent.party)
        case .watcherRemoved(let agent): message.watcherRemoved = Docket_V1_Actor(agent.party)
        case .participantAdded(let contact):
            message.participantAdded = Docket_V1_Actor(contact.party)
        case .participantRemoved(let contact):
            message.participantRemoved = Docket_V1_Actor(contact.party)
        }
        return message
    }

    private static func key(_ before: String?, _ after: String?) -> Docket_V1_DetailsChanged.Key {
        var key = Docket_V1_DetailsChanged.Key()
        key.from = before ?? ""
        key.to = after ?? ""
        return key
    }

    init?(message: Docket_V1_DetailsChanged.Change) {
        switch message.change {
        case .topic(let key): self = .topic(from: key.from.nonempty, to: key.to.nonempty)
        case .type(let key): self = .type(from: key.from.nonempty, to: key.to.nonempty)
        case .priority(let key): self = .priority(from: key.from.nonempty, to: key.to.nonempty)
        case .field(let field):
            let (before, after) = (field.from.domain, field.to.domain)
            guard field.hasFrom == (before != nil), field.hasTo == (after != nil) else {
                return nil
            }
            let isShown = field.isShownToContact
            self = .field(field.key, from: before, to: after, isShown: isShown)
        case .tagAdded(let tag): self = .tagAdded(tag)
        case .tagRemoved(let tag): self = .tagRemoved(tag)
        case .watcherAdded(let actor):
            guard let agent = actor.agent else { return nil }
            self = .watcherAdded(agent)
        case .watcherRemoved(let actor):
            guard let agent = actor.agent else { return nil }
            self = .watcherRemoved(agent)
        case .participantAdded(let actor):
            guard let contact = actor.contact else { return nil }
            self = .participantAdded(contact)
        case .participantRemoved(let actor):
            guard let contact = actor.contact else { return nil }
            self = .participantRemoved(contact)
        case nil: return nil
        }
    }
}

extension Docket_V1_Rest {
    fileprivate init(_ rest: Rest) {
        self.init()
        statusSinceMilliseconds = rest.statusSince.milliseconds
        wakeMilliseconds = rest.wakeAt?.milliseconds ?? 0
        resolvedMilliseconds = rest.resolvedAt?.milliseconds ?? 0
        closedMilliseconds = rest.closedAt?.milliseconds ?? 0
        reopenings = rest.reopenings
    }
}

extension Rest {
    fileprivate init(message: Docket_V1_Rest) {
        self.init(
            statusSince: Timestamp(milliseconds: message.statusSinceMilliseconds),
            wakeAt: Timestamp(given: message.wakeMilliseconds),
            resolvedAt: Timestamp(given: message.resolvedMilliseconds),
            closedAt: Timestamp(given: message.closedMilliseconds),
            reopenings: message.reopenings
        )
    }
}

extension RequestDetails {
    /// The details as a message of the protocol, and as the store keeps them.
    package var message: Docket_V1_RequestDetails {
        var message = Docket_V1_RequestDetails()
        describe(in: &message)
        relate(in: &message)
        tellTimes(in: &message)
        return message
    }

    private func describe(in message: inout Docket_V1_RequestDetails) {
        message.kind = Docket_V1_RequestKind(kind)
        message.origin = Docket_V1_Origin(origin)
        message.isInternal = isInternal
        message.isAside = !isRouted
        message.openedBy = Docket_V1_Actor(openedBy)
        if let externalKey { message.externalKey = externalKey }
        if let title { message.title = title }
        if let topic { message.topic = topic }
        if let firstTopic { message.firstTopic = firstTopic }
        if let type { message.type = type }
        if let priority { message.priority = priority }
        if let firstPriority { message.firstPriority = firstPriority }
        if !tags.isEmpty { message.tags = tags }
        if !fields.isEmpty { message.fields = fields.mapValues(Docket_V1_FieldValue.init) }
    }

    private func relate(in message: inout Docket_V1_RequestDetails) {
        // Most requests have nothing of all this, and leaving it out costs nothing.
        if !watchers.isEmpty { message.watchers = watchers.map { Docket_V1_Actor($0.party) } }
        if !participants.isEmpty {
            message.participants = participants.map { Docket_V1_Actor($0.party) }
        }
        if !links.isEmpty { message.links = links.map(Docket_V1_Link.init) }
        if let mergedInto { message.mergedInto = Docket_V1_RequestReference(mergedInto) }
        if !sources.isEmpty { message.sources = sources.map(Docket_V1_RequestReference.init) }
        if let statusBefore { message.statusBefore = statusBefore }
        if let reactivation {
            message.splitFromSequence = reactivation.firstSequence
            message.splitStatus = reactivation.statusBefore
            if let rest = reactivation.rest { message.splitRest = Docket_V1_Rest(rest) }
        }
        if let restBefore { message.restBefore = Docket_V1_Rest(restBefore) }
        if reopenings > 0 { message.reopenings = reopenings }
    }

    private func tellTimes(in message: inout Docket_V1_RequestDetails) {
        if let wakeAt { message.wakeMilliseconds = wakeAt.milliseconds }
        if let acceptedAt { message.acceptedMilliseconds = acceptedAt.milliseconds }
        if let firstRepliedAt { message.firstRepliedMilliseconds = firstRepliedAt.milliseconds }
        if let firstViewedAt { message.firstViewedMilliseconds = firstViewedAt.milliseconds }
        if let moment = viewedByAssigneeAt {
            message.viewedByAssigneeMilliseconds = moment.milliseconds
        }
        if let resolvedAt { message.resolvedMilliseconds = resolvedAt.milliseconds }
        if let closedAt { message.closedMilliseconds = closedAt.milliseconds }
    }

    /// Takes the details from what the store kept; `nil` where this version did not write it.
    package init?(message: Docket_V1_RequestDetails) {
        guard let kind = message.kind.domain, let origin = message.origin.domain,
            let openedBy = message.openedBy.party,
            let watchers = message.watchers.mappedWhole(\.agent),
            let participants = message.participants.mappedWhole(\.contact),
            let links = message.links.mappedWhole(Link.init(message:)),
            let sources = message.sources.mappedWhole(RequestReference.init(message:)),
            let fields = message.fields.mappedWhole(\.domain)
        else { return nil }
        self.init(
            kind: kind,
            origin: origin,
            isInternal: message.isInternal,
            isRouted: !message.isAside,
            openedBy: openedBy
        )
        self.watchers = watchers
        self.participants = participants
        self.links = links
        self.sources = sources
        self.fields = fields
        take(message)
        takeTimes(message)
    }

    private mutating func take(_ message: Docket_V1_RequestDetails) {
        externalKey = message.externalKey.nonempty
        title = message.hasTitle ? message.title : nil
        topic = message.topic.nonempty
        firstTopic = message.firstTopic.nonempty
        type = message.type.nonempty
        priority = message.priority.nonempty
        firstPriority = message.firstPriority.nonempty
        tags = message.tags
        mergedInto = message.hasMergedInto ? RequestReference(message: message.mergedInto) : nil
        statusBefore = message.statusBefore.nonempty
        restBefore = message.hasRestBefore ? Rest(message: message.restBefore) : nil
        if message.splitFromSequence > 0 {
            reactivation = Reactivation(
                firstSequence: message.splitFromSequence,
                statusBefore: message.splitStatus,
                rest: message.hasSplitRest ? Rest(message: message.splitRest) : nil
            )
        }
        reopenings = message.reopenings
    }

    private mutating func takeTimes(_ message: Docket_V1_RequestDetails) {
        wakeAt = Timestamp(given: message.wakeMilliseconds)
        acceptedAt = Timestamp(given: message.acceptedMilliseconds)
        firstRepliedAt = Timestamp(given: message.firstRepliedMilliseconds)
        firstViewedAt = Timestamp(given: message.firstViewedMilliseconds)
        viewedByAssigneeAt = Timestamp(given: message.viewedByAssigneeMilliseconds)
        resolvedAt = Timestamp(given: message.resolvedMilliseconds)
        closedAt = Timestamp(given: message.closedMilliseconds)
    }
}

extension RequestDetails {
    /// Whether nothing has come to them since the request began.
    private var isPlain: Bool {
        let hasTime =
            wakeAt != nil || acceptedAt != nil || firstRepliedAt != nil || firstViewedAt != nil
            || viewedByAssigneeAt != nil || resolvedAt != nil || closedAt != nil
        return tags.isEmpty && fields.isEmpty && watchers.isEmpty && participants.isEmpty
            && links.isEmpty && sources.isEmpty && mergedInto == nil && statusBefore == nil
            && restBefore == nil && reactivation == nil && reopenings == 0
            && !hasTime
    }

    private var encodedPlainly: Data {
        var writer = WireWriter(room: 128)
        writer.write(UInt64(kind.rawValue), in: 1)
        writer.write(UInt64(origin.rawValue), in: 2)
        writer.write(isInternal, in: 3)
        writer.write(!isRouted, in: 4)
        writer.write(openedBy, in: 5)
        if let title { writer.write(each: title, in: 6) }
        writer.write(topic ?? "", in: 7)
        writer.write(firstTopic ?? "", in: 8)
        writer.write(type ?? "", in: 9)
        writer.write(priority ?? "", in: 10)
        writer.write(firstPriority ?? "", in: 11)
        writer.write(externalKey ?? "", in: 32)
        return Data(writer.bytes)
    }

    /// The details as a store keeps them.
    ///
    /// Those with which most requests begin are written field by field, without the generated
    /// message's objects; a test compares both.
    package var encoded: Data {
        if isPlain { return encodedPlainly }
        // Details have no required fields, so encoding them has no way to fail.
        return (try? message.serializedBytes()) ?? Data()
    }

    /// Takes the details from what a store kept; `nil` where this version did not write it.
    package init?(encoded: Data) {
        guard let message = try? Docket_V1_RequestDetails(serializedBytes: encoded) else {
            return nil
        }
        self.init(message: message)
    }
}
