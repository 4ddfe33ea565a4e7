internal import DocketCalls
internal import DocketDesk
internal import DocketDomain
internal import DocketMessages
internal import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf

/// The methods of `Requests` that change something.
enum RequestCommands {
    static let take = change(RequestsMethods.take) {
        (call: Docket_V1_TakeCall) throws(RPCError) in
        .take(try identifier(call.requestID, "request_id"))
    }

    static let assign = change(RequestsMethods.assign) {
        (call: Docket_V1_AssignCall) throws(RPCError) in
        let assign = Assign(
            request: try identifier(call.requestID, "request_id"),
            agent: try optionalIdentifier(call.agentID, "agent_id")
        )
        return .assign(assign)
    }

    static let finish = change(RequestsMethods.finish) {
        (call: Docket_V1_FinishCall) throws(RPCError) in
        let finish = Finish(
            request: try identifier(call.requestID, "request_id"),
            status: call.status.isEmpty ? nil : call.status
        )
        return .finish(finish)
    }

    static let postNote = DeskMethod(
        RequestsMethods.postNote,
        { (call: Docket_V1_PostNoteCall) throws(RPCError) in
            try require(call.text, atMost: TextLimits.messageBytes, "text")
            let note = PostNote(
                id: try identifier(call.header.commandID, "header.command_id"),
                request: try identifier(call.requestID, "request_id"),
                text: call.text
            )
            return .command(.postNote(note))
        },
        reply: { acceptance throws(RPCError) in
            guard case .note(let sequence) = acceptance.result else { throw acceptance.mismatch }
            var reply = Docket_V1_PostNoteReply()
            reply.offset = acceptance.offset
            reply.sequence = sequence
            return reply
        }
    )

    static let create = change(RequestsMethods.create) {
        (call: Docket_V1_CreateRequestCall) throws(RPCError) in
        .createRequest(try CreateRequest(call))
    }

    static let view = change(RequestsMethods.view) {
        (call: Docket_V1_ViewCall) throws(RPCError) in
        .view(try identifier(call.requestID, "request_id"))
    }

    static let setStatus = change(RequestsMethods.setStatus) {
        (call: Docket_V1_SetStatusCall) throws(RPCError) in
        try require(call.status, atMost: keyBytes, "status")
        try allow(call.reason, atMost: TextLimits.reasonBytes, "reason")
        let setting = SetStatus(
            request: try identifier(call.requestID, "request_id"),
            status: call.status,
            reason: call.reason.isEmpty ? nil : call.reason,
            wakeAt: call.wakeMilliseconds > 0
                ? Timestamp(milliseconds: call.wakeMilliseconds) : nil
        )
        return .setStatus(setting)
    }

    static let edit = change(RequestsMethods.edit) {
        (call: Docket_V1_EditCall) throws(RPCError) in
        guard call.edits.count <= RequestLimits.edits else {
            throw RPCError(.tooMany(field: "edits", limit: UInt64(RequestLimits.edits)))
        }
        let edit = EditRequest(
            request: try identifier(call.requestID, "request_id"),
            edits: try call.edits.map { edit throws(RPCError) in try Edit(edit) }
        )
        return .edit(edit)
    }

    static let splitNewMessages = change(RequestsMethods.splitNewMessages) {
        (call: Docket_V1_SplitNewMessagesCall) throws(RPCError) in
        .splitNewMessages(try identifier(call.requestID, "request_id"))
    }

    static let splitMessages = change(RequestsMethods.splitMessages) {
        (call: Docket_V1_SplitMessagesCall) throws(RPCError) in
        guard call.messageIds.count <= RequestLimits.movedMessages else {
            let limit = UInt64(RequestLimits.movedMessages)
            throw RPCError(.tooMany(field: "message_ids", limit: limit))
        }
        let split = SplitMessages(
            request: try identifier(call.requestID, "request_id"),
            messages: try call.messageIds.map { bytes throws(RPCError) in
                try identifier(bytes, "message_ids")
            }
        )
        return .splitMessages(split)
    }

