import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Synchronization

@testable import DocketClient

/// What a client sees of a desk, and nothing behind it: sessions, posts that are stored once, and
/// feeds that follow a script.
final class FakeDesk: Sendable {
    /// What one subscription sends: entries, then an end, or silence.
    struct Script: Sendable {
        var entries: [Docket_V1_FeedEntry] = []
        var ending: RPCError?
    }

    private struct State {
        var guests: [Data: Data] = [:]
        var tokens: [[UInt8]: CallerIdentity] = [:]
        var lastToken: UInt8 = 0
        var posts: [Data: Docket_V1_PostCall] = [:]
        var postOrder: [String] = []
        var postCalls = 0
        var postRefusals: [RPCError] = []
        var scripts: [Script] = []
        var subscriptions: [Docket_V1_SubscribeCall] = []
        var calls: [String] = []
    }

    static let epoch = Data([1, 2, 3, 4, 5, 6, 7, 8])
    static let conversation = ConversationID(bytes: [UInt8](repeating: 7, count: 16))
    static let password = "correct horse"

    /// The desk's attachments.
    let files = FakeFiles()
    /// What the desk streams to administrators.
    let streams = FakeStreams()
    /// Whether the desk takes calls of a lane, and answers none of them.
    let answersLanesWithNothing = Mutex(false)
    private let state = Mutex(State())
    /// The calls of `Requests` and of marks, in order.
    let asked = Mutex<[any SwiftProtobuf.Message & Sendable]>([])

    // MARK: What tests ask

    /// Lets the next posts be refused so, one after the other.
    func refusePosts(_ errors: RPCError...) {
        state.withLock { $0.postRefusals += errors }
    }

    /// What the next subscriptions send, one script each; those after the last stay silent.
    func plan(_ scripts: Script...) {
        state.withLock { $0.scripts += scripts }
    }

    /// Forgets every session.
    func expireSessions() {
        state.withLock { $0.tokens = [:] }
    }

    var guestCount: Int { state.withLock { $0.guests.count } }
    var posts: [Docket_V1_PostCall] { state.withLock { Array($0.posts.values) } }
    /// The texts of the posts, in the order in which they took effect.
    var texts: [String] { state.withLock { $0.postOrder } }
    var postCalls: Int { state.withLock { $0.postCalls } }
    var subscriptions: [Docket_V1_SubscribeCall] { state.withLock { $0.subscriptions } }
    /// The names of the methods that were called, in order.
    var calls: [String] { state.withLock { $0.calls } }

    func identity(of token: [UInt8]) -> CallerIdentity? {
        state.withLock { $0.tokens[token] }
    }

    // MARK: What clients call

    var router: Router {
        var router = Router()
        addSessions(to: &router)
        addConversations(to: &router)
        addFeed(to: &router)
        addRequests(to: &router)
        if answersLanesWithNothing.withLock({ $0 }) {
            router.unary(CommandsMethods.submitLane) {
                (_: Docket_V1_SubmitLaneCall, context) async throws(RPCError) in
                self.note(context.method)
                return Docket_V1_SubmitLaneReply()
            }
        }
        files.register(in: &router)
        streams.register(in: &router)
        return router
    }

    private func note(_ method: Method) {
        state.withLock { $0.calls.append(String(method.shortName)) }
    }

    private func addSessions(to router: inout Router) {
        router.unary(SessionsMethods.createGuest) {
            (call: Docket_V1_CreateGuestCall, context) async throws(RPCError) in
            self.note(context.method)
            self.state.withLock { $0.guests[call.header.commandID] = call.secret }
            let session = try self.open(.contact, call.header.commandID, context, name: call.name)
            return Docket_V1_CreateGuestReply.with { $0.session = session }
        }
        router.unary(SessionsMethods.signIn) {
            (call: Docket_V1_SignInCall, context) async throws(RPCError) in
            self.note(context.method)
            let session = try self.signIn(call, context)
            return Docket_V1_SignInReply.with { $0.session = session }
        }
        router.unary(SessionsMethods.describe) {
            (_: Docket_V1_DescribeCall, context) async throws(RPCError) in
            self.note(context.method)
            let identity = try context.identity
            return Docket_V1_DescribeReply.with {
                $0.principal.id = Data(identity.id)
                $0.principal.kind = .principalContact
            }
        }
    }

    private func signIn(
        _ call: Docket_V1_SignInCall,
        _ context: CallContext
    ) throws(RPCError) -> Docket_V1_Session {
        switch call.secret {
        case .guest(let guest)
        where state.withLock({ $0.guests[guest.contactID] }) == guest.secret:
            return try open(.contact, guest.contactID, context, name: "")
        case .login(let login) where login.password == Self.password:
            let caller = login.login == "root" ? Caller.administrator : .agent
            return try open(caller, Data(repeating: 9, count: 16), context, name: login.login)
        case .guest, .login, .apiKey, nil:
            throw RPCError(.credentialsInvalid, "no such credential")
        }
    }

