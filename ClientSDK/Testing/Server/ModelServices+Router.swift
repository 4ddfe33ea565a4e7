internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

extension ModelServices {
    /// The header of a call that is a command.
    private typealias Header<Call> = KeyPath<Call, Docket_V1_CommandHeader> & Sendable

    /// The way of calls to the model.
    ///
    /// What tells two commands apart is all of their bytes.
    func router() -> Router {
        var router = Router(fingerprint: { _, bytes in
            (0..<bytes.byteCount).map {
                unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
            }
        })
        addSessions(to: &router)
        addConversations(to: &router)
        addFeed(to: &router)
        addRequests(to: &router)
        return router
    }

    /// Lets the model answer the calls of a method.
    private func serve<Call: SwiftProtobuf.Message & Sendable, Reply>(
        _ method: Method,
        _ header: (any Header<Call>)? = nil,
        in router: inout Router,
        _ answer:
            @escaping @Sendable (
                inout Model, Model.Asked<Call>
            ) throws(RPCError) -> Reply
    ) where Reply: SwiftProtobuf.Message & Sendable {
        router.unary(method) { (call: Call, context) async throws(RPCError) in
            try self.ask(call, context, header: header.map { call[keyPath: $0] }, answer)
        }
    }

    // MARK: Sessions

    private func addSessions(to router: inout Router) {
        router.unary(SessionsMethods.createGuest) {
            (call: Docket_V1_CreateGuestCall, context) async throws(RPCError) in
            try Self.requireNobody(context)
            let reply = try self.ask(call, context, header: call.header) {
                (model, asked) throws(RPCError) in try model.createGuest(asked)
            }
            try self.adopt(reply.session, context)
            return reply
        }
        router.unary(SessionsMethods.signIn) {
            (call: Docket_V1_SignInCall, context) async throws(RPCError) in
            try Self.requireNobody(context)
            let reply = try self.ask(call, context) { (model, asked) throws(RPCError) in
                try model.signIn(asked)
            }
            try self.adopt(reply.session, context)
            return reply
        }
        router.unary(SessionsMethods.describe) {
            (call: Docket_V1_DescribeCall, context) async throws(RPCError) in
            let token = context.token ?? Data()
            return try self.ask(call, context) { (model, asked) throws(RPCError) in
                model.describe(asked, token)
            }
        }
        serve(ContactsMethods.ensure, \Docket_V1_EnsureContactCall.header, in: &router) {
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

    private func addConversations(to router: inout Router) {
        serve(ConversationsMethods.open, \Docket_V1_OpenConversationCall.header, in: &router) {
            (model, asked) throws(RPCError) in try model.open(asked)
        }
        serve(ConversationsMethods.post, \Docket_V1_PostCall.header, in: &router) {
            (model, asked) throws(RPCError) in try model.post(asked)
        }
        serve(ConversationsMethods.markRead, \Docket_V1_MarkReadCall.header, in: &router) {
            (model, asked) throws(RPCError) in try model.markRead(asked)
        }
        serve(ConversationsMethods.markReceived, \Docket_V1_MarkReceivedCall.header, in: &router) {
            (model, asked) throws(RPCError) in try model.markReceived(asked)
        }
        serve(ConversationsMethods.history, in: &router) {
            (model, asked: Model.Asked<Docket_V1_HistoryCall>) throws(RPCError) in
            try model.history(asked)
        }
        router.unary(ConversationsMethods.typing) {
            (call: Docket_V1_TypingCall, context) async throws(RPCError) in
            try self.signalTyping(call, context)
        }
    }

    private func addFeed(to router: inout Router) {
        serve(FeedMethods.snapshot, in: &router) {
            (model, asked: Model.Asked<Docket_V1_SnapshotCall>) throws(RPCError) in
            try model.snapshot(asked)
        }
        router.serverStreaming(FeedMethods.subscribe) {
            (call, replies, context) async throws(RPCError) in
            try await self.subscribe(call, replies, context)
        }
    }

    private func addRequests(to router: inout Router) {
        serve(RequestsMethods.create, \Docket_V1_CreateRequestCall.header, in: &router) {
            (model, asked) throws(RPCError) in try model.create(asked)
        }
        serve(RequestsMethods.postNote, \Docket_V1_PostNoteCall.header, in: &router) {
            (model, asked) throws(RPCError) in try model.postNote(asked)
        }
        serve(RequestsMethods.get, in: &router) {
            (model, asked: Model.Asked<Docket_V1_GetRequestCall>) throws(RPCError) in
            try model.getRequest(asked)
        }
    }
}
