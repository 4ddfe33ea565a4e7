internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// Commands of one lane that leave at once, with their encoded calls.
struct OutboxBatch: Sendable {
    /// What became of a command.
    typealias Answer = Result<Receipt, RPCError>

    /// A command and its encoded call.
    struct Member: Sendable {
        let command: QueuedCommand
        let call: [UInt8]
    }

    private let members: [Member]

    /// Commands, in order; one at least.
    init(_ members: [Member]) { self.members = members }

    /// Makes the calls: one by itself, several as a lane.
    ///
    /// - Parameters:
    ///   - channel: The connection to make them on.
    ///   - options: How long the attempt may take.
    /// - Returns: The answers of the first commands, in order. None follows one that failed, and
    ///   the commands behind that were not made; where none failed, those without an answer may
    ///   have taken effect.
    /// - Throws: Why nobody knows of any command.
    func send(
        on channel: any CallChannel,
        options: CallOptions
    ) async throws(RPCError) -> [Answer] {
        if members.count == 1 {
            let receipt = try await members[0].command.kind.perform(
                members[0].command.id,
                call: members[0].call,
                on: channel,
                options: options
            )
            return [.success(receipt)]
        }
        var call = Docket_V1_SubmitLaneCall()
        call.calls = members.map { member in
            .with {
                $0.method = member.command.kind.method.hash
                $0.message = Data(member.call)
            }
        }
        let reply = try await CommandsCaller(channel: channel).submitLane(call, options: options)
        return zip(members, reply.answers).map { member, answer in
            Answer { () throws(RPCError) in try answer.receipt(of: member.command) }
        }
    }
}

extension Docket_V1_LaneAnswer {
    /// The server's word that a command took effect; throws why it did not, or why nobody knows.
    fileprivate func receipt(of command: QueuedCommand) throws(RPCError) -> Receipt {
        switch answer {
        case .reply(let reply): return try command.kind.receipt(reply, of: command.id)
        case .refusal(let status):
            throw CallStatus(status).error ?? RPCError(.malformedMessage, "a refusal that says OK")
        case nil: throw RPCError(.malformedMessage, "a call of a lane has no answer")
        }
    }
}

extension Result {
    /// Whether there is a value.
    var isSuccess: Bool {
        if case .success = self { true } else { false }
    }
}
