package import DocketDomain
package import DocketStore

/// Short ways to have a store keep something.
extension StoreTransaction {
    /// Keeps `record`.
    package func keep(
        _ record: CommandRecord,
        of command: CommandID,
        at moment: Timestamp
    ) throws(StoreError) {
        try write(.record(record, of: command), at: moment)
    }

    /// Keeps `openConversation`.
    package func insert(_ conversation: Conversation, openedAt offset: UInt64) throws(StoreError) {
        try write(.openConversation(conversation, at: offset), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `openRequest`.
    package func insert(_ request: SupportRequest, openedAt offset: UInt64) throws(StoreError) {
        try write(.openRequest(request, at: offset), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `changeRequest`.
    package func update(_ request: SupportRequest, from before: SupportRequest) throws(StoreError) {
        try write(.changeRequest(request, from: before), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `newest`.
    package func setNewest(
        _ request: RequestID?,
        of conversation: ConversationID
    ) throws(StoreError) {
        try write(.newest(request, of: conversation), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `move`.
    package func move(messageAt offset: UInt64, to place: MessagePlace) throws(StoreError) {
        try write(.move(messageAt: offset, to: place), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `mark`.
    package func keep(
        _ mark: ReadMark,
        of principal: PrincipalID,
        in conversation: ConversationID
    ) throws(StoreError) {
        try write(.mark(mark, of: principal, in: conversation), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `timer`.
    package func set(_ timer: TimerRecord) throws(StoreError) {
        try write(.timer(timer), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `noTimer`.
    package func removeTimer(of request: RequestID, kind: TimerRecord.Kind) throws(StoreError) {
        try write(.noTimer(of: request, kind), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `revision`.
    package func keep(timersRevisedThrough number: UInt64?) throws(StoreError) {
        try write(.revision(through: number), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `attachment`.
    package func insert(_ attachment: AttachmentRecord) throws(StoreError) {
        try write(.attachment(attachment), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `attach`.
    package func attach(
        _ files: [AttachmentID],
        to message: MessageID,
        isInternal: Bool
    ) throws(StoreError) {
        try write(
            .attach(files, to: message, isInternal: isInternal),
            at: Timestamp(milliseconds: 0)
        )
    }

    /// Keeps `forgetContents`.
    package func forget(discarded contents: [[UInt8]], before moment: Timestamp) throws(StoreError)
    {
        try write(
            .forgetContents(contents, discardedBefore: moment),
            at: Timestamp(milliseconds: 0)
        )
    }

    /// Keeps `policy`.
    package func insert(_ policy: PolicyRecord) throws(StoreError) {
        try write(.policy(policy), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `principal`.
    package func insert(_ principal: PrincipalRecord, at moment: Timestamp) throws(StoreError) {
        try write(.principal(principal), at: moment)
    }

    /// Keeps `key`.
    package func insert(_ key: APIKeyRecord, at moment: Timestamp) throws(StoreError) {
        try write(.key(key), at: moment)
    }

    /// Keeps `revokeKeys`.
    package func revokeKeys(of principal: PrincipalID, at moment: Timestamp) throws(StoreError) {
        try write(.revokeKeys(of: principal), at: moment)
    }

    /// Keeps `session`.
    package func insert(_ session: SessionRecord) throws(StoreError) {
        try write(.session(session), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `endSession`.
    package func end(_ session: Digest, at moment: Timestamp?) throws(StoreError) {
        try write(.endSession(session, at: moment), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `profile`.
    package func update(_ profile: ContactProfile, from before: ContactProfile) throws(StoreError) {
        try write(.profile(profile, from: before), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `addCompany`.
    package func insert(_ company: Company) throws(StoreError) {
        try write(.addCompany(company), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `company`.
    package func update(_ company: Company) throws(StoreError) {
        try write(.company(company), at: Timestamp(milliseconds: 0))
    }

    /// Keeps `removeCompany`.
    package func removeCompany(_ id: CompanyID) throws(StoreError) {
        try write(.removeCompany(id), at: Timestamp(milliseconds: 0))
    }
}
