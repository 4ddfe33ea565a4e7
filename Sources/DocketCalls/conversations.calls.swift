// Made from docket/v1/conversations.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Conversations`.
package enum ConversationsMethods {
    /// Gives the contact's conversation on a channel, and creates it if there is none.
    package static let open = Method(
        "docket.v1.Conversations/Open", .unary,
        callers: Callers(.contact, .integration),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Adds a public message. The newest request of the conversation decides whether it continues
    /// that request, reopens it, or opens a new one.
    package static let post = Method(
        "docket.v1.Conversations/Post", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Reads a part of a conversation, in the order of offsets.
    package static let history = Method(
        "docket.v1.Conversations/History", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration),
        defaultTimeout: .milliseconds(30000))
    /// Says how far the caller has read. Never moves back.
    package static let markRead = Method(
        "docket.v1.Conversations/MarkRead", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Says what has reached the caller. Never moves back; what is read has arrived.
    package static let markReceived = Method(
        "docket.v1.Conversations/MarkReceived", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Says that the caller is typing: shown for 6 seconds, kept nowhere, at most once in 3 seconds.
    package static let typing = Method(
        "docket.v1.Conversations/Typing", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [open, post, history, markRead, markReceived, typing]
}

/// What customers and agents say to each other. A contact reaches its own conversations only, an
/// integration those of its channel, an agent all. What is forbidden is answered like what is
/// absent.
package protocol ConversationsQueries: Sendable {
    /// Reads a part of a conversation, in the order of offsets.
    func history(
        _ call: Docket_V1_HistoryCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_HistoryReply
    /// Says that the caller is typing: shown for 6 seconds, kept nowhere, at most once in 3 seconds.
    func typing(
        _ call: Docket_V1_TypingCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_TypingReply
}

/// What customers and agents say to each other. A contact reaches its own conversations only, an
/// integration those of its channel, an agent all. What is forbidden is answered like what is
/// absent.
package protocol ConversationsService: ConversationsQueries {
    /// Gives the contact's conversation on a channel, and creates it if there is none.
    func open(
        _ call: Docket_V1_OpenConversationCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_OpenConversationReply
    /// Adds a public message. The newest request of the conversation decides whether it continues
    /// that request, reopens it, or opens a new one.
    func post(
        _ call: Docket_V1_PostCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_PostReply
    /// Says how far the caller has read. Never moves back.
    func markRead(
        _ call: Docket_V1_MarkReadCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_MarkReadReply
    /// Says what has reached the caller. Never moves back; what is read has arrived.
    func markReceived(
        _ call: Docket_V1_MarkReceivedCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_MarkReceivedReply
}

extension ConversationsQueries {
    /// Adds the service's queries to a router.
    package func registerQueries(in router: inout Router) {
        router.unary(ConversationsMethods.history) {
            (call, context) async throws(RPCError) in
            try await self.history(call, context: context)
        }
        router.unary(ConversationsMethods.typing) {
            (call, context) async throws(RPCError) in
            try await self.typing(call, context: context)
        }
    }
}

extension ConversationsService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        registerQueries(in: &router)
        router.unary(ConversationsMethods.open) {
            (call, context) async throws(RPCError) in
            try await self.open(call, context: context)
        }
        router.unary(ConversationsMethods.post) {
            (call, context) async throws(RPCError) in
            try await self.post(call, context: context)
        }
        router.unary(ConversationsMethods.markRead) {
            (call, context) async throws(RPCError) in
            try await self.markRead(call, context: context)
        }
        router.unary(ConversationsMethods.markReceived) {
            (call, context) async throws(RPCError) in
            try await self.markReceived(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Conversations`.
package struct ConversationsCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Gives the contact's conversation on a channel, and creates it if there is none.
    package func open(
        _ call: Docket_V1_OpenConversationCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_OpenConversationReply {
        try await channel.unary(ConversationsMethods.open, call, options: options)
    }

    /// Adds a public message. The newest request of the conversation decides whether it continues
    /// that request, reopens it, or opens a new one.
    package func post(
        _ call: Docket_V1_PostCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_PostReply {
        try await channel.unary(ConversationsMethods.post, call, options: options)
    }

    /// Reads a part of a conversation, in the order of offsets.
    package func history(
        _ call: Docket_V1_HistoryCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_HistoryReply {
        try await channel.unary(ConversationsMethods.history, call, options: options)
    }

    /// Says how far the caller has read. Never moves back.
    package func markRead(
        _ call: Docket_V1_MarkReadCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_MarkReadReply {
        try await channel.unary(ConversationsMethods.markRead, call, options: options)
    }

    /// Says what has reached the caller. Never moves back; what is read has arrived.
    package func markReceived(
        _ call: Docket_V1_MarkReceivedCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_MarkReceivedReply {
        try await channel.unary(ConversationsMethods.markReceived, call, options: options)
    }

    /// Says that the caller is typing: shown for 6 seconds, kept nowhere, at most once in 3 seconds.
    package func typing(
        _ call: Docket_V1_TypingCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_TypingReply {
        try await channel.unary(ConversationsMethods.typing, call, options: options)
    }
}

extension Docket_V1_MarkReadCall: CommandCall {}
extension Docket_V1_MarkReceivedCall: CommandCall {}
extension Docket_V1_OpenConversationCall: CommandCall {}
extension Docket_V1_PostCall: CommandCall {}
