internal import DocketDesk
internal import DocketDomain
internal import DocketMessages
internal import DocketRPC
internal import DocketStore
internal import Foundation
internal import SwiftProtobuf

/// A method whose call asks the desk for one change: how the call is read, and how its answer is
/// told.
///
/// Reading and telling are pure, so that a call means the same by itself and in a lane.
struct DeskMethod<Call: CommandCall, Reply: SwiftProtobuf.Message & Sendable>: Sendable {
    /// What the method table says of it.
    let method: Method
    /// What a call asks for; throws what is wrong with it.
    let change: @Sendable (Call) throws(RPCError) -> Submission.Change
    /// What is replied when it has taken effect.
    let reply: @Sendable (Acceptance) throws(RPCError) -> Reply

    init(
        _ method: Method,
        _ change: @escaping @Sendable (Call) throws(RPCError) -> Submission.Change,
        reply: @escaping @Sendable (Acceptance) throws(RPCError) -> Reply
    ) {
        self.method = method
        self.change = change
        self.reply = reply
    }
}

extension Desk {
    /// Asks for what a call asks for, and gives the reply.
    func perform<Call, Reply>(
        _ method: DeskMethod<Call, Reply>,
        _ call: Call,
        _ context: CallContext
    ) async throws(RPCError) -> Reply {
        let submission = try method.submission(call, context)
        return try method.reply(try await submit(submission).acceptance)
    }
}

extension DeskMethod {
    /// What a call that came by itself asks of the desk.
    fileprivate func submission(
        _ call: Call,
        _ context: CallContext
    ) throws(RPCError) -> Submission {
        try Submission(
            try change(call),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
    }
}

/// A method that a lane may have.
protocol LaneMethod: Sendable {
    /// What the method table says of it.
    var method: Method { get }
    /// Reads an encoded call; throws what is wrong with it.
    func prepare(_ message: Data, by principal: Principal) throws(RPCError) -> PreparedCall
    /// Lets a router have it, for calls that come by themselves.
    func register(in router: inout Router, for desk: Desk)
}

/// A call that was read, and how its answer is told.
struct PreparedCall: Sendable {
    /// What it asks of the desk.
    let submission: Submission
    /// The encoded reply when it has taken effect.
    let reply: @Sendable (Acceptance) throws(RPCError) -> [UInt8]

    /// What the call is answered, given the desk's answer: its encoded reply, or why it did not
    /// take effect.
    func answer(to desk: DocketDesk.Reply) -> Result<[UInt8], RPCError> {
        Result { () throws(RPCError) in try reply(try desk.acceptance) }
    }
}

extension Result {
    /// Why there is no value.
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}

extension DeskMethod: LaneMethod {
    func prepare(_ message: Data, by principal: Principal) throws(RPCError) -> PreparedCall {
        let call: Call = try decoded(message)
        let submission = try Submission(
            try change(call),
            header: call.header,
            digest: try Digest(ofEncoded: message, method),
            as: principal
        )
        return PreparedCall(submission: submission) { acceptance throws(RPCError) in
            try encoded(try reply(acceptance))
        }
    }
    func register(in router: inout Router, for desk: Desk) {
        router.unary(
            method,
            settledLater: {
                (call: Call, context, owed: OwedReply<Reply>) throws(RPCError) in
                desk.submit(try submission(call, context)) { answer in
                    owed.settle { () throws(RPCError) in try reply(try answer.acceptance) }
                }
            }
        )
    }
}
