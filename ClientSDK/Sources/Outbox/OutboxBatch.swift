internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// Commands that leave at once, with their encoded calls: some of one lane, or some tickets.
struct OutboxBatch: Sendable {
    /// What became of a command.
    typealias Answer = Result<Acceptance, RPCError>

    /// A command and its encoded call.
    struct Member: Sendable {
        let command: QueuedCommand
        let call: [UInt8]
    }

    /// The commands, in order.
    let members: [Member]

    /// Commands, in order; one at least, and all of one bond.
    init(_ members: [Member]) { self.members = members }

    /// Whether each has a verdict for itself, or none behind the first that fails was made.
    var bond: CommandKind.Bond { members[0].command.kind.bond }

    /// Makes the calls: one by itself, several as a lane, tickets as one call.
    ///
    /// - Parameters:
    ///   - channel: The connection to make them on.
    ///   - options: How long the attempt may take.
    /// - Returns: The answers, in order; of a lane those of its first commands. None of a lane
    ///   follows one that failed, and the commands behind that were not made; where none failed,
    ///   those without an answer may have taken effect.
    /// - Throws: Why nobody knows of any command.
    func send(
        on channel: any CallChannel,
        options: CallOptions
    ) async throws(RPCError) -> [Answer] {
        switch bond {
        case .independent: return try await push(on: channel, options: options)
        case .lane where members.count > 1: return try await submit(on: channel, options: options)
        case .lane:
            let acceptance = try await members[0].command.kind.perform(
                members[0].command.id,
                call: members[0].call,
                on: channel,
                options: options
            )
            return [.success(acceptance)]
        }
    }

    private func submit(
        on channel: any CallChannel,
        options: CallOptions
    ) async throws(RPCError) -> [Answer] {
        var call = Docket_V1_SubmitLaneCall()
        call.calls = members.map { member in
            .with {
                $0.method = member.command.kind.method.hash
                $0.message = Data(member.call)
            }
        }
        let reply = try await CommandsCaller(channel: channel).submitLane(call, options: options)
        return zip(members, reply.answers).map { member, answer in
            Answer { () throws(RPCError) in try answer.acceptance(of: member.command) }
        }
    }

    /// Pushes the tickets: encoded calls one behind the other are the call with all their tickets.
    private func push(
        on channel: any CallChannel,
        options: CallOptions
    ) async throws(RPCError) -> [Answer] {
        let reply: Docket_V1_PushTicketsReply = try await channel.unary(
            TicketsMethods.pushBatch,
            encoded: Array(members.map(\.call).joined()),
            options: options
        )
        guard reply.verdicts.count == members.count else {
            throw RPCError(.malformedMessage, "a ticket has no verdict")
        }
        return reply.verdicts.map { verdict in
            Answer { () throws(RPCError) in try verdict.acceptance() }
        }
    }
}

extension Docket_V1_LaneAnswer {
    /// The server's word that a command took effect; throws why it did not, or why nobody knows.
    fileprivate func acceptance(of command: QueuedCommand) throws(RPCError) -> Acceptance {
        switch answer {
        case .reply(let reply): return try command.kind.acceptance(reply, of: command.id)
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
