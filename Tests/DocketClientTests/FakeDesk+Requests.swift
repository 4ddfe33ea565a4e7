import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Synchronization

@testable import DocketClient

extension FakeDesk {
    /// The request that every command answers with.
    static let request = Docket_V1_Request.with {
        $0.id = Data(repeating: 3, count: 16)
        $0.number = 4
        $0.conversationID = Data(repeating: 7, count: 16)
        $0.status = "in_progress"
        $0.category = .categoryOpen
        $0.title = "Blank pages"
        $0.statusName = "In progress"
        $0.topicName = "Printers and copiers"
        $0.isLive = true
        $0.livePeriods = 2
        $0.previousRequestID = Data(repeating: 2, count: 16)
        $0.details = details
    }

    private static let details = Docket_V1_RequestDetails.with {
        $0.kind = .kindTicket
        $0.origin = .manual
        $0.isInternal = true
        $0.isAside = true
        $0.openedBy.name = "Bo"
        $0.title = "Blank pages"
        $0.topic = "printers"
        $0.firstTopic = "other"
        $0.type = "incident"
        $0.priority = "high"
        $0.firstPriority = "normal"
        $0.tags = ["hall", "printer"]
        $0.fields = [
            "serial": .with { $0.text = "A-1" }, "pages": .with { $0.integer = -3 },
            "warranty": .with { $0.flag = false }, "colours": .with { $0.words.words = ["red"] },
            "later": Docket_V1_FieldValue(),
        ]
        $0.watchers = [.with { $0.name = "Cy" }]
        $0.participants = [.with { $0.name = "Di" }]
        $0.links = [
            .with {
                $0.kind = .linkSplitFrom
                $0.other = other
            },
            .with { $0.kind = .linkRelated },
        ]
        $0.sources = [other]
        $0.statusBefore = "new"
        $0.splitFromSequence = 5
        $0.splitStatus = "waiting"
        $0.wakeMilliseconds = 10
        $0.acceptedMilliseconds = 11
        $0.firstRepliedMilliseconds = 12
        $0.firstViewedMilliseconds = 13
        $0.viewedByAssigneeMilliseconds = 14
        $0.resolvedMilliseconds = 15
        $0.closedMilliseconds = 16
        $0.reopenings = 1
    }

    static let other = Docket_V1_RequestReference.with {
        $0.id = Data(repeating: 5, count: 16)
        $0.number = 3
    }

    /// The last call, as what it is.
    func last<Call: SwiftProtobuf.Message>(_ type: Call.Type) -> Call? {
        asked.withLock { $0.last } as? Call
    }

    func addRequests(to router: inout Router) {
        answer(RequestsMethods.create, Docket_V1_CreateRequestCall.self, in: &router)
        answer(RequestsMethods.view, Docket_V1_ViewCall.self, in: &router)
        answer(RequestsMethods.setStatus, Docket_V1_SetStatusCall.self, in: &router)
        answer(RequestsMethods.edit, Docket_V1_EditCall.self, in: &router)
        answer(RequestsMethods.splitNewMessages, Docket_V1_SplitNewMessagesCall.self, in: &router)
        answer(RequestsMethods.splitMessages, Docket_V1_SplitMessagesCall.self, in: &router)
        answer(RequestsMethods.merge, Docket_V1_MergeCall.self, in: &router)
        answer(RequestsMethods.link, Docket_V1_LinkCall.self, in: &router)
        answer(RequestsMethods.unlink, Docket_V1_LinkCall.self, in: &router)
        answer(RequestsMethods.delete, Docket_V1_DeleteCall.self, in: &router)
        answer(RequestsMethods.restore, Docket_V1_RestoreCall.self, in: &router)
        answer(RequestsMethods.take, Docket_V1_TakeCall.self, in: &router)
        answer(RequestsMethods.assign, Docket_V1_AssignCall.self, in: &router)
        answer(RequestsMethods.finish, Docket_V1_FinishCall.self, in: &router)
        addReading(to: &router)
    }

    /// The headers of the commands since this was asked last.
    func takeHeaders() -> [Docket_V1_CommandHeader] {
        let calls = asked.withLock { asked in
            defer { asked = [] }
            return asked
        }
        return calls.compactMap { Self.header(of: $0) }
    }

    private static func header(of call: any SwiftProtobuf.Message) -> Docket_V1_CommandHeader? {
        switch call {
        case let call as Docket_V1_TakeCall: call.header
        case let call as Docket_V1_AssignCall: call.header
        case let call as Docket_V1_FinishCall: call.header
        case let call as Docket_V1_PostNoteCall: call.header
        case let call as Docket_V1_ViewCall: call.header
        case let call as Docket_V1_SetStatusCall: call.header
        case let call as Docket_V1_EditCall: call.header
        case let call as Docket_V1_SplitNewMessagesCall: call.header
        case let call as Docket_V1_SplitMessagesCall: call.header
        case let call as Docket_V1_MergeCall: call.header
        case let call as Docket_V1_LinkCall: call.header
        case let call as Docket_V1_DeleteCall: call.header
        case let call as Docket_V1_RestoreCall: call.header
        default: nil
        }
    }

    /// Keeps the call and answers with the request.
    private func answer<Call: SwiftProtobuf.Message & Sendable>(
        _ method: Method,
        _ type: Call.Type,
        in router: inout Router
    ) {
        router.unary(method) { (call: Call, _) async throws(RPCError) in
            self.asked.withLock { $0.append(call) }
            return Docket_V1_RequestChangeReply.with { $0.request = Self.request }
        }
    }

    private func addReading(to router: inout Router) {
        router.unary(RequestsMethods.messages) {
            (call: Docket_V1_RequestMessagesCall, _) async throws(RPCError) in
            self.asked.withLock { $0.append(call) }
            return Docket_V1_RequestMessagesReply.with {
                $0.more = true
                $0.entries = [
                    .with {
                        $0.sequence = 6
                        $0.offset = 40
                        $0.event.messagePosted.messageID = Data(repeating: 8, count: 16)
                        $0.event.messagePosted.text = "moved"
                    }
                ]
            }
        }
        router.unary(RequestsMethods.chain) {
            (call: Docket_V1_ChainCall, _) async throws(RPCError) in
            self.asked.withLock { $0.append(call) }
            return Docket_V1_ChainReply.with { $0.previous = Self.request }
        }
        router.unary(RequestsMethods.postNote) {
            (call: Docket_V1_PostNoteCall, _) async throws(RPCError) in
            self.asked.withLock { $0.append(call) }
            return Docket_V1_PostNoteReply()
        }
        router.unary(ConversationsMethods.markReceived) {
            (call: Docket_V1_MarkReceivedCall, _) async throws(RPCError) in
            self.asked.withLock { $0.append(call) }
            return Docket_V1_MarkReceivedReply()
        }
    }
}
