import DocketCalls
import DocketDomain
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf

/// Somebody with a connection, and short ways to call.
struct Person: Sendable {
    let fixture: ServiceFixture
    let connection: InProcessTransport
    /// The principal's id; empty for nobody.
    var id: Data
    /// The session's token; empty for nobody.
    var token = Data()
    /// Damages what the person sends; nil where it arrives as it was sent.
    var damage: DamagingChannel?

    /// What the person's calls go through.
    var channel: any CallChannel { damage ?? connection }

    var conversations: ConversationsCaller { ConversationsCaller(channel: channel) }
    var requests: RequestsCaller { RequestsCaller(channel: channel) }
    var feed: FeedCaller { FeedCaller(channel: channel) }
    var sessions: SessionsCaller { SessionsCaller(channel: channel) }
    var contacts: ContactsCaller { ContactsCaller(channel: channel) }
    var administration: AdministrationCaller { AdministrationCaller(channel: channel) }

    /// A header with a new id, or the one given.
    func header(_ id: Data? = nil, expecting version: UInt64? = nil) -> Docket_V1_CommandHeader {
        .with {
            $0.commandID = id ?? fixture.newID
            if let version { $0.expectedVersion = version }
        }
    }

    // MARK: Signing in

    func becomingGuest(
        name: String = "Guest",
        secret: Data? = nil
    ) async throws(RPCError) -> Person {
        var call = Docket_V1_CreateGuestCall()
        call.header = header()
        call.name = name
        call.secret = secret ?? fixture.bytes(32)
        return signedIn(try await sessions.createGuest(call).session)
    }

    func signingIn(login: String, password: String) async throws(RPCError) -> Person {
        var call = Docket_V1_SignInCall()
        call.login.login = login
        call.login.password = password
        return signedIn(try await sessions.signIn(call).session)
    }

    func signingIn(apiKey: String) async throws(RPCError) -> Person {
        var call = Docket_V1_SignInCall()
        call.apiKey = apiKey
        return signedIn(try await sessions.signIn(call).session)
    }

    func signingIn(guest: Data, secret: Data) async throws(RPCError) -> Person {
        var call = Docket_V1_SignInCall()
        call.guest.contactID = guest
        call.guest.secret = secret
        return signedIn(try await sessions.signIn(call).session)
    }

    private func signedIn(_ session: Docket_V1_Session) -> Person {
        var person = self
        person.id = session.principal.id
        person.token = session.token
        return person
    }

    // MARK: Talking

    /// Opens the person's conversation and gives its id.
    func open(
        on channel: String = "chat",
        for contact: Data = Data()
    ) async throws(RPCError) -> Data {
        var call = Docket_V1_OpenConversationCall()
        call.header = header()
        call.channel = channel
        call.contactID = contact
        return try await conversations.open(call).conversation.id
    }

    @discardableResult
    func post(
        _ text: String,
        in conversation: Data,
        id: Data? = nil,
        expecting version: UInt64? = nil
    ) async throws(RPCError) -> Docket_V1_PostReply {
        var call = Docket_V1_PostCall()
        call.header = header(id, expecting: version)
        call.conversationID = conversation
        call.text = text
        return try await conversations.post(call)
    }

    func history(
        of conversation: Data,
        _ place: Docket_V1_HistoryCall.OneOf_Place? = nil,
        limit: UInt32 = 200
    ) async throws(RPCError) -> Docket_V1_HistoryReply {
        var call = Docket_V1_HistoryCall()
        call.conversationID = conversation
        call.place = place
        call.limit = limit
        return try await conversations.history(call)
    }

    func search(
        _ query: String,
        limit: UInt32 = 0,
        page: Data = Data()
    ) async throws(RPCError) -> Docket_V1_SearchMessagesReply {
        var call = Docket_V1_SearchMessagesCall()
        call.query = query
        call.limit = limit
        call.page = page
        return try await SearchCaller(channel: channel).messages(call)
    }

    // MARK: Working

    @discardableResult
    func take(
        _ request: Data,
        expecting version: UInt64? = nil
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        var call = Docket_V1_TakeCall()
        call.header = header(expecting: version)
        call.requestID = request
        return try await requests.take(call)
    }

    @discardableResult
    func assign(
        _ request: Data,
        to agent: Data = Data()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        var call = Docket_V1_AssignCall()
        call.header = header()
        call.requestID = request
        call.agentID = agent
        return try await requests.assign(call)
    }

    @discardableResult
    func finish(
        _ request: Data,
        as status: String = ""
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        var call = Docket_V1_FinishCall()
        call.header = header()
        call.requestID = request
        call.status = status
        return try await requests.finish(call)
    }

    @discardableResult
    func note(
        _ text: String,
        on request: Data
    ) async throws(RPCError) -> Docket_V1_PostNoteReply {
        var call = Docket_V1_PostNoteCall()
        call.header = header()
        call.requestID = request
        call.text = text
        return try await requests.postNote(call)
    }

    func get(_ request: Data) async throws(RPCError) -> Docket_V1_Request {
        var call = Docket_V1_GetRequestCall()
        call.id = request
        return try await requests.get(call).request
    }

    // MARK: Learning

    func snapshot(
        page: Data = Data(),
        limit: UInt32 = 200
    ) async throws(RPCError) -> Docket_V1_SnapshotReply {
        var call = Docket_V1_SnapshotCall()
        call.page = page
        call.limit = limit
        return try await feed.snapshot(call)
    }

    /// Begins to read the feed.
    func subscribe(
        _ start: Docket_V1_SubscribeCall.OneOf_Start? = nil
    ) throws(RPCError) -> FeedReading {
        var call = Docket_V1_SubscribeCall()
        call.start = start
        return FeedReading(try feed.subscribe(call))
    }
}

/// Why a call was refused; nil when it was not.
func refusal<Answer>(_ call: () async throws(RPCError) -> Answer) async -> RPCError? {
    do throws(RPCError) {
        _ = try await call()
        return nil
    } catch {
        return error
    }
}

extension RPCError {
    /// The text of a trailer.
    func trailer(_ key: String) -> String? {
        trailers.first { $0.key == key }.map { String(decoding: $0.value, as: UTF8.self) }
    }
}
