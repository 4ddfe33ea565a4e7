internal import DocketDomain
internal import DocketStore
internal import Foundation

/// Takes the store's values from the columns of a row.
extension StatementRow {
    /// An integer that is never negative; one that is, or is missing, counts as 0.
    func unsigned(_ column: Int32) -> UInt64 { UInt64(clamping: integer(column)) }

    /// An integer that fits a byte.
    func byte(_ column: Int32) -> UInt8 { UInt8(clamping: unsigned(column)) }

    /// A moment.
    func moment(_ column: Int32) -> Timestamp { Timestamp(milliseconds: unsigned(column)) }

    /// A time span that is not negative, kept in milliseconds.
    func span(_ column: Int32) -> Duration { .milliseconds(max(integer(column), 0)) }

    /// A timer: its request, kind, version, when it is due, and by how much it was set back.
    func timer() throws -> TimerRecord {
        guard let kind = TimerRecord.Kind(rawValue: byte(1)) else {
            throw StoreError.damaged("an unknown kind of timer")
        }
        return TimerRecord(
            request: try id(0),
            kind: kind,
            version: unsigned(2),
            due: moment(3),
            setBack: span(4)
        )
    }

    /// A moment, where there is one.
    func optionalMoment(_ column: Int32) -> Timestamp? {
        isNull(column) ? nil : moment(column)
    }

    /// A text, where there is one.
    func optionalText(_ column: Int32) -> String? {
        isNull(column) ? nil : text(column)
    }

    /// An id, where there is one.
    func optionalID<Tag>(_ column: Int32) throws -> Identifier<Tag>? {
        guard !isNull(column) else { return nil }
        let bytes = blob(column)
        guard let id = Identifier<Tag>(bytes: bytes) else {
            throw StoreError.damaged("an id is none")
        }
        return id
    }

    /// An id.
    func id<Tag>(_ column: Int32) throws -> Identifier<Tag> {
        guard let id: Identifier<Tag> = try optionalID(column) else {
            throw StoreError.damaged("an id is missing")
        }
        return id
    }

    /// A digest.
    func digest(_ column: Int32) throws -> Digest {
        guard let digest = Digest(blob(column)) else {
            throw StoreError.damaged("a digest is none")
        }
        return digest
    }

    /// An entry of the log: its offset, audience and event.
    func entry() throws -> LogEntry {
        guard let audience = Audience(rawValue: byte(1)) else {
            throw StoreError.damaged("an unknown audience")
        }
        return LogEntry(offset: unsigned(0), audience: audience, event: blob(2))
    }

    /// What is kept of a command.
    func record() throws -> CommandRecord {
        let answer: CommandRecord.Answer =
            isNull(3) ? .created(offset: unsigned(2)) : try verdict(blob(3))
        return CommandRecord(
            principal: try optionalID(0),
            digest: try digest(1),
            answer: answer
        )
    }

    private func verdict(_ payload: Data) throws -> CommandRecord.Answer {
        guard !isNull(4) else { return .accepted(offset: unsigned(2), payload: payload) }
        let reason = text(4)
        guard let rejection = Rejection(reason: reason, detail: text(5)) else {
            throw StoreError.damaged("an unknown reason: \(reason)")
        }
        return .refused(rejection)
    }

    /// A conversation's key and a conversation with one of its requests, as the statements for
    /// situations select them.
    func situation() throws -> (key: Int64, situation: Situation) {
        let contact = Contact(id: try id(2), name: text(3))
        return try situation(of: contact, with: request(openedFor: contact))
    }

    /// The same for a list, which goes on without a request that cannot be made out: the
    /// conversation still has its id.
    func listedSituation() throws -> (key: Int64, situation: Situation) {
        if let whole = try readable({ try situation() }) { return whole }
        let contact = Contact(id: try id(2), name: text(3))
        var listed = try situation(of: contact, with: nil)
        listed.situation.conversation?.newestRequest = try optionalID(6)
        return listed
    }

