internal import DocketCalls
internal import DocketDesk
internal import DocketDomain
internal import DocketMessages
internal import DocketRPC
internal import DocketStore
internal import FoundationEssentials

/// The methods of `Tickets` that ask for one change.
enum TicketCommands {
    static let comment = DeskMethod(
        TicketsMethods.comment,
        { (call: Docket_V1_CommentCall) throws(RPCError) in
            try require(call.text, atMost: TextLimits.messageBytes, "text")
            let post = Post(
                id: try identifier(call.header.commandID, "header.command_id"),
                conversation: nil,
                text: call.text,
                request: try identifier(call.requestID, "request_id")
            )
            return .command(.post(post))
        },
        reply: { acceptance throws(RPCError) in
            guard case .message(let message) = acceptance.result else { throw acceptance.mismatch }
            var reply = Docket_V1_CommentReply()
            reply.offset = acceptance.offset
            reply.sequence = message.sequence
            reply.requestID = message.request.data
            reply.requestNumber = message.requestNumber
            return reply
        }
    )

    /// All of them, for lanes.
    static let all: [any LaneMethod] = [comment]
}