    private func open(
        _ caller: Caller,
        _ id: Data,
        _ context: CallContext,
        name: String
    ) throws(RPCError) -> Docket_V1_Session {
        let token = state.withLock { state in
            state.lastToken += 1
            return [UInt8](repeating: state.lastToken, count: 32)
        }
        let identity = CallerIdentity(caller: caller, id: Array(id), details: self)
        try context.connection.adopt(identity)
        state.withLock { $0.tokens[token] = identity }
        return .with {
            $0.token = Data(token)
            $0.expiresInSeconds = 3_600
            $0.principal.id = id
            $0.principal.kind = caller == .contact ? .principalContact : .principalAgent
            $0.principal.name = name
        }
    }

    private func addConversations(to router: inout Router) {
        router.unary(ConversationsMethods.open) {
            (call: Docket_V1_OpenConversationCall, context) async throws(RPCError) in
            self.note(context.method)
            return Docket_V1_OpenConversationReply.with {
                $0.conversation.id = Data(Self.conversation?.bytes ?? [])
                $0.conversation.channel = call.channel
            }
        }
        router.unary(ConversationsMethods.post) {
            (call: Docket_V1_PostCall, context) async throws(RPCError) in
            self.note(context.method)
            return try self.post(call)
        }
    }

    private func post(_ call: Docket_V1_PostCall) throws(RPCError) -> Docket_V1_PostReply {
        let refusal = state.withLock { state -> RPCError? in
            state.postCalls += 1
            if !state.postRefusals.isEmpty { return state.postRefusals.removeFirst() }
            let earlier = state.posts.updateValue(call, forKey: call.header.commandID)
            if earlier == nil { state.postOrder.append(call.text) }
            return earlier.map { $0 == call } ?? true ? nil : RPCError(.keyReused, "other bytes")
        }
        if let refusal { throw refusal }
        return .with {
            $0.offset = 12
            $0.sequence = 1
            $0.requestID = Data(repeating: 3, count: 16)
            $0.requestNumber = 4
            $0.acceptedMilliseconds = 5
        }
    }

    private func addFeed(to router: inout Router) {
        router.serverStreaming(FeedMethods.subscribe) {
            (
                call: Docket_V1_SubscribeCall,
                replies: ReplyWriter<Docket_V1_FeedEntry>,
                context
            ) async throws(RPCError) in
            self.note(context.method)
            let script = self.state.withLock { state -> Script in
                state.subscriptions.append(call)
                return state.scripts.isEmpty ? Script() : state.scripts.removeFirst()
            }
            for entry in script.entries { try await replies.write(entry) }
            if let ending = script.ending { throw ending }
            // Silent until the caller gives up or the connection ends.
            let (silence, _) = AsyncStream.makeStream(of: Never.self)
            for await _ in silence {}
            throw RPCError(.cancelled, "the caller gave up")
        }
    }
}

extension Docket_V1_FeedEntry {
    /// A marker of the feed.
    static func marker(
        _ marker: Docket_V1_FeedMarker,
        at offset: UInt64,
        prev: UInt64? = nil
    ) -> Self {
        .with {
            $0.marker = marker
            $0.prev = prev ?? offset
            $0.offset = offset
            $0.epoch = FakeDesk.epoch
        }
    }

    /// A message in the feed.
    static func message(_ text: String, at offset: UInt64, prev: UInt64) -> Self {
        let event = Docket_V1_Event.with {
            $0.conversationID = Data(FakeDesk.conversation?.bytes ?? [])
            $0.messagePosted.messageID = Data(repeating: 8, count: 16)
            $0.messagePosted.text = text
        }
        return .with {
            $0.prev = prev
            $0.offset = offset
            $0.event = event.bytes
        }
    }

    /// A typing signal of somebody.
    static func typing(by id: [UInt8]) -> Self {
        let event = Docket_V1_Event.with {
            $0.conversationID = Data(FakeDesk.conversation?.bytes ?? [])
            $0.actor.id = Data(id)
            $0.actor.name = "Bo"
            $0.typingStarted = Docket_V1_TypingStarted()
        }
        return .with { $0.ephemeral = event.bytes }
    }
}

extension Docket_V1_Event {
    fileprivate var bytes: Data {
        // Encoding a message without required fields cannot fail.
        (try? serializedBytes()) ?? Data()
    }
}