    /// A request for a list, which goes on without one that cannot be made out.
    func listedRequest() throws -> SupportRequest? {
        try readable { try situation() }?.situation.request
    }

    /// What the row says; `nil` where that is damaged.
    private func readable<Value>(_ read: () throws -> Value) throws -> Value? {
        do {
            return try read()
        } catch let error as StoreError {
            guard case .damaged = error else { throw error }
            return nil
        }
    }

    /// The number of the request that a statement for situations has selected.
    var requestNumber: UInt64 { unsigned(5) }

    private func situation(
        of contact: Contact,
        with request: SupportRequest?
    ) throws -> (key: Int64, situation: Situation) {
        let conversation = Conversation(
            id: try id(1),
            contact: contact,
            channel: text(4),
            newestRequest: request?.id,
            isInternal: integer(24) != 0
        )
        return (integer(0), Situation(conversation: conversation, request: request))
    }

    private func request(openedFor contact: Contact) throws -> SupportRequest? {
        guard let requestID: RequestID = try optionalID(6) else { return nil }
        guard let category = StatusCategory(rawValue: byte(10)) else {
            throw StoreError.damaged("an unknown category")
        }
        let assignee: AgentID? = try optionalID(21)
        return SupportRequest(
            id: requestID,
            number: requestNumber,
            conversation: try id(1),
            contact: contact,
            channel: text(4),
            previous: try optionalID(7),
            openedAt: moment(8),
            status: text(9),
            category: category,
            statusSince: moment(11),
            assignee: assignee.map { Agent(id: $0, name: text(22)) },
            version: unsigned(12),
            versionForContact: unsigned(27),
            sequence: unsigned(13),
            noteSequence: unsigned(14),
            changedAt: moment(15),
            changedForContactAt: moment(28),
            description: text(16),
            session: try liveSession(),
            sessionCount: unsigned(20),
            turn: try turn(),
            details: try details(openedBy: contact)
        )
    }

    /// What a message does not change; nothing stands for a chat that a message of its contact
    /// opened before there was anything else.
    private func details(openedBy contact: Contact) throws -> RequestDetails {
        let bytes = blob(23)
        guard !bytes.isEmpty else {
            return RequestDetails(kind: .chat, origin: .line, openedBy: contact.party)
        }
        guard let details = RequestDetails(encoded: bytes) else {
            throw StoreError.damaged("the details of a request are none")
        }
        return details
    }

    private func liveSession() throws -> LiveSession? {
        guard !isNull(17) else { return nil }
        guard let author = LiveSession.Author(rawValue: byte(18)) else {
            throw StoreError.damaged("an unknown author")
        }
        return LiveSession(
            ordinal: unsigned(17),
            lastAuthor: author,
            lastMessageAt: moment(19)
        )
    }

    private func turn() throws -> Turn? {
        guard !isNull(25) else { return nil }
        guard let author = LiveSession.Author(rawValue: byte(25)) else {
            throw StoreError.damaged("an unknown author")
        }
        return Turn(lastAuthor: author, waitingSince: isNull(26) ? nil : moment(26))
    }

    /// A principal, as the statements for principals select it.
    func principal() throws -> PrincipalRecord {
        PrincipalRecord(id: try id(0), name: text(2), details: try details())
    }

    private func details() throws -> PrincipalRecord.Details {
        switch PartyKind(rawValue: byte(1)) {
        case .contact:
            guard let integration: PrincipalID = try optionalID(8) else {
                return isNull(6) ? .registered : .guest(secret: try digest(6))
            }
            return .external(integration: integration, externalID: text(9))
        case .agent:
            guard let role = AgentRole(rawValue: byte(3)) else {
                throw StoreError.damaged("an unknown role")
            }
            return .agent(
                role,
                login: text(4),
                passwordHash: text(5),
                isLocked: !isNull(10)
            )
        case .integration: return .integration(text(7))
        case .partner: return .partner
        case .desk, nil: throw StoreError.damaged("an unknown kind of principal")
        }
    }
}
