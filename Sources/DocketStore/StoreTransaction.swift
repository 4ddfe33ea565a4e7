package import DocketDomain
package import Foundation

/// Changes the store.
///
/// Everything of one transaction becomes durable together, or nothing does.
package protocol StoreTransaction: StoreReading {
    /// Adds an entry to the log, with the digest of its event, and gives its offset, the one after
    /// the head.
    ///
    /// Without a conversation it concerns the desk as a whole.
    func append(
        _ event: Data,
        to conversation: ConversationID?,
        audience: Audience,
        digest: AuditDigest
    ) throws(StoreError) -> UInt64
    /// Keeps how far the chain goes.
    func keep(_ chain: AuditChain) throws(StoreError)
    /// Keeps a value of the chain for good.
    func keep(checkpoint chain: AuditChain) throws(StoreError)
    /// Gives an entry its digest that was written before there were any.
    func setDigest(_ digest: AuditDigest, at offset: UInt64) throws(StoreError)
    /// Adds a conversation, opened at an offset.
    func insert(_ conversation: Conversation, openedAt offset: UInt64) throws(StoreError)
    /// Adds a request with the next number, opened at an offset; a routed one becomes the newest of
    /// its conversation.
    func insert(_ request: SupportRequest, openedAt offset: UInt64) throws(StoreError)
    /// Keeps what a partner calls a request; the external key is new.
    func insert(_ ticket: TicketRecord) throws(StoreError)
    /// Keeps where the message at an offset stands from now on.
    func move(messageAt offset: UInt64, to place: MessagePlace) throws(StoreError)
    /// Makes a request the newest of a conversation, after the one that was has been merged.
    func setNewest(
        _ request: RequestID?,
        of conversation: ConversationID
    ) throws(StoreError)
    /// Keeps the changes of a request.
    func update(_ request: SupportRequest, from before: SupportRequest) throws(StoreError)
    /// Keeps how far a principal has read.
    func keep(
        _ mark: ReadMark,
        of principal: PrincipalID,
        in conversation: ConversationID
    ) throws(StoreError)

    /// Keeps what is needed to answer a command again. Creations are kept for ever, everything else
    /// until it is purged.
    func keep(
        _ record: CommandRecord,
        of command: CommandID,
        at moment: Timestamp
    ) throws(StoreError)
    /// Forgets the oldest verdicts from before a moment, and gives how many there were.
    func purgeVerdicts(before moment: Timestamp, limit: Int) throws(StoreError) -> Int

    /// Keeps a policy that comes into force.
    func insert(_ policy: PolicyRecord) throws(StoreError)
    /// Makes the text at an offset unknown to searches; it has to be the very text that was said.
    /// Nothing happens where the index has not come so far.
    func removeFromIndex(_ offset: UInt64, text: String) throws(StoreError)

    /// Sets a timer; it takes the place of the request's timer of that kind.
    func set(_ timer: TimerRecord) throws(StoreError)
    /// Sets every timer back by a span of whole milliseconds, as the clock was, and keeps what the
    /// clock shows since. A negative span takes that back from each, as far as it was set back.
    func setTimersBack(by span: Duration, at moment: Timestamp) throws(StoreError)
    /// Removes a request's timer of a kind, if there is one.
    func removeTimer(of request: RequestID, kind: TimerRecord.Kind) throws(StoreError)

    /// Keeps how far the revision of timers has come; `nil` when it is over.
    func keep(timersRevisedThrough number: UInt64?) throws(StoreError)

    /// Keeps the changes of what is known of a contact, and gives it its name wherever it is shown.
    func update(_ profile: ContactProfile, from before: ContactProfile) throws(StoreError)
    /// Adds a company.
    func insert(_ company: Company) throws(StoreError)
    /// Keeps the changes of a company.
    func update(_ company: Company) throws(StoreError)
    /// Removes a company for which no contact speaks.
    func removeCompany(_ id: CompanyID) throws(StoreError)
    /// Adds an attachment whose content is durable.
    func insert(_ attachment: AttachmentRecord) throws(StoreError)
    /// Makes attachments part of a message, which may be one of an internal request.
    func attach(
        _ attachments: [AttachmentID],
        to message: MessageID,
        isInternal: Bool
    ) throws(StoreError)
    /// Forgets the oldest attachments from before a moment that no message names, and gives how
    /// many there were.
    ///
    /// The commands that created them are forgotten too, so that their ids are as if they had never
    /// been used, and their contents are known as discarded `now`.
    func purgeUnusedAttachments(
        before moment: Timestamp,
        at now: Timestamp,
        limit: Int
    ) throws(StoreError) -> Int
    /// Forgets that contents were discarded, where that was before a moment and not again since.
    func forget(discarded contents: [[UInt8]], before moment: Timestamp) throws(StoreError)

    /// Adds a principal; of a contact, what is known so far as well.
    func insert(_ principal: PrincipalRecord, at moment: Timestamp) throws(StoreError)
    /// Keeps how an agent who exists signs in: the password's hash, and whether it is locked.
    func updateSignIn(of agent: PrincipalRecord, at moment: Timestamp) throws(StoreError)
    /// Adds a key.
    func insert(_ key: APIKeyRecord, at moment: Timestamp) throws(StoreError)
    /// Revokes every key of a principal.
    func revokeKeys(of principal: PrincipalID, at moment: Timestamp) throws(StoreError)
    /// Revokes one key.
    func revokeKey(_ keyID: String, at moment: Timestamp) throws(StoreError)
    /// Has every key that a principal has end at a moment by itself, where it does not end before.
    func expireKeys(of principal: PrincipalID, at end: Timestamp) throws(StoreError)
    /// Keeps when a key last opened a session.
    func noteUse(ofKey keyID: String, at moment: Timestamp) throws(StoreError)
    /// Adds a session.
    func insert(_ session: SessionRecord) throws(StoreError)
    /// Ends a session, and gives whether there was one.
    func endSession(_ token: Digest) throws(StoreError) -> Bool
    /// Ends every session of a principal but one, and gives their tokens' digests.
    func endSessions(
        of principal: PrincipalID,
        except kept: Digest?
    ) throws(StoreError) -> [Digest]
    /// Ends the sessions of a principal that a key opened, and those of which the store does not
    /// know what opened them; gives their tokens' digests.
    func endSessions(
        of principal: PrincipalID,
        openedBy keyID: String
    ) throws(StoreError) -> [Digest]
    /// Ends the sessions of a principal but for so many, those first that would end first; gives
    /// their tokens' digests.
    func endSessions(
        of principal: PrincipalID,
        beyond count: Int
    ) throws(StoreError) -> [Digest]
    /// Has the sessions of a principal end at a moment that would go on longer, and gives their
    /// tokens' digests.
    func shortenSessions(
        of principal: PrincipalID,
        to end: Timestamp
    ) throws(StoreError) -> [Digest]
    /// Forgets sessions that expired before a moment, and gives how many there were.
    func purgeSessions(before moment: Timestamp, limit: Int) throws(StoreError) -> Int
}
