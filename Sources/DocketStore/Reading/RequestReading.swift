package import DocketDomain

/// Reads conversations and requests, with what was moved, marked and pushed.
package protocol RequestReading {
    /// A conversation with its newest request; empty when there is none.
    func situation(of conversation: ConversationID) throws(StoreError) -> Situation
    /// A contact's conversation on a channel with its newest request: the one that the contact
    /// knows of, or else one that is the staff's alone; empty when there is neither.
    func situation(
        of contact: ContactID,
        on channel: ChannelKey
    ) throws(StoreError) -> Situation
    /// A request with its conversation; empty when there is none.
    func situation(ofRequest request: RequestID) throws(StoreError) -> Situation
    /// The offset at which a conversation was opened.
    func openingOffset(of conversation: ConversationID) throws(StoreError) -> UInt64?
    /// The offset at which a request was opened; 0, from where everything is read, where none is
    /// known.
    func openingOffset(ofRequest request: RequestID) throws(StoreError) -> UInt64
    /// Where the message at an offset stands that was moved; `nil` where it never was, so that it
    /// stands where it was said.
    func place(ofMovedMessage offset: UInt64) throws(StoreError) -> MessagePlace?
    /// The messages that were moved to a request and stand there still, by their places.
    func messages(
        movedTo request: RequestID,
        limit: Int
    ) throws(StoreError) -> [(sequence: UInt64, entry: LogEntry)]
    /// A contact's conversations.
    func conversations(of contact: ContactID) throws(StoreError) -> [ConversationID]
    /// Conversations with their newest requests, in an order that stays, each with the place after
    /// which the next page begins. Those that are the staff's alone are in no scope but `all`.
    func conversations(
        _ scope: ConversationScope,
        after place: UInt64,
        limit: Int
    ) throws(StoreError) -> [(place: UInt64, situation: Situation)]
    /// The request with a number.
    func request(number: UInt64) throws(StoreError) -> SupportRequest?
    /// Requests by number, and where the list of them goes on.
    func requests(_ filter: RequestFilter) throws(StoreError) -> ListedRequests
    /// The newest routed request of a conversation that was not merged, beside one.
    func newestRequest(
        in conversation: ConversationID,
        beside request: RequestID
    ) throws(StoreError) -> RequestID?
    /// The requests before and after one among the routed ones of its conversation, past those
    /// that were merged.
    func neighbours(
        of request: SupportRequest
    ) throws(StoreError) -> (previous: SupportRequest?, next: SupportRequest?)
    /// What a partner calls by an external key; keys are compared by their bytes.
    func ticket(
        of partner: PrincipalID,
        externalKey: String
    ) throws(StoreError) -> TicketRecord?
    /// What a partner has pushed under external keys that begin so and stand behind one, by the
    /// bytes of the keys.
    func tickets(
        of partner: PrincipalID,
        prefix: String,
        after externalKey: String,
        limit: Int
    ) throws(StoreError) -> [TicketRecord]
    /// How far a principal has read in a conversation.
    func readMark(
        of principal: PrincipalID,
        in conversation: ConversationID
    ) throws(StoreError) -> ReadMark?
    /// The number that the next request gets.
    func nextRequestNumber() throws(StoreError) -> UInt64
}