    static let merge = change(RequestsMethods.merge) {
        (call: Docket_V1_MergeCall) throws(RPCError) in
        let merge = MergeRequests(
            request: try identifier(call.requestID, "request_id"),
            other: try optionalIdentifier(call.otherID, "other_id")
        )
        return .merge(merge)
    }

    static let link = change(RequestsMethods.link) {
        (call: Docket_V1_LinkCall) throws(RPCError) in
        .link(try LinkRequests(call))
    }

    static let unlink = change(RequestsMethods.unlink) {
        (call: Docket_V1_LinkCall) throws(RPCError) in
        .unlink(try LinkRequests(call))
    }

    static let delete = change(RequestsMethods.delete) {
        (call: Docket_V1_DeleteCall) throws(RPCError) in
        .delete(try identifier(call.requestID, "request_id"))
    }

    static let restore = change(RequestsMethods.restore) {
        (call: Docket_V1_RestoreCall) throws(RPCError) in
        .restore(try identifier(call.requestID, "request_id"))
    }

    /// All of them, for lanes.
    static let all: [any LaneMethod] = [
        create, take, assign, postNote, view, setStatus, finish, edit, splitNewMessages,
        splitMessages, merge, link, unlink, delete, restore,
    ]

    /// A method that is replied with the request that it has changed.
    private static func change<Call>(
        _ method: Method,
        _ command: @escaping @Sendable (Call) throws(RPCError) -> Command
    ) -> DeskMethod<Call, Docket_V1_RequestChangeReply> {
        DeskMethod(
            method,
            { call throws(RPCError) in .command(try command(call)) },
            reply: { acceptance throws(RPCError) in
                var reply = Docket_V1_RequestChangeReply()
                reply.offset = acceptance.offset
                reply.request = try acceptance.request
                return reply
            }
        )
    }
}

/// The longest key of a policy, in bytes.
private let keyBytes = 64

/// A key that may be left out.
private func key(_ text: String, _ field: String) throws(RPCError) -> String? {
    try allow(text, atMost: keyBytes, field)
    return text.isEmpty ? nil : text
}

extension CreateRequest {
    fileprivate init(_ call: Docket_V1_CreateRequestCall) throws(RPCError) {
        try require(call.channel, atMost: keyBytes, "channel")
        try require(call.text, atMost: TextLimits.messageBytes, "text")
        try allow(call.title, atMost: TextLimits.titleBytes, "title")
        guard call.tags.count <= RequestLimits.tags else {
            throw RPCError(.tooMany(field: "tags", limit: UInt64(RequestLimits.tags)))
        }
        self.init(
            id: try identifier(call.header.commandID, "header.command_id"),
            kind: try Self.kind(call.kind),
            channel: call.channel,
            contact: try optionalIdentifier(call.contactID, "contact_id"),
            origin: try Self.origin(call.origin),
            title: call.title.isEmpty ? nil : call.title,
            text: call.text,
            topic: try key(call.topic, "topic"),
            type: try key(call.type, "type"),
            priority: try key(call.priority, "priority"),
            tags: call.tags,
            fields: try Self.fields(call.fields),
            isInternal: call.isInternal,
            source: try optionalIdentifier(call.sourceID, "source_id"),
            attachments: try call.attachmentIds.map { bytes throws(RPCError) in
                try identifier(bytes, "attachment_ids")
            }
        )
    }

    fileprivate static func kind(_ kind: Docket_V1_RequestKind) throws(RPCError) -> RequestKind? {
        guard kind != .unspecified else { return nil }
        guard let known = kind.domain else { throw .field(.invalidArgument, "kind") }
        return known
    }

    private static func origin(_ origin: Docket_V1_Origin) throws(RPCError) -> Origin? {
        guard origin != .unspecified else { return nil }
        guard let known = origin.domain else { throw .field(.invalidArgument, "origin") }
        return known
    }

