public import DocketClient

/// What a session says.
public struct OutgoingMessage: Sendable {
    /// The message's id.
    public let id: MessageID
    /// What is said; it may be empty where there are files.
    public let text: String
    /// The request that it continues; nil lets the conversation's newest decide.
    public let request: RequestID?
    /// The files that belong to it.
    public let attachments: [AttachmentDraft]
}

/// How a message stands after a time.
public enum DeliveryStanding: Hashable, Sendable {
    /// It has its verdict.
    case settled(PostOutcome)
    /// It has none yet, and is kept and sent later; why, if that is known.
    case waits(because: DocketClientError?)
}

/// A message that an outlet has taken.
public protocol MessageDelivery: Sendable {
    /// Whether it is kept on this machine, and is sent whether or not anybody waits for it.
    var isKept: Bool { get }

    /// Waits for the verdict.
    ///
    /// - Parameter limit: How long to wait.
    /// - Returns: How the message stands then.
    /// - Throws: Why it will have no verdict.
    func standing(
        after limit: Duration
    ) async throws(DocketClientError) -> DeliveryStanding
}

/// Where what a session says goes.
public protocol MessageOutlet: Sendable {
    /// Whether it keeps messages on this machine until they have their verdict.
    var keepsMessages: Bool { get }

    /// Takes a message; those of one conversation leave in the order in which they were taken.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - conversation: Where it is said.
    /// - Returns: The message, whose verdict can be waited for.
    /// - Throws: Why it is not taken.
    func send(
        _ message: OutgoingMessage,
        in conversation: Conversation
    ) async throws(DocketClientError) -> any MessageDelivery

    /// The newest messages of a conversation that have no verdict yet, and those that were refused.
    ///
    /// - Parameter conversation: The conversation.
    /// - Returns: The messages, in the order in which they were taken.
    /// - Throws: Why they cannot be read.
    func waiting(
        in conversation: Conversation
    ) async throws(DocketClientError) -> [QueuedMessage]
}

/// Says things over a connection alone: what has no verdict in time is given up.
struct ConnectionOutlet: MessageOutlet {
    private struct Delivery: MessageDelivery {
        let message: OutgoingMessage
        let conversation: Conversation
        let isKept = false

        func standing(
            after limit: Duration
        ) async throws(DocketClientError) -> DeliveryStanding {
            let usual = message.attachments.isEmpty ? .zero : DocketClient.transferLimit
            return .settled(
                try await conversation.post(
                    message.text,
                    continuing: message.request,
                    attachments: message.attachments,
                    id: message.id,
                    within: max(limit, usual)
                )
            )
        }
    }

    private let client: DocketClient
    let keepsMessages = false

    /// An outlet over a connection.
    init(_ client: DocketClient) {
        self.client = client
    }

    func send(
        _ message: OutgoingMessage,
        in conversation: Conversation
    ) async throws(DocketClientError) -> any MessageDelivery {
        Delivery(message: message, conversation: conversation)
    }

    func waiting(
        in conversation: Conversation
    ) async throws(DocketClientError) -> [QueuedMessage] {
        try client.outbox.messages().filter { $0.conversationID == conversation.id }
    }
}
