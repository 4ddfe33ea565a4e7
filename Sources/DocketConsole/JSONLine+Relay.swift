public import DocketClient

// What a relay tells the program that connects its channel.

extension JSONLine {
    /// The reply to an order that brought a message: it is kept on this machine, or is one of the
    /// desk's that has come back.
    public init(replyTo order: String, accepted ingestion: Ingestion) {
        self.init(Kind.reply)
        id = order
        verdict = VerdictFields(ingestion)
    }

    /// The reply to an order that kept what the other system is to call a delivery.
    public init(replyTo order: String, externalID: String) {
        self.init(Kind.reply)
        id = order
        self.externalID = externalID
    }

    /// The reply to an order that saved a file.
    public init(replyTo order: String, path: String) {
        self.init(Kind.reply)
        id = order
        self.path = path
    }

    /// The reply to an order that asked for lines of which there were so many.
    public init(replyTo order: String, count: Int) {
        self.init(Kind.reply)
        id = order
        self.count = count
    }

    /// A message of the desk that is to be delivered.
    ///
    /// - Parameters:
    ///   - delivery: The message.
    ///   - answered: The message of the contact that it answers, where that is known.
    public init(_ delivery: Delivery, answering answered: MessageID?) {
        self.init(Kind.delivery)
        self.delivery = DeliveryFields(delivery, answering: answered)
    }

    /// A message that stands still.
    ///
    /// - Parameters:
    ///   - parked: The message.
    ///   - order: The order that asked for it; nil where nobody did.
    public init(_ parked: ParkedMessage, replyTo order: String? = nil) {
        self.init(Kind.parked)
        id = order
        self.parked = ParkedFields(parked)
    }

    /// How a relay stands.
    public init(_ condition: RelayCondition, replyTo order: String) {
        self.init(Kind.condition)
        id = order
        self.condition = ConditionFields(condition)
    }

    /// What is left when a relay ends.
    ///
    /// - Parameters:
    ///   - incoming: How many messages of contacts are not posted.
    ///   - outgoing: How many messages of the desk are not delivered.
    ///   - parked: How many of both stand still.
    public init(leftIncoming incoming: Int, outgoing: Int, parked: Int) {
        self.init(Kind.left)
        left = LeftFields(incoming: incoming, outgoing: outgoing, parked: parked)
    }
}
