import DocketDomain
import DocketStore
import Foundation
import GRDB

/// Takes the store's values from the columns of a row.
extension Row {
    /// An integer that is never negative; one that is, or is missing, counts as 0.
    func unsigned(_ column: Int) -> UInt64 {
        UInt64(clamping: (self[column] as Int64?) ?? 0)
    }

    /// An integer that fits a byte.
    func byte(_ column: Int) -> UInt8 { UInt8(clamping: unsigned(column)) }

    /// A moment.
    func moment(_ column: Int) -> Timestamp { Timestamp(milliseconds: unsigned(column)) }

    /// An id, where there is one.
    func optionalID<Tag>(_ column: Int) throws -> Identifier<Tag>? {
        guard let bytes = self[column] as Data? else { return nil }
        guard let id = Identifier<Tag>(bytes: bytes) else {
            throw StoreError.corrupted("an id is none")
        }
        return id
    }

    /// An id.
    func id<Tag>(_ column: Int) throws -> Identifier<Tag> {
        guard let id: Identifier<Tag> = try optionalID(column) else {
            throw StoreError.corrupted("an id is missing")
        }
        return id
    }

    /// A digest.
    func digest(_ column: Int) throws -> Digest {
        guard let digest = Digest(self[column]) else {
            throw StoreError.corrupted("a digest is none")
        }
        return digest
    }

    /// An entry of the log: its offset, audience and event.
    func entry() throws -> LogEntry {
        guard let audience = Audience(rawValue: byte(1)) else {
            throw StoreError.corrupted("an unknown audience")
        }
        return LogEntry(offset: unsigned(0), audience: audience, event: self[2])
    }

    /// What is kept of a command.
    func record() throws -> CommandRecord {
        let answer: CommandRecord.Answer
        if let payload = self[3] as Data? {
            answer = try verdict(payload)
        } else {
            answer = .created(offset: unsigned(2))
        }
        return CommandRecord(
            principal: try optionalID(0), digest: try digest(1), answer: answer)
    }

    private func verdict(_ payload: Data) throws -> CommandRecord.Answer {
        guard let reason = self[4] as String? else {
            return .accepted(offset: unsigned(2), payload: payload)
        }
        guard let rejection = Rejection(reason: reason, detail: self[5] ?? "") else {
            throw StoreError.corrupted("an unknown reason: \(reason)")
        }
        return .refused(rejection)
    }

    /// A conversation's key and a conversation with one of its requests, as the statements for
    /// situations select them.
    func situation() throws -> (key: Int64, situation: Situation) {
        let contact = Contact(id: try id(2), name: self[3])
        let request = try request(
            conversation: id(1), contact: contact, channel: self[4])
        let conversation = Conversation(
            id: try id(1), contact: contact, channel: self[4], newestRequest: request?.id)
        return (self[0], Situation(conversation: conversation, request: request))
    }

    private func request(
        conversation: ConversationID, contact: Contact, channel: ChannelKey
    ) throws -> SupportRequest? {
        guard let requestID: RequestID = try optionalID(6) else { return nil }
        guard let category = StatusCategory(rawValue: byte(10)) else {
            throw StoreError.corrupted("an unknown category")
        }
        let assignee: AgentID? = try optionalID(21)
        return SupportRequest(
            id: requestID, number: unsigned(5), conversation: conversation, contact: contact,
            channel: channel, previous: try optionalID(7), openedAt: moment(8),
            status: self[9], category: category, statusSince: moment(11),
            assignee: assignee.map { Agent(id: $0, name: self[22]) }, version: unsigned(12),
            sequence: unsigned(13), noteSequence: unsigned(14), changedAt: moment(15),
            description: self[16], session: try liveSession(), sessionCount: unsigned(20))
    }

    private func liveSession() throws -> LiveSession? {
        guard self[17] as Int64? != nil else { return nil }
        guard let author = LiveSession.Author(rawValue: byte(18)) else {
            throw StoreError.corrupted("an unknown author")
        }
        return LiveSession(
            ordinal: unsigned(17), lastAuthor: author, lastMessageAt: moment(19))
    }

    /// A principal, as the statements for principals select it.
    func principal() throws -> PrincipalRecord {
        PrincipalRecord(id: try id(0), name: self[2], details: try details())
    }

    private func details() throws -> PrincipalRecord.Details {
        switch PartyKind(rawValue: byte(1)) {
        case .contact:
            guard let integration: PrincipalID = try optionalID(8) else {
                return .guest(secret: try digest(6))
            }
            return .external(integration: integration, externalID: self[9] ?? "")
        case .agent:
            guard let role = AgentRole(rawValue: byte(3)) else {
                throw StoreError.corrupted("an unknown role")
            }
            return .agent(role, login: self[4] ?? "", passwordHash: self[5] ?? "")
        case .integration: return .integration(self[7] ?? "")
        case .partner: return .partner
        case .desk, nil: throw StoreError.corrupted("an unknown kind of principal")
        }
    }
}
