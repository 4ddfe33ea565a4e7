import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf

extension Person {
    var commands: CommandsCaller { CommandsCaller(channel: channel) }

    /// Makes calls in one lane.
    func submit(
        _ calls: [Docket_V1_LaneCall]
    ) async throws(RPCError) -> [Docket_V1_LaneAnswer.OneOf_Answer?] {
        var call = Docket_V1_SubmitLaneCall()
        call.calls = calls
        return try await commands.submitLane(call).answers.map(\.answer)
    }

    /// A message to post.
    func posting(_ text: String, in conversation: Data, id: Data? = nil) -> Docket_V1_PostCall {
        var call = Docket_V1_PostCall()
        call.header = header(id)
        call.conversationID = conversation
        call.text = text
        return call
    }
}

extension Docket_V1_LaneCall {
    /// A call of a method, as a lane has it.
    init(_ method: Method, _ call: some SwiftProtobuf.Message) throws(RPCError) {
        self.init()
        self.method = method.hash
        message = Data(try encoded(call))
    }
}

extension Docket_V1_LaneAnswer.OneOf_Answer? {
    /// The reply to a message that was posted.
    var posted: Docket_V1_PostReply? {
        guard case .reply(let bytes) = self else { return nil }
        return try? Docket_V1_PostReply(serializedBytes: bytes)
    }

    /// Why the call did not take effect.
    var refusal: RPCError? {
        guard case .refusal(let status) = self else { return nil }
        return CallStatus(status).error
    }
}

extension MatrixRow {
    /// A lane stands for its calls: it is answered as they are.
    static let lanes: [Method: MatrixRow] = [
        CommandsMethods.submitLane: .open { person, target throws(RPCError) in
            var call = Docket_V1_TakeCall()
            call.header = person.header()
            call.requestID = target.request
            _ = try await person.submit([try Docket_V1_LaneCall(RequestsMethods.take, call)])
        }
    ]
}
