internal import DocketDomain
internal import DocketStore

/// What is kept of a command.
struct RecordNeed: Need {
    let command: CommandID

    init(_ command: CommandID) { self.command = command }

    func found(in workspace: Workspace) -> CommandRecord?? { workspace.records[command] }

    func load(into workspace: inout Workspace, from store: any StoreReading) throws(StoreError) {
        workspace.records.updateValue(try store.record(of: command), forKey: command)
    }
}

/// A conversation; its newest request comes with it.
struct ConversationNeed: Need {
    let id: ConversationID

    init(_ id: ConversationID) { self.id = id }

    func found(in workspace: Workspace) -> Conversation?? { workspace.conversations[id] }

    func load(into workspace: inout Workspace, from store: any StoreReading) throws(StoreError) {
        let situation = try store.situation(of: id)
        workspace.conversations.updateValue(nil, forKey: id)
        workspace.keep(situation)
    }
}

/// A request; its conversation comes with it.
struct RequestNeed: Need {
    let id: RequestID

    init(_ id: RequestID) { self.id = id }

    func found(in workspace: Workspace) -> SupportRequest?? { workspace.requests[id] }

    func load(into workspace: inout Workspace, from store: any StoreReading) throws(StoreError) {
        let situation = try store.situation(ofRequest: id)
        workspace.requests.updateValue(nil, forKey: id)
        workspace.keep(situation)
    }
}

/// Whether the company takes nothing from a contact.
struct BlockNeed: Need {
    let contact: ContactID

    init(_ contact: ContactID) { self.contact = contact }

    func found(in workspace: Workspace) -> Bool? { workspace.blocks[contact] }

    func load(into workspace: inout Workspace, from store: any StoreReading) throws(StoreError) {
        workspace.blocks[contact] = try store.isBlocked(contact)
    }
}

/// A contact's conversation on a channel with its newest request: the one that the contact knows
/// of, or else one that is the staff's alone; empty when there is neither.
struct ContactConversationNeed: Question {
    let contact: ContactID
    let channel: ChannelKey

    func ask(_ store: any StoreReading) throws(StoreError) -> Situation {
        try store.situation(of: contact, on: channel)
    }
}

/// The request to which a message belongs now; `nil` where no such message was said in the
/// conversation.
struct MessageRequestNeed: Question {
    let message: MessageID
    let conversation: ConversationID

    func ask(_ store: any StoreReading) throws(StoreError) -> RequestID? {
        try store.request(of: message, in: conversation)
    }
}

/// The offset at which a conversation was opened.
struct OpeningNeed: Question {
    let conversation: ConversationID

    func ask(_ store: any StoreReading) throws(StoreError) -> UInt64? {
        try store.openingOffset(of: conversation)
    }
}

/// How far a principal has read in a conversation.
struct MarkNeed: Question {
    let principal: PrincipalID
    let conversation: ConversationID

    func ask(_ store: any StoreReading) throws(StoreError) -> ReadMark? {
        try store.readMark(of: principal, in: conversation)
    }
}

/// The event at an offset; `nil` where there is none that can be read.
struct EventNeed: Question {
    let offset: UInt64

    func ask(_ store: any StoreReading) throws(StoreError) -> Event? {
        try store.entry(at: offset).flatMap { Event(encoded: $0.event) }
    }
}

/// The newest entries of a conversation before an offset, by ascending offset.
struct EntriesNeed: Question {
    let conversation: ConversationID
    let before: UInt64
    let limit: Int

    func ask(_ store: any StoreReading) throws(StoreError) -> [LogEntry] {
        try store.entries(in: conversation, .before(before), limit: limit, for: .staff)
    }
}

/// The request before one in its conversation.
struct PreviousNeed: Question {
    let request: RequestID

    func ask(_ store: any StoreReading) throws(StoreError) -> SupportRequest? {
        guard let request = try store.situation(ofRequest: request).request else { return nil }
        return try store.neighbours(of: request).previous
    }
}

/// The newest routed request of a conversation that was not merged, beside one.
struct NewestNeed: Question {
    let conversation: ConversationID
    let request: RequestID

    func ask(_ store: any StoreReading) throws(StoreError) -> RequestID? {
        try store.newestRequest(in: conversation, beside: request)
    }
}

/// The messages of a request that were said after an offset, in order; `nil` where more than so
/// many entries would have to be looked at.
struct MessagesNeed: Question {
    let request: RequestID
    let after: UInt64
    let limit: Int

    func ask(_ store: any StoreReading) throws(StoreError) -> [RequestMessage]? {
        guard let request = try store.situation(ofRequest: request).request else { return [] }
        return try store.messages(of: request, after: after, lookingAt: limit)?.map(\.message)
    }
}

/// Where the first message of a request stands in the log; `nil` where it has none among so many
/// entries.
struct FirstMessageNeed: Question {
    let request: RequestID
    let limit: Int

    func ask(_ store: any StoreReading) throws(StoreError) -> UInt64? {
        guard let request = try store.situation(ofRequest: request).request else { return nil }
        return try store.firstMessageOffset(of: request, lookingAt: limit)
    }
}

/// An attachment whose upload is complete.
struct AttachmentNeed: Question {
    let id: AttachmentID

    func ask(_ store: any StoreReading) throws(StoreError) -> AttachmentRecord? {
        try store.attachment(id)
    }
}

