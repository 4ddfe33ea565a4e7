internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf

/// Serves `Commands`.
package struct CommandsHandler: CommandsService {
    /// The most calls of a lane: beyond this a longer lane saves nothing more, as the round trip is
    /// spread thin already.
    package static let callsInLane = 64

    /// A method that a lane may have, with what looks at its calls.
    private struct Member {
        let method: any LaneMethod
        let route: Route
    }

    /// A call of a lane that the desk has yet to decide.
    private struct Waiting {
        let call: PreparedCall
        let route: Route
    }

    private let desk: Desk
    private let members: [UInt32: Member]

    /// Serves lanes of a desk.
    ///
    /// - Parameters:
    ///   - desk: The desk.
    ///   - router: Has the methods that a lane may have, so that a lane's calls are checked and
    ///     counted as those that come by themselves.
    package init(desk: Desk, router: Router) {
        self.desk = desk
        let methods = ConversationCommands.all + RequestCommands.all + TicketCommands.all
        members = methods.reduce(into: [:]) { members, method in
            let hash = method.method.hash
            members[hash] = router.route(hash: hash).map { Member(method: method, route: $0) }
        }
    }

    package func submitLane(
        _ call: Docket_V1_SubmitLaneCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_SubmitLaneReply {
        guard !call.calls.isEmpty else { throw .field(.fieldMissing, "calls") }
        guard call.calls.count <= Self.callsInLane else {
            throw RPCError(.tooMany(field: "calls", limit: UInt64(Self.callsInLane)))
        }
        let start = ContinuousClock.now
        let (waiting, obstacle) = try prepare(call.calls, context)
        let group = SubmissionGroup(waiting.map(\.call.submission), bond: .lane)
        let replies = await desk.submit(group)
        var answers = LaneAnswers(limit: context.maximumReply)
        for (waiting, reply) in zip(waiting, replies) {
            let answer = waiting.call.answer(to: reply)
            answers.add(answer)
            waiting.route.end(context, error: answer.failure, duration: .now - start)
        }
        if let obstacle { answers.add(.failure(obstacle)) }
        return answers.reply
    }

    /// Reads the calls as far as nothing is wrong with one, and says what is wrong with that.
    private func prepare(
        _ calls: [Docket_V1_LaneCall],
        _ context: CallContext
    ) throws(RPCError) -> ([Waiting], RPCError?) {
        let principal = try context.principal
        var waiting: [Waiting] = []
        for call in calls {
            guard let member = members[call.method] else {
                return (waiting, Router.unknownMethod(hash: call.method))
            }
            do throws(RPCError) {
                try member.route.begin(context)
                let prepared = try member.method.prepare(call.message, by: principal)
                waiting.append(Waiting(call: prepared, route: member.route))
            } catch {
                member.route.end(context, error: error, duration: .zero)
                return (waiting, error)
            }
        }
        return (waiting, nil)
    }
}

/// The answers of a lane's calls, as many as one message takes.
struct LaneAnswers {
    /// What they are replied with.
    private(set) var reply = Docket_V1_SubmitLaneReply()
    private let limit: Int
    private var size = 0
    /// Whether nothing is added any more: the calls behind are to be repeated, or were not made.
    private var isOver = false

    /// The bytes of an answer beside its content, at most: two tags, two lengths.
    private static let overhead = 12

    /// No answers yet, for a caller who takes a message of so many bytes.
    init(limit: Int) { self.limit = limit }

    /// Adds what a call is answered: its encoded reply, or why it did not take effect, behind which
    /// none follows.
    mutating func add(_ answer: Result<[UInt8], RPCError>) {
        switch answer {
        case .success(let reply): add(.reply(Data(reply)), size: reply.count)
        case .failure(let error):
            let status = CallStatus(error)
            add(.refusal(status.message), size: status.bytes.count)
            isOver = true
        }
    }

    private mutating func add(_ answer: Docket_V1_LaneAnswer.OneOf_Answer, size bytes: Int) {
        guard !isOver else { return }
        let total = size + bytes + Self.overhead
        guard total <= limit || reply.answers.isEmpty else {
            isOver = true
            return
        }
        size = total
        reply.answers.append(.with { $0.answer = answer })
    }
}
