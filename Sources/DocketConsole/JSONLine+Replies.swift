public import DocketClient

extension JSONLine {
    /// The reply to an order whose message is kept on this machine.
    public init(replyTo order: String, keptAs id: MessageID) {
        self.init(replyTo: order, standingOf: id, .queued(because: nil))
    }

    /// The reply to an order that tells how its message stands.
    public init(replyTo order: String, standingOf id: MessageID, _ outcome: SendOutcome) {
        self.init(Kind.reply)
        self.id = order
        verdict = VerdictFields(id, outcome)
    }

    /// The reply to an order that is done, with the conversation that it was about.
    public init(replyTo order: String, conversation: ConversationID?) {
        self.init(Kind.reply)
        id = order
        self.conversation = conversation.map { "\($0)" }
    }

    /// The reply to an order that was not carried out.
    ///
    /// - Parameters:
    ///   - order: Its id; nil for one whose id cannot be read.
    ///   - line: The number of the line, from 1; nil where the line was an order.
    ///   - reason: Why, for programs.
    ///   - message: Why, for people.
    public init(
        replyTo order: String?,
        line: Int? = nil,
        reason: String,
        _ message: String
    ) {
        self.init(Kind.reply)
        id = order
        self.line = line
        self.reason = reason
        self.message = message
    }
}
