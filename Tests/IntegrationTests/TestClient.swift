import DocketCalls
import DocketCrypto
import DocketMessages
import DocketRPC
import DocketTLS
import DocketTransport
import Foundation
import NIOPosix

/// A connection to a server, and short ways to call.
struct TestClient: Sendable {
    let connection: ClientConnection

    var conversations: ConversationsCaller { ConversationsCaller(channel: connection) }
    var sessions: SessionsCaller { SessionsCaller(channel: connection) }
    var feed: FeedCaller { FeedCaller(channel: connection) }

    /// Connects to a server, trusting the authority of its credentials or another.
    init(
        to server: TestServer,
        trusting authority: String? = nil,
        token: Data = Data()
    ) async throws {
        let trusted = authority ?? server.credentials?.authority ?? ""
        let now = UnixTime(secondsSinceEpoch: Int64(Date().timeIntervalSince1970))
        let context = try TLSClientContext(
            TLSClientConfiguration(trust: .certificates(trusted)),
            at: now
        )
        guard let address = TransportAddress(hostAndPort: server.address) else {
            throw Program.Fault(description: "'\(server.address)' is no address")
        }
        var configuration = ClientConnection.Configuration(
            security: .tls(context, try TLSServerName("127.0.0.1"))
        )
        configuration.token = Array(token)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        connection = try await ClientConnection.connect(
            to: address,
            configuration,
            resources: LoopResources(eventLoop: eventLoop)
        )
    }

    /// A new id, of UUID version 7.
    static func newID() -> Data {
        let milliseconds = UInt64(Date().timeIntervalSince1970 * 1_000)
        var bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * UInt64($0))) }
        bytes += (0..<10).map { _ in UInt8.random(in: .min ... .max) }
        bytes[6] = bytes[6] & 0x0F | 0x70
        bytes[8] = bytes[8] & 0x3F | 0x80
        return Data(bytes)
    }

    /// Signs in as a new guest; gives its secret way back in.
    func becomeGuest() async throws(RPCError) -> Docket_V1_GuestSecret {
        var call = Docket_V1_CreateGuestCall()
        call.header.commandID = Self.newID()
        call.name = "Guest"
        call.secret = Data((0..<32).map { _ in UInt8.random(in: .min ... .max) })
        _ = try await sessions.createGuest(call)
        var secret = Docket_V1_GuestSecret()
        secret.contactID = call.header.commandID
        secret.secret = call.secret
        return secret
    }

    @discardableResult
    func signIn(
        _ guest: Docket_V1_GuestSecret
    ) async throws(RPCError) -> Docket_V1_Session {
        var call = Docket_V1_SignInCall()
        call.guest = guest
        return try await sessions.signIn(call).session
    }

    @discardableResult
    func signIn(
        _ login: CredentialsFile.Login
    ) async throws(RPCError) -> Docket_V1_Session {
        var call = Docket_V1_SignInCall()
        call.login.login = login.login
        call.login.password = login.password
        return try await sessions.signIn(call).session
    }

    @discardableResult
    func signIn(apiKey: String) async throws(RPCError) -> Docket_V1_Session {
        var call = Docket_V1_SignInCall()
        call.apiKey = apiKey
        return try await sessions.signIn(call).session
    }

    func signOut() async throws(RPCError) {
        var call = Docket_V1_SignOutCall()
        call.header.commandID = Self.newID()
        _ = try await sessions.signOut(call)
    }

    /// Who the connection acts as.
    @discardableResult
    func describe() async throws(RPCError) -> Docket_V1_DescribeReply {
        try await sessions.describe(Docket_V1_DescribeCall())
    }

    /// Opens the guest's conversation.
    func open() async throws(RPCError) -> Data {
        var call = Docket_V1_OpenConversationCall()
        call.header.commandID = Self.newID()
        call.channel = "chat"
        return try await conversations.open(call).conversation.id
    }

    @discardableResult
    func post(
        _ text: String,
        in conversation: Data,
        id: Data = newID()
    ) async throws(RPCError) -> Docket_V1_PostReply {
        var call = Docket_V1_PostCall()
        call.header.commandID = id
        call.conversationID = conversation
        call.text = text
        return try await conversations.post(call)
    }

    /// Everything that was said in a conversation.
    func messages(in conversation: Data) async throws(RPCError) -> [Said] {
        var said: [Said] = []
        var call = Docket_V1_HistoryCall()
        call.conversationID = conversation
        call.limit = 200
        call.after = 0
        while true {
            let page = try await conversations.history(call)
            said += page.entries.compactMap(Said.init)
            guard page.more else { return said }
            call.after = page.toOffset
        }
    }

    func health() async throws(RPCError) -> Docket_V1_HealthCheckReply {
        try await HealthCaller(channel: connection).check(Docket_V1_HealthCheckCall())
    }

    func close() { connection.close() }
}

/// A message, as the log has it.
struct Said: Equatable, Sendable {
    var id: Data
    var request: Data
    var offset: UInt64
    var sequence: UInt64
    var text: String

    init(id: Data, text: String, _ reply: Docket_V1_PostReply) {
        self.id = id
        self.text = text
        request = reply.requestID
        offset = reply.offset
        sequence = reply.sequence
    }

    init?(_ entry: Docket_V1_HistoryEntry) {
        guard case .messagePosted(let message)? = entry.event.fact else { return nil }
        id = message.messageID
        text = message.text
        request = entry.event.requestID
        offset = entry.offset
        sequence = message.sequence
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
