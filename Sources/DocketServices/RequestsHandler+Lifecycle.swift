internal import DocketCalls
internal import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf

extension RequestsHandler {
    package func create(
        _ call: Docket_V1_CreateRequestCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        let creation = try CreateRequest(call)
        return try await change(.createRequest(creation), call.header, context)
    }

    package func view(
        _ call: Docket_V1_ViewCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        let id: RequestID = try identifier(call.requestID, "request_id")
        return try await change(.view(id), call.header, context)
    }

    package func setStatus(
        _ call: Docket_V1_SetStatusCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try require(call.status, atMost: keyBytes, "status")
        try allow(call.reason, atMost: TextLimits.reasonBytes, "reason")
        let setting = SetStatus(
            request: try identifier(call.requestID, "request_id"),
            status: call.status,
            reason: call.reason.isEmpty ? nil : call.reason,
            wakeAt: call.wakeMilliseconds > 0
                ? Timestamp(milliseconds: call.wakeMilliseconds) : nil
        )
        return try await change(.setStatus(setting), call.header, context)
    }

    package func edit(
        _ call: Docket_V1_EditCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        guard call.edits.count <= RequestLimits.edits else {
            throw RPCError(.tooMany(field: "edits", limit: UInt64(RequestLimits.edits)))
        }
        let edit = EditRequest(
            request: try identifier(call.requestID, "request_id"),
            edits: try call.edits.map { edit throws(RPCError) in try Edit(edit) }
        )
        return try await change(.edit(edit), call.header, context)
    }

    package func splitNewMessages(
        _ call: Docket_V1_SplitNewMessagesCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        let id: RequestID = try identifier(call.requestID, "request_id")
        return try await change(.splitNewMessages(id), call.header, context)
    }

    package func splitMessages(
        _ call: Docket_V1_SplitMessagesCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
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
        return try await change(.splitMessages(split), call.header, context)
    }

    package func merge(
        _ call: Docket_V1_MergeCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        let merge = MergeRequests(
            request: try identifier(call.requestID, "request_id"),
            other: try optionalIdentifier(call.otherID, "other_id")
        )
        return try await change(.merge(merge), call.header, context)
    }

    package func link(
        _ call: Docket_V1_LinkCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await change(.link(try LinkRequests(call)), call.header, context)
    }

    package func unlink(
        _ call: Docket_V1_LinkCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await change(.unlink(try LinkRequests(call)), call.header, context)
    }

    package func delete(
        _ call: Docket_V1_DeleteCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        let id: RequestID = try identifier(call.requestID, "request_id")
        return try await change(.delete(id), call.header, context)
    }

    package func restore(
        _ call: Docket_V1_RestoreCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        let id: RequestID = try identifier(call.requestID, "request_id")
        return try await change(.restore(id), call.header, context)
    }

    package func messages(
        _ call: Docket_V1_RequestMessagesCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestMessagesReply {
        let id: RequestID = try identifier(call.requestID, "request_id")
        let limit = try pageLimit(call.limit)
        let page = try await asking { () async throws(QueryError) in
            try await desk.messages(of: id, after: call.afterSequence, limit: limit)
        }
        var reply = Docket_V1_RequestMessagesReply()
        reply.entries = try page.messages.map { stored throws(RPCError) in
            var entry = Docket_V1_RequestMessagesReply.Entry()
            entry.sequence = stored.sequence
            entry.offset = stored.entry.offset
            entry.event = try stored.entry.readEvent()
            return entry
        }
        reply.more = page.hasMore
        return reply
    }

    package func chain(
        _ call: Docket_V1_ChainCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ChainReply {
        let id: RequestID = try identifier(call.requestID, "request_id")
        let (previous, next) = try await asking { () async throws(QueryError) in
            try await desk.neighbours(of: id)
        }
        let view = view(for: try context.principal)
        var reply = Docket_V1_ChainReply()
        if let previous { reply.previous = Docket_V1_Request(previous, for: view) }
        if let next { reply.next = Docket_V1_Request(next, for: view) }
        return reply
    }
}

/// The longest key of a policy, in bytes.
private let keyBytes = 64

/// A key that may be left out.
private func key(_ text: String, _ field: String) throws(RPCError) -> String? {
    try allow(text, atMost: keyBytes, field)
    return text.isEmpty ? nil : text
}

extension LogEntry {
    /// The entry's event as the protocol has it.
    func readEvent() throws(RPCError) -> Docket_V1_Event {
        do {
            return try Docket_V1_Event(serializedBytes: event)
        } catch {
            throw RPCError(.serverError, "the entry at \(offset) cannot be read")
        }
    }
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

    private static func kind(_ kind: Docket_V1_RequestKind) throws(RPCError) -> RequestKind? {
        guard kind != .unspecified else { return nil }
        guard let known = kind.domain else { throw .field(.invalidArgument, "kind") }
        return known
    }

    private static func origin(_ origin: Docket_V1_Origin) throws(RPCError) -> Origin? {
        guard origin != .unspecified else { return nil }
        guard let known = origin.domain else { throw .field(.invalidArgument, "origin") }
        return known
    }

    private static func fields(
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
