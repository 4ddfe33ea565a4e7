internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

extension ModelServices {
    /// The ways of calls, by themselves and in lanes.
    private struct Ways {
        var router: Router
        var lanes: [UInt32: any LaneMember] = [:]
    }

    /// The way of calls to the model.
    ///
    /// What tells two commands apart is all of their bytes.
    func router() -> Router {
        var ways = Ways(
            router: Router(fingerprint: { _, bytes in
                (0..<bytes.byteCount).map {
                    unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
                }
            })
        )
        addSessions(to: &ways)
        addChannels(to: &ways)
        addConversations(to: &ways)
        addFeed(to: &ways)
        addRequests(to: &ways)
        ways.router.unary(CommandsMethods.submitLane) {
            [lanes = ways.lanes] (call, context) async throws(RPCError) in
            try Self.submitLane(call, context, lanes)
        }
        return ways.router
    }

    /// Makes the calls of a lane up to the first that is refused.
    private static func submitLane(
        _ call: Docket_V1_SubmitLaneCall,
        _ context: CallContext,
        _ lanes: [UInt32: any LaneMember]
    ) throws(RPCError) -> Docket_V1_SubmitLaneReply {
        guard (1...64).contains(call.calls.count) else { throw RPCError(.tooMany) }
        var reply = Docket_V1_SubmitLaneReply()
        for member in call.calls {
            var answer = Docket_V1_LaneAnswer()
            do throws(RPCError) {
                guard let serve = lanes[member.method] else { throw RPCError(.methodUnknown) }
                answer.reply = Data(try serve.answer(member.message, context))
            } catch {
                answer.refusal = CallStatus(error).message
            }
            reply.answers.append(answer)
            if case .refusal = answer.answer { break }
        }
        return reply
    }

    /// Lets the model answer the calls of a method; those of a command also in lanes.
    private func serve<Call, Reply>(
        _ method: Method,
        _ header: (any Served<Call, Reply>.Header)? = nil,
        in ways: inout Ways,
        _ answer: @escaping Served<Call, Reply>.Answer
    ) {
        let served = Served(services: self, method: method, header: header, body: answer)
        ways.router.unary(method) { (call: Call, context) async throws(RPCError) in
            try served.reply(call, Origin(context))
        }
        if header != nil { ways.lanes[method.hash] = served }
    }

    // MARK: Sessions

    private func addSessions(to ways: inout Ways) {
        ways.router.unary(SessionsMethods.createGuest) {
            (call: Docket_V1_CreateGuestCall, context) async throws(RPCError) in
            try Self.requireNobody(context)
            let reply = try self.ask(call, context, header: call.header) {
                (model, asked) throws(RPCError) in try model.createGuest(asked)
            }
            try self.adopt(reply.session, context)
            return reply
        }
        ways.router.unary(SessionsMethods.signIn) {
            (call: Docket_V1_SignInCall, context) async throws(RPCError) in
            try Self.requireNobody(context)
            let reply = try self.ask(call, context) { (model, asked) throws(RPCError) in
                try model.signIn(asked)
            }
            try self.adopt(reply.session, context)
            return reply
        }
        ways.router.unary(SessionsMethods.describe) {
            (call: Docket_V1_DescribeCall, context) async throws(RPCError) in
            let token = context.token ?? Data()
            return try self.ask(call, context) { (model, asked) throws(RPCError) in
                model.describe(asked, token)
            }
        }
        serve(ContactsMethods.ensure, \Docket_V1_EnsureContactCall.header, in: &ways) {
            (model, asked) throws(RPCError) in try model.ensureContact(asked)
        }
    }

    private static func requireNobody(_ context: CallContext) throws(RPCError) {
        guard context.connection.identity == nil else {
            throw RPCError(
                .alreadySignedIn,
                "the connection acts as somebody already",
                isNotProcessed: true
            )
        }
    }

    /// Lets a connection act through a session.
    private func adopt(
        _ session: Docket_V1_Session,
        _ context: CallContext
    ) throws(RPCError) {
        guard let identity = try identity(of: Array(session.token)) else { return }
        try context.connection.adopt(identity)
    }

    /// Ends the connections whose session has ended.
    func endSessions() {
        let sessions = model.sessions
        endConnections(RPCError(.sessionExpired, "the session has ended")) { link in
            link.token.map { sessions[$0] == nil } ?? false
        }
    }

