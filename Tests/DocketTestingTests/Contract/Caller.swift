import DocketCalls
import DocketClient
import DocketMessages
import DocketRPC
import DocketTestSupport
import Foundation
import SwiftProtobuf
import Synchronization

/// A server with the people who call it.
final class Scene: Sendable {
    let server: any ContractServer
    private let random = Mutex(SeededRandom(seed: 5))

    init(_ subject: Subject) throws {
        server = try subject.start()
    }

    /// A new id.
    var newID: Data {
        let moment = Timestamp(millisecondsSinceEpoch: 1_800_000_000_000)
        return random.withLock { Data(MessageID(at: moment, random: &$0).bytes) }
    }

    /// Somebody who has not signed in.
    func nobody() throws -> Someone {
        Someone(scene: self, channel: try server.connect())
    }

    /// A new guest.
    func guest(_ name: String = "Ana") async throws -> Someone {
        let call = newGuest(name)
        var guest = try nobody()
        guest.id = try await guest.sessions.createGuest(call).session.principal.id
        guest.creation = call
        return guest
    }

    /// What makes a new guest.
    func newGuest(_ name: String = "Ana") -> Docket_V1_CreateGuestCall {
        .with {
            $0.header.commandID = newID
            $0.name = name
            $0.secret = newID + newID
        }
    }

    /// A new agent.
    func agent(_ name: String = "Bo") async throws -> Someone {
        try await signedIn(try await server.addAgent(name))
    }

    /// A new integration of a channel.
    func integration(_ name: String = "Bridge", of channel: String) async throws -> Someone {
        try await signedIn(try await server.addIntegration(name, of: channel))
    }

    /// Whoever signs in so.
    func signedIn(_ call: Docket_V1_SignInCall) async throws -> Someone {
        var someone = try nobody()
        someone.id = try await someone.sessions.signIn(call).session.principal.id
        return someone
    }
}

/// Somebody with a connection, and short ways to call.
struct Someone: Sendable {
    let scene: Scene
    let channel: any CallChannel
    /// Who it is; empty for nobody.
    var id = Data()
    /// What made the guest.
    var creation = Docket_V1_CreateGuestCall()

    var sessions: SessionsCaller { SessionsCaller(channel: channel) }
    var channels: ChannelsCaller { ChannelsCaller(channel: channel) }
    var conversations: ConversationsCaller { ConversationsCaller(channel: channel) }
    var requests: RequestsCaller { RequestsCaller(channel: channel) }
    var feed: FeedCaller { FeedCaller(channel: channel) }
    var contacts: ContactsCaller { ContactsCaller(channel: channel) }

    // MARK: Calls to be sent

    func opening(
        _ name: String = "chat",
        for contact: Data = Data()
    )
        -> Docket_V1_OpenConversationCall
    {
        .with {
            $0.header.commandID = scene.newID
            $0.channel = name
            $0.contactID = contact
        }
    }

    func message(_ text: String, in conversation: Data) -> Docket_V1_PostCall {
        .with {
            $0.header.commandID = scene.newID
            $0.conversationID = conversation
            $0.text = text
        }
    }

    func readMark(upTo offset: UInt64, in conversation: Data) -> Docket_V1_MarkReadCall {
        .with {
            $0.header.commandID = scene.newID
            $0.conversationID = conversation
            $0.upToOffset = offset
        }
    }

    func receivedMark(upTo offset: UInt64, in conversation: Data) -> Docket_V1_MarkReceivedCall {
        .with {
            $0.header.commandID = scene.newID
            $0.conversationID = conversation
            $0.upToOffset = offset
        }
    }

    func note(_ text: String, on request: Data) -> Docket_V1_PostNoteCall {
        .with {
            $0.header.commandID = scene.newID
            $0.requestID = request
            $0.text = text
        }
    }

    // MARK: Calls that are sent

    /// Opens the person's conversation and gives its id.
    func open(_ name: String = "chat") async throws(RPCError) -> Data {
        try await conversations.open(opening(name)).conversation.id
    }

    @discardableResult
    func post(
        _ text: String,
        in conversation: Data
    ) async throws(RPCError) -> Docket_V1_PostReply {
        try await conversations.post(message(text, in: conversation))
    }

    @discardableResult
    func read(upTo offset: UInt64, in conversation: Data) async throws(RPCError) -> UInt64 {
        try await conversations.markRead(readMark(upTo: offset, in: conversation)).offset
    }

    @discardableResult
    func receive(upTo offset: UInt64, in conversation: Data) async throws(RPCError) -> UInt64 {
        try await conversations.markReceived(receivedMark(upTo: offset, in: conversation)).offset
    }

    func history(
        of conversation: Data,
        _ place: Docket_V1_HistoryCall.OneOf_Place? = nil,
        limit: UInt32 = 200
    ) async throws(RPCError) -> Docket_V1_HistoryReply {
        try await conversations.history(
            .with {
                $0.conversationID = conversation
                $0.place = place
                $0.limit = limit
            }
        )
    }

    /// The texts of a conversation's messages, in order.
    func texts(in conversation: Data) async throws(RPCError) -> [String] {
        try await history(of: conversation).entries.map(\.event.messagePosted.text).filter {
            !$0.isEmpty
        }
    }

    func snapshot(
        page: Data = Data(),
        limit: UInt32 = 200
    ) async throws(RPCError) -> Docket_V1_SnapshotReply {
        try await feed.snapshot(
            .with {
                $0.page = page
                $0.limit = limit
            }
        )
    }

    func subscribe(
        _ start: Docket_V1_SubscribeCall.OneOf_Start? = nil
    ) throws(RPCError) -> ReadFeed {
        ReadFeed(try feed.subscribe(.with { $0.start = start }))
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
