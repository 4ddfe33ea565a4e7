internal import DocketCalls
internal import DocketDesk
internal import DocketDomain
internal import DocketMessages
internal import DocketRPC
internal import DocketStore
internal import FoundationEssentials

/// The methods of `Conversations` that change something.
enum ConversationCommands {
    static let open = DeskMethod(
        ConversationsMethods.open,
        { (call: Docket_V1_OpenConversationCall) throws(RPCError) in
            try require(call.channel, atMost: 64, "channel")
            let opening = OpenConversation(
                id: try identifier(call.header.commandID, "header.command_id"),
                channel: call.channel,
                contact: try optionalIdentifier(call.contactID, "contact_id")
            )
            return .command(.openConversation(opening))
        },
        reply: { acceptance throws(RPCError) in
            guard case .conversation(let conversation) = acceptance.result else {
                throw acceptance.mismatch
            }
            var reply = Docket_V1_OpenConversationReply()
            reply.conversation = conversation
            reply.offset = acceptance.offset
            return reply
        }
    )

    static let post = DeskMethod(
        ConversationsMethods.post,
        { (call: Docket_V1_PostCall) throws(RPCError) in .command(.post(try Post(call))) },
        reply: { acceptance throws(RPCError) in
            guard case .message(let message) = acceptance.result else { throw acceptance.mismatch }
            var reply = Docket_V1_PostReply()
            reply.offset = acceptance.offset
            reply.sequence = message.sequence
            reply.requestID = message.request.data
            reply.requestNumber = message.requestNumber
            reply.acceptedMilliseconds = message.acceptedAt.milliseconds
            return reply
        }
    )

    static let markRead = DeskMethod(
        ConversationsMethods.markRead,
        { (call: Docket_V1_MarkReadCall) throws(RPCError) in
            let mark = MarkRead(
                conversation: try identifier(call.conversationID, "conversation_id"),
                upTo: call.upToOffset
            )
            return .command(.markRead(mark))
        },
        reply: { acceptance in
            var reply = Docket_V1_MarkReadReply()
            reply.offset = acceptance.offset
            return reply
        }
    )

    static let markReceived = DeskMethod(
        ConversationsMethods.markReceived,
        { (call: Docket_V1_MarkReceivedCall) throws(RPCError) in
            let mark = MarkReceived(
                conversation: try identifier(call.conversationID, "conversation_id"),
                upTo: call.upToOffset
            )
            return .command(.markReceived(mark))
        },
        reply: { acceptance in
            var reply = Docket_V1_MarkReceivedReply()
            reply.offset = acceptance.offset
            return reply
        }
    )

    /// All of them, for lanes.
    static let all: [any LaneMethod] = [open, post, markRead, markReceived]
}

extension Post {
    fileprivate init(_ call: Docket_V1_PostCall) throws(RPCError) {
        try allow(call.title, atMost: TextLimits.titleBytes, "title")
        if call.attachmentIds.isEmpty || !call.text.isEmpty {
            try require(call.text, atMost: TextLimits.messageBytes, "text")
        }
        guard call.inReplyToIds.count <= RequestLimits.repliedMessages else {
            let limit = UInt64(RequestLimits.repliedMessages)
            throw RPCError(.tooMany(field: "in_reply_to_ids", limit: limit))
        }
        let authored = call.authoredMilliseconds
        self.init(
            id: try identifier(call.header.commandID, "header.command_id"),
            conversation: try identifier(call.conversationID, "conversation_id"),
            text: call.text,
            authoredAt: authored > 0 ? Timestamp(milliseconds: authored) : nil,
            request: try optionalIdentifier(call.requestID, "request_id"),
            title: call.title.isEmpty ? nil : call.title,
            attachments: try call.attachmentIds.map { bytes throws(RPCError) in
                try identifier(bytes, "attachment_ids")
            },
            inReplyTo: try call.inReplyToIds.map { bytes throws(RPCError) in
                try identifier(bytes, "in_reply_to_ids")
            }
        )
    }
}