/// How many attachments of a principal no message names, counted up to a limit.
struct UnusedAttachmentsNeed: Question {
    let uploader: PrincipalID
    let limit: Int

    func ask(_ store: any StoreReading) throws(StoreError) -> Int {
        try store.unusedAttachments(of: uploader, limit: limit)
    }
}

/// What a partner calls by an external key.
struct TicketNeed: Need {
    let partner: PrincipalID
    let externalKey: String

    func found(in workspace: Workspace) -> TicketRecord?? { workspace.tickets[self] }

    func load(into workspace: inout Workspace, from store: any StoreReading) throws(StoreError) {
        let ticket = try store.ticket(of: partner, externalKey: externalKey)
        workspace.tickets.updateValue(ticket, forKey: self)
    }
}

// MARK: Timers

/// A request's timer of a kind.
struct TimerNeed: Question {
    let request: RequestID
    let kind: TimerRecord.Kind

    func ask(_ store: any StoreReading) throws(StoreError) -> TimerRecord? {
        try store.timer(of: request, kind: kind)
    }
}

/// Whether the clock was set back while a timer waited that waits still.
struct TimersSetBackNeed: Need {
    func found(in workspace: Workspace) -> Bool? { workspace.hasTimersSetBack }

    func load(into workspace: inout Workspace, from store: any StoreReading) throws(StoreError) {
        workspace.hasTimersSetBack = try store.hasTimersSetBack()
    }
}

/// The number of the last request whose timers follow the rules in force, while they are being
/// revised; `nil` when all of them do.
struct RevisionNeed: Question {
    func ask(_ store: any StoreReading) throws(StoreError) -> UInt64? {
        try store.timersRevisedThrough()
    }
}

/// Requests by number.
struct RequestsNeed: Question {
    let filter: RequestFilter

    func ask(_ store: any StoreReading) throws(StoreError) -> ListedRequests {
        try store.requests(filter)
    }
}

// MARK: People, keys and sessions

/// Somebody who may sign in.
struct PrincipalNeed: Question {
    let id: PrincipalID

    init(_ id: PrincipalID) { self.id = id }

    func ask(_ store: any StoreReading) throws(StoreError) -> PrincipalRecord? {
        try store.principal(id)
    }
}

/// The agent who signs in with a login.
struct LoginNeed: Question {
    let login: String

    func ask(_ store: any StoreReading) throws(StoreError) -> PrincipalRecord? {
        try store.agent(login: login)
    }
}

/// The contact whom an integration or a partner knows by a name.
struct ExternalContactNeed: Need {
    let broughtBy: PrincipalID
    let externalID: String

    func found(in workspace: Workspace) -> PrincipalRecord?? { workspace.externalContacts[self] }

    func load(into workspace: inout Workspace, from store: any StoreReading) throws(StoreError) {
        let contact = try store.contact(of: broughtBy, externalID: externalID)
        workspace.externalContacts.updateValue(contact, forKey: self)
    }
}

/// How many administrators may sign in, counted up to a limit.
struct AdministratorsNeed: Question {
    let limit: Int

    func ask(_ store: any StoreReading) throws(StoreError) -> Int {
        try store.activeAdministrators(limit: limit)
    }
}

/// A key, also one that has been revoked.
struct KeyNeed: Question {
    let keyID: String

    func ask(_ store: any StoreReading) throws(StoreError) -> APIKeyRecord? {
        try store.apiKey(keyID)
    }
}

/// Whether a session is there that has not been ended.
struct SessionNeed: Question {
    let token: Digest

    func ask(_ store: any StoreReading) throws(StoreError) -> Bool {
        try store.hasSession(token)
    }
}

/// The sessions of a principal beyond so many that end last.
struct SessionsNeed: Question {
    let principal: PrincipalID
    var beyond = 0

    func ask(_ store: any StoreReading) throws(StoreError) -> [SessionEntry] {
        try store.sessions(of: principal, beyond: beyond)
    }
}

// MARK: Rules, contacts and companies

/// The version of the policy in force; 0 where the store has kept none.
struct PolicyVersionNeed: Question {
    func ask(_ store: any StoreReading) throws(StoreError) -> UInt64 {
        try store.currentPolicy()?.version ?? 0
    }
}

/// What requests use of a policy and another lacks, such as `statuses.waiting`.
struct UsesNeed: Question {
    let old: Policy
    let new: Policy

    func ask(_ store: any StoreReading) throws(StoreError) -> [String] {
        try Desk.whatIsUsed(of: old, without: new, in: store)
    }
}

/// What is known of a contact.
struct ProfileNeed: Question {
    let contact: ContactID

    func ask(_ store: any StoreReading) throws(StoreError) -> ContactProfile? {
        try store.profile(of: contact)
    }
}

/// A company.
struct CompanyNeed: Question {
    let id: CompanyID

    func ask(_ store: any StoreReading) throws(StoreError) -> Company? {
        try store.company(id)
    }
}

/// The company with a name, in whatever case.
struct CompanyNameNeed: Question {
    let name: String

    func ask(_ store: any StoreReading) throws(StoreError) -> CompanyID? {
        try store.company(named: name)?.id
    }
}

/// Whether a contact speaks for a company.
struct CompanyContactsNeed: Question {
    let company: CompanyID

    func ask(_ store: any StoreReading) throws(StoreError) -> Bool {
        try !store.contacts(.company(company), after: .start, limit: 1).isEmpty
    }
}
