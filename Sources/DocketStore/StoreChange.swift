package import DocketDomain

/// One thing that a store is to keep, beside the entries of the log.
///
/// They are written in their order; each relies on those before it. Those with much in them are
/// boxed, so that a list of them is moved cheaply.
package enum StoreChange: Sendable {
    /// Keeps what is needed to answer a command again. Creations are kept for ever, everything else
    /// until it is purged.
    indirect case record(CommandRecord, of: CommandID)

    /// Adds a conversation, opened at an offset.
    indirect case openConversation(Conversation, at: UInt64)
    /// Adds a request with the next number, opened at an offset; a routed one becomes the newest of
    /// its conversation.
    indirect case openRequest(SupportRequest, at: UInt64)
    /// Keeps the changes of a request.
    indirect case changeRequest(SupportRequest, from: SupportRequest)
    /// Makes a request the newest of a conversation, after the one that was has been merged.
    case newest(RequestID?, of: ConversationID)
    /// Keeps where the message at an offset stands from now on.
    case move(messageAt: UInt64, to: MessagePlace)
    /// Keeps how far a principal has read.
    case mark(ReadMark, of: PrincipalID, in: ConversationID)
    /// Keeps what a partner calls a request; the external key is new.
    indirect case ticket(TicketRecord)
    /// Sets a timer; it takes the place of the request's timer of that kind.
    case timer(TimerRecord)
    /// Removes a request's timer of a kind, if there is one.
    case noTimer(of: RequestID, TimerRecord.Kind)
    /// Makes every timer due that was parked.
    case parkedTimersDue
    /// Keeps how far the revision of timers has come; `nil` when it is over.
    case revision(through: UInt64?)

    /// Adds an attachment whose content is durable.
    indirect case attachment(AttachmentRecord)
    /// Makes attachments part of a message, which may be one of an internal request.
    case attach([AttachmentID], to: MessageID, isInternal: Bool)
    /// Forgets that contents were discarded, where that was before a moment and not again since.
    case forgetContents([[UInt8]], discardedBefore: Timestamp)

    /// Keeps a policy that comes into force.
    indirect case policy(PolicyRecord)
    /// Adds somebody who may sign in, or a contact; of a contact, what is known so far as well.
    indirect case principal(PrincipalRecord)
    /// Keeps how an agent who exists signs in: the password's hash, and whether it is locked.
    indirect case signIn(of: PrincipalRecord)
    /// Adds a key.
    case key(APIKeyRecord)
    /// Revokes one key.
    case revokeKey(String)
    /// Revokes every key of a principal.
    case revokeKeys(of: PrincipalID)
    /// Has every key that a principal has end at a moment by itself, where it does not end before.
    case expireKeys(of: PrincipalID, at: Timestamp)
    /// Keeps that a key has opened a session.
    case useKey(String)
    /// Adds a session.
    indirect case session(SessionRecord)
    /// Ends a session at once, or has it end at a moment where it would go on longer.
    case endSession(Digest, at: Timestamp?)

    /// Keeps the changes of what is known of a contact, and gives it its name wherever it is shown.
    indirect case profile(ContactProfile, from: ContactProfile)
    /// Adds a company.
    indirect case addCompany(Company)
    /// Keeps the changes of a company.
    indirect case company(Company)
    /// Removes a company for which no contact speaks.
    case removeCompany(CompanyID)
}
