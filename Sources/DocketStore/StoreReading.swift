package import DocketDomain

/// Reads one consistent moment of the store.
///
/// What is read in a transaction includes what that transaction has written.
package protocol StoreReading {
    /// Where the log stands.
    func position() throws(StoreError) -> LogPosition
    /// The entry at an offset.
    func entry(at offset: UInt64) throws(StoreError) -> LogEntry?
    /// The oldest entries above an offset.
    func entries(after offset: UInt64, limit: Int) throws(StoreError) -> [LogEntry]
    /// The entries of a channel for its integration, above one offset and up to another.
    func entries(
        on channel: ChannelKey,
        after offset: UInt64,
        through last: UInt64,
        limit: Int
    ) throws(StoreError) -> [LogEntry]
    /// The entries that contacts may see of the conversations of contacts whom an integration or a
    /// partner has brought, above one offset and up to another.
    func entries(
        broughtBy partner: PrincipalID,
        after offset: UInt64,
        through last: UInt64,
        limit: Int
    ) throws(StoreError) -> [LogEntry]
    /// A part of a conversation, by ascending offset: of all entries for the staff, of those the
    /// contact may see otherwise.
    func entries(
        in conversation: ConversationID,
        _ place: LogPlace,
        limit: Int,
        for audience: Audience
    ) throws(StoreError) -> [LogEntry]

    /// What is kept of a command.
    func record(of command: CommandID) throws(StoreError) -> CommandRecord?

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
    /// Whether requests use something of a policy.
    func isInUse(_ use: PolicyUse) throws(StoreError) -> Bool
    /// The statuses that requests are in, with their categories, by key.
    func statusesInUse() throws(StoreError) -> [(status: StatusKey, category: StatusCategory)]
    /// The channels that conversations are on, by key.
    func channelsInUse() throws(StoreError) -> [ChannelKey]
    /// The policy in force; `nil` in a new store.
    func currentPolicy() throws(StoreError) -> PolicyRecord?
    /// A policy by its version.
    func policy(version: UInt64) throws(StoreError) -> PolicyRecord?
    /// The policies below a version, the newest first.
    func policies(before version: UInt64, limit: Int) throws(StoreError) -> [PolicyRecord]
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

    /// A principal.
    func principal(_ id: PrincipalID) throws(StoreError) -> PrincipalRecord?
    /// The agent who signs in with a login.
    func agent(login: String) throws(StoreError) -> PrincipalRecord?
    /// The agents with a login behind one, by the bytes of their logins.
    func agents(after login: String, limit: Int) throws(StoreError) -> [PrincipalRecord]
    /// How many administrators may sign in, counted up to a limit.
    func activeAdministrators(limit: Int) throws(StoreError) -> Int
    /// The contact whom an integration's channel knows by a name.
    func contact(
        of integration: PrincipalID,
        externalID: String
    ) throws(StoreError) -> PrincipalRecord?
    /// The chain over the digests of the log's entries, as far as it goes.
    func auditChain() throws(StoreError) -> AuditChain
    /// The values of the chain that are kept for good above one offset and up to another, by
    /// offset.
    func auditCheckpoints(
        after offset: UInt64,
        through last: UInt64
    ) throws(StoreError) -> [AuditChain]
    /// The oldest entries above an offset, with their digests.
    func auditEntries(after offset: UInt64, limit: Int) throws(StoreError) -> [AuditEntry]
    /// Whether the company takes nothing from a contact; not where it is unknown.
    ///
    /// Every message that a contact writes asks it, so a writer may remember the answer.
    func isBlocked(_ contact: ContactID) throws(StoreError) -> Bool
    /// What is known of a contact.
    func profile(of contact: ContactID) throws(StoreError) -> ContactProfile?
    /// Contacts that are found by something, in an order that stays, each with its place.
    func contacts(
        _ criterion: ContactCriterion,
        after place: ContactPlace,
        limit: Int
    ) throws(StoreError) -> [(place: ContactPlace, profile: ContactProfile)]
    /// A company.
    func company(_ id: CompanyID) throws(StoreError) -> Company?
    /// The company with a name, in whatever case.
    func company(named name: String) throws(StoreError) -> Company?
    /// Companies by how their names begin, in any case: those whose `nameKey` stands behind a key,
    /// by `nameKey`.
    func companies(
        namePrefix: String,
        after name: String,
        limit: Int
    ) throws(StoreError) -> [Company]
    /// A key, also one that has been revoked.
    func apiKey(_ keyID: String) throws(StoreError) -> APIKeyRecord?
    /// The keys behind one, by key id; also those that have ended.
    func apiKeys(after keyID: String, limit: Int) throws(StoreError) -> [APIKeyEntry]
    /// A session that has not been ended; it may have expired.
    func session(_ token: Digest) throws(StoreError) -> SessionRecord?
    /// Whether a session has not been ended, whatever else can be read of it.
    func hasSession(_ token: Digest) throws(StoreError) -> Bool
    /// The sessions of a principal beyond so many that end last, the one that ends last first.
    func sessions(
        of principal: PrincipalID,
        beyond count: Int
    ) throws(StoreError) -> [SessionEntry]

    /// Messages and notes with all terms of a query and an offset below one, the newest first.
    func search(
        _ query: SearchQuery,
        before offset: UInt64,
        limit: Int
    ) throws(StoreError) -> [LogEntry]
    /// The offset up to which a follower of the log has come.
    func followed(_ follower: Follower) throws(StoreError) -> UInt64
    /// An attachment whose upload is complete.
    func attachment(_ id: AttachmentID) throws(StoreError) -> AttachmentRecord?
    /// How many attachments of a principal no message names, counted up to a limit.
    func unusedAttachments(of uploader: PrincipalID, limit: Int) throws(StoreError) -> Int
    /// Whether an attachment has a content, which its SHA-256 names.
    func isNamed(content sha256: [UInt8]) throws(StoreError) -> Bool
    /// Whether a content is known as one that an attachment had.
    func isDiscarded(content sha256: [UInt8]) throws(StoreError) -> Bool
    /// The SHA-256 of contents that were discarded before a moment, the earliest first; an
    /// attachment may have such a content again.
    func discardedContents(before moment: Timestamp, limit: Int) throws(StoreError) -> [[UInt8]]

    /// The timer that is due first; of several, that of the lowest request number, and of a
    /// request's own, that of the first kind.
    func nextTimer() throws(StoreError) -> TimerRecord?
    /// A request's timer of a kind, if it has one.
    func timer(
        of request: RequestID,
        kind: TimerRecord.Kind
    ) throws(StoreError) -> TimerRecord?
    /// Whether the clock was set back while a timer waited that waits still.
    func hasTimersSetBack() throws(StoreError) -> Bool
    /// What the clock showed when timers were set back last, and the offset of the log's last
    /// entry then; `nil` where they never were.
    func lastSetBack() throws(StoreError) -> (moment: Timestamp, head: UInt64)?
    /// The number of the last request whose timers follow the rules in force, while they are being
    /// revised after other rules came into force; `nil` when all of them do.
    func timersRevisedThrough() throws(StoreError) -> UInt64?
    /// The number that the next request gets.
    func nextRequestNumber() throws(StoreError) -> UInt64
}

extension StoreReading {
    /// Looks it up in what is known of the contact.
    package func isBlocked(_ contact: ContactID) throws(StoreError) -> Bool {
        try profile(of: contact)?.isBlocked ?? false
    }
}
