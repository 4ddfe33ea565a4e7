internal import DocketClient
internal import DocketConsole

/// What a program orders that speaks for a guest.
struct GuestOrder: Hashable, Sendable {
    /// What to do.
    enum Action: Hashable, Sendable {
        /// Says something in a conversation, or in the person's own.
        case send(String, MessageID?, ConversationID?, RequestID?)
        /// Opens the person's own conversation.
        case open(channel: String?)
        /// Sends a stopped message again.
        case retry(MessageID)
        /// Gives a message up.
        case discard(MessageID)
    }

    /// The longest key of a channel, in bytes: longer than any policy has.
    private static let longestKey = 256

    /// What replies name.
    let id: String
    /// What to do.
    let action: Action

    /// Reads a line.
    ///
    /// - Throws: `OrderFault` where it is not an order.
    init(_ line: String) throws(OrderFault) {
        let fields = try OrderFields(line)
        id = fields.id
        switch fields.command {
        case "send":
            try fields.check(against: ["text", "message", "conversation", "request"])
            action = .send(
                try fields.needed("text", 0...StandardInput.longestLine),
                try fields.identifier("message"),
                try fields.identifier("conversation"),
                try fields.identifier("request")
            )
        case "open":
            try fields.check(against: ["channel"])
            action = .open(channel: try fields.text("channel", 1...Self.longestKey))
        case "retry":
            try fields.check(against: ["message"])
            action = .retry(try fields.neededIdentifier("message"))
        case "discard":
            try fields.check(against: ["message"])
            action = .discard(try fields.neededIdentifier("message"))
        default: throw fields.unknownCommand(among: ["send", "open", "retry", "discard"])
        }
    }
}