    // MARK: The rest

    /// The channels of the model open chats, and ask for a text alone.
    private func addChannels(to ways: inout Ways) {
        serve(ChannelsMethods.list, in: &ways) {
            (model, asked: Model.Asked<Docket_V1_ListChannelsCall>) throws(RPCError) in
            var reply = Docket_V1_ListChannelsReply()
            for key in model.openable(by: asked.author) {
                var channel = Docket_V1_OpenChannel()
                channel.key = key
                channel.name = model.channels[key] ?? ""
                channel.opens = .kindChat
                channel.forms = [.with { $0.kind = .kindChat }]
                reply.channels.append(channel)
            }
            reply.forms = [Docket_V1_RequestForm()]
            reply.limits.textBytes = 16_384
            reply.limits.titleBytes = 256
            return reply
        }
    }

    private func addConversations(to ways: inout Ways) {
        serve(ConversationsMethods.open, \Docket_V1_OpenConversationCall.header, in: &ways) {
            (model, asked) throws(RPCError) in try model.open(asked)
        }
        serve(ConversationsMethods.post, \Docket_V1_PostCall.header, in: &ways) {
            (model, asked) throws(RPCError) in try model.post(asked)
        }
        serve(ConversationsMethods.markRead, \Docket_V1_MarkReadCall.header, in: &ways) {
            (model, asked) throws(RPCError) in try model.markRead(asked)
        }
        serve(ConversationsMethods.markReceived, \Docket_V1_MarkReceivedCall.header, in: &ways) {
            (model, asked) throws(RPCError) in try model.markReceived(asked)
        }
        serve(ConversationsMethods.history, in: &ways) {
            (model, asked: Model.Asked<Docket_V1_HistoryCall>) throws(RPCError) in
            try model.history(asked)
        }
        ways.router.unary(ConversationsMethods.typing) {
            (call: Docket_V1_TypingCall, context) async throws(RPCError) in
            try self.signalTyping(call, context)
        }
    }

    private func addFeed(to ways: inout Ways) {
        serve(FeedMethods.snapshot, in: &ways) {
            (model, asked: Model.Asked<Docket_V1_SnapshotCall>) throws(RPCError) in
            try model.snapshot(asked)
        }
        ways.router.serverStreaming(FeedMethods.subscribe) {
            (call, replies, context) async throws(RPCError) in
            try await self.subscribe(call, replies, context)
        }
    }

    private func addRequests(to ways: inout Ways) {
        serve(RequestsMethods.create, \Docket_V1_CreateRequestCall.header, in: &ways) {
            (model, asked) throws(RPCError) in try model.create(asked)
        }
        serve(RequestsMethods.postNote, \Docket_V1_PostNoteCall.header, in: &ways) {
            (model, asked) throws(RPCError) in try model.postNote(asked)
        }
        serve(RequestsMethods.get, in: &ways) {
            (model, asked: Model.Asked<Docket_V1_GetRequestCall>) throws(RPCError) in
            try model.getRequest(asked)
        }
    }
}

/// A method whose calls may come in a lane.
private protocol LaneMember: Sendable {
    /// Gives the encoded reply to an encoded call of a lane.
    func answer(_ call: Data, _ context: CallContext) throws(RPCError) -> [UInt8]
}

/// A method that the model answers.
private struct Served<
    Call: SwiftProtobuf.Message & Sendable,
    Reply: SwiftProtobuf.Message & Sendable
>: LaneMember {
    /// The header of a call that is a command.
    typealias Header = KeyPath<Call, Docket_V1_CommandHeader> & Sendable
    typealias Answer =
        @Sendable (inout Model, Model.Asked<Call>) throws(RPCError) -> Reply

    let services: ModelServices
    let method: Method
    let header: (any Header)?
    let body: Answer

    func reply(_ call: Call, _ origin: ModelServices.Origin) throws(RPCError) -> Reply {
        try services.ask(call, origin, header: header.map { call[keyPath: $0] }, body)
    }

    func answer(_ call: Data, _ context: CallContext) throws(RPCError) -> [UInt8] {
        let message: Call = try decoded(call)
        return try encoded(try reply(message, ModelServices.Origin(of: method, call, context)))
    }
}