    fileprivate static func fields(
        _ given: [String: Docket_V1_FieldValue]
    ) throws(RPCError) -> [FieldKey: FieldValue] {
        guard given.count <= RequestLimits.fields else {
            throw RPCError(.tooMany(field: "fields", limit: UInt64(RequestLimits.fields)))
        }
        var fields: [FieldKey: FieldValue] = [:]
        for (key, value) in given {
            try require(key, atMost: keyBytes, "fields")
            guard let known = value.domain else {
                throw .field(.invalidArgument, "fields.\(key)")
            }
            fields[key] = known
        }
        return fields
    }
}

extension TicketPush {
    /// What a ticket asks for.
    init(_ ticket: Docket_V1_Ticket) throws(RPCError) {
        try require(ticket.externalKey, atMost: TextLimits.externalKeyBytes, "external_key")
        let contact = ticket.contact
        try require(contact.externalID, atMost: TextLimits.externalIDBytes, "contact.external_id")
        try require(contact.name, atMost: TextLimits.nameBytes, "contact.name")
        try require(ticket.channel, atMost: keyBytes, "channel")
        try require(ticket.text, atMost: TextLimits.messageBytes, "text")
        try allow(ticket.title, atMost: TextLimits.titleBytes, "title")
        let creation = CreateRequest(
            id: try identifier(ticket.id, "id"),
            kind: try CreateRequest.kind(ticket.kind),
            channel: ticket.channel,
            title: ticket.title.isEmpty ? nil : ticket.title,
            text: ticket.text,
            topic: try key(ticket.topic, "topic"),
            type: try key(ticket.type, "type"),
            priority: try key(ticket.priority, "priority"),
            fields: try CreateRequest.fields(ticket.fields),
            externalKey: ticket.externalKey
        )
        self.init(
            creation,
            externalKey: ticket.externalKey,
            contactExternalID: contact.externalID,
            contactName: contact.name
        )
    }
}

extension LinkRequests {
    fileprivate init(_ call: Docket_V1_LinkCall) throws(RPCError) {
        self.init(
            request: try identifier(call.requestID, "request_id"),
            kind: try known(call.kind, "kind", as: call.kind.domain),
            other: try identifier(call.otherID, "other_id")
        )
    }
}

extension Edit {
    fileprivate init(_ edit: Docket_V1_EditCall.Edit) throws(RPCError) {
        switch edit.edit {
        case .title(let title):
            try allow(title, atMost: TextLimits.titleBytes, "edits.title")
            self = .title(title.isEmpty ? nil : title)
        case .topic(let text): self = .topic(try key(text, "edits.topic"))
        case .type(let text): self = .type(try key(text, "edits.type"))
        case .priority(let text):
            try require(text, atMost: keyBytes, "edits.priority")
            self = .priority(text)
        case .field(let field):
            try require(field.key, atMost: keyBytes, "edits.field.key")
            self = .field(field.key, try Self.value(of: field))
        case .addTag(let tag):
            try require(tag, atMost: TextLimits.tagBytes, "edits.add_tag")
            self = .addTag(tag)
        case .removeTag(let tag):
            try require(tag, atMost: TextLimits.tagBytes, "edits.remove_tag")
            self = .removeTag(tag)
        case .addWatcher(let id): self = .addWatcher(try identifier(id, "edits.add_watcher"))
        case .removeWatcher(let id):
            self = .removeWatcher(try identifier(id, "edits.remove_watcher"))
        case .addParticipant(let id):
            self = .addParticipant(try identifier(id, "edits.add_participant"))
        case .removeParticipant(let id):
            self = .removeParticipant(try identifier(id, "edits.remove_participant"))
        case nil: throw .field(.fieldMissing, "edits")
        }
    }

    /// What a field is to hold; `nil` where the call says that it is to be empty.
    ///
    /// A value of a kind that this version does not know is refused: what a newer client writes
    /// must not empty the field.
    private static func value(
        of field: Docket_V1_EditCall.Edit.Field
    ) throws(RPCError) -> FieldValue? {
        guard field.hasValue else { return nil }
        guard let value = field.value.domain else {
            throw .field(.invalidArgument, "edits.field.value")
        }
        return value
    }
}
