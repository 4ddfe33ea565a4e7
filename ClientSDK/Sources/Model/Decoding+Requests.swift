internal import DocketMessages
internal import FoundationEssentials
internal import SwiftProtobuf

// How what a request has becomes models, and how its models become calls.

extension RequestKind {
    init(_ kind: Docket_V1_RequestKind) {
        self =
            switch kind {
            case .kindChat: .chat
            case .kindTicket: .ticket
            case .kindTask: .task
            case .unspecified, .UNRECOGNIZED: .unknown
            }
    }

    /// The protocol's value.
    var message: Docket_V1_RequestKind {
        switch self {
        case .chat: .kindChat
        case .ticket: .kindTicket
        case .task: .kindTask
        case .unknown: .unspecified
        }
    }
}

extension RequestOrigin {
    init(_ origin: Docket_V1_Origin) {
        self =
            switch origin {
            case .line: .line
            case .portal: .portal
            case .bot: .bot
            case .manual: .manual
            case .partner: .partner
            case .split: .split
            case .unspecified, .UNRECOGNIZED: .unknown
            }
    }

    /// The protocol's value.
    var message: Docket_V1_Origin {
        switch self {
        case .line: .line
        case .portal: .portal
        case .bot: .bot
        case .manual: .manual
        case .partner: .partner
        case .split: .split
        case .unknown: .unspecified
        }
    }
}

extension LinkKind {
    init(_ kind: Docket_V1_LinkKind) {
        self =
            switch kind {
            case .linkRelated: .related
            case .linkDuplicate: .duplicate
            case .linkParent: .parent
            case .linkChild: .child
            case .linkFollowUp: .followUp
            case .linkFollowedUp: .followedUp
            case .linkSplitFrom: .splitFrom
            case .linkSplitInto: .splitInto
            case .linkMadeFrom: .madeFrom
            case .linkOrigin: .origin
            case .unspecified, .UNRECOGNIZED: .unknown
            }
    }

    /// The protocol's value.
    var message: Docket_V1_LinkKind {
        switch self {
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
        case .unknown: .unspecified
        }
    }
}

extension OtherRequest {
    init?(_ reference: Docket_V1_RequestReference) {
        guard let id = RequestID(bytes: reference.id) else { return nil }
        self.init(id: id, number: reference.number)
    }
}

extension RequestLink {
    init?(_ link: Docket_V1_Link) {
        guard let other = OtherRequest(link.other) else { return nil }
        self.init(kind: LinkKind(link.kind), other: other)
    }
}

extension FieldValue {
    init?(_ value: Docket_V1_FieldValue) {
        switch value.value {
        case .text(let text): self = .text(text)
        case .integer(let number): self = .integer(number)
        case .flag(let flag): self = .flag(flag)
        case .words(let words): self = .words(words.words)
        case nil: return nil
        }
    }

    /// The protocol's value.
    var message: Docket_V1_FieldValue {
        .with {
            switch self {
            case .text(let text): $0.text = text
            case .integer(let number): $0.integer = number
            case .flag(let flag): $0.flag = flag
            case .words(let words): $0.words.words = words
            }
        }
    }
}

extension RequestMessagePage {
    init(_ reply: Docket_V1_RequestMessagesReply) {
        messages = reply.entries.map {
            RequestMessage(sequence: $0.sequence, event: Event($0.event, offset: $0.offset))
        }
        hasMore = reply.more
    }
}

extension Docket_V1_CreateRequestCall {
    /// The call that opens the request of a draft, always with the same bytes for the same id.
    init(_ draft: RequestDraft, id: RequestID) {
        self.init()
        header.commandID = Data(id.bytes)
        channel = draft.channel
        text = draft.text
        contactID = Data(draft.contact?.bytes ?? [])
        kind = draft.kind?.message ?? .unspecified
        origin = draft.origin?.message ?? .unspecified
        title = draft.title ?? ""
        topic = draft.topic ?? ""
        type = draft.type ?? ""
        priority = draft.priority ?? ""
        tags = draft.tags
        fields = draft.fields.mapValues(\.message)
        isInternal = draft.isInternal
        sourceID = Data(draft.source?.bytes ?? [])
        attachmentIds = draft.attachments.map { Data($0.bytes) }
    }
}

extension Docket_V1_EditCall.Edit {
    init(_ edit: RequestEdit) {
        self.init()
        switch edit {
        case .title(let title): self.title = title ?? ""
        case .topic(let key): topic = key ?? ""
        case .type(let key): type = key ?? ""
        case .priority(let key): priority = key
        case .field(let key, let value):
            field.key = key
            if let value { field.value = value.message }
        case .addTag(let tag): addTag = tag
        case .removeTag(let tag): removeTag = tag
        case .addWatcher(let id): addWatcher = Data(id.bytes)
        case .removeWatcher(let id): removeWatcher = Data(id.bytes)
        case .addParticipant(let id): addParticipant = Data(id.bytes)
        case .removeParticipant(let id): removeParticipant = Data(id.bytes)
        }
    }
}

extension Timestamp {
    /// The moment of a field in which 0 stands for none.
    init?(nonZero milliseconds: UInt64) {
        guard milliseconds > 0 else { return nil }
        self.init(millisecondsSinceEpoch: milliseconds)
    }
}

extension String {
    /// The text; nil where an empty one stands for none.
    var nonEmpty: String? { isEmpty ? nil : self }
}
