internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

extension SQLiteReading {
    // MARK: Chains

    func newestRequest(
        in conversation: ConversationID,
        beside request: RequestID
    ) throws(StoreError) -> RequestID? {
        try routed(.max, in: conversation, Statements.requestsBefore, step: -1) { found in
            found.id != request
        }?.id
    }

    func neighbours(
        of request: SupportRequest
    ) throws(StoreError) -> (previous: SupportRequest?, next: SupportRequest?) {
        let conversation = request.conversation
        let number = request.number
        return (
            try routed(number, in: conversation, Statements.requestsBefore, step: -1) { _ in true },
            try routed(number, in: conversation, Statements.requestsAfter, step: 1) { _ in true }
        )
    }

    /// The first routed request beyond a number that fits.
    private func routed(
        _ start: UInt64,
        in conversation: ConversationID,
        _ sql: SQL,
        step: Int,
        _ fits: (SupportRequest) -> Bool
    ) throws(StoreError) -> SupportRequest? {
        var number = start
        while true {
            let place: [3 of SQLValue] = [
                .id(conversation), .number(number), .number(Self.pageLength),
            ]
            let found = try rows(sql, place) { try $0.situation().situation.request }
                .compactMap(\.self)
            if let first = found.first(where: { $0.details.isRouted && fits($0) }) { return first }
            guard let last = found.last, found.count == Self.pageLength else { return nil }
            number = last.number
        }
    }

    /// How many requests of a conversation are looked at at once.
    private static var pageLength: Int { 8 }

    // MARK: Policies

    func isInUse(_ use: PolicyUse) throws(StoreError) -> Bool {
        let (sql, values): (SQL, [SQLValue]) =
            switch use {
            case .status(let key): (Statements.statusInUse, [.text(key)])
            case .channel(let key): (Statements.channelInUse, [.text(key)])
            case .topic(let key): (Statements.topicInUse, [.text(key)])
            case .type(let key): (Statements.typeInUse, [.text(key)])
            case .priority(let key): (Statements.priorityInUse, [.text(key)])
            case .kind(let kind): (Statements.kindInUse, [.number(kind.rawValue)])
            case .statusOfKind(let key, let kind):
                (Statements.statusOfKindInUse, [.text(key), .number(kind.rawValue)])
            case .field(let key): (Statements.fieldInUse, [.text(key)])
            }
        return try self.values(of: sql, values.span, limit: 1) { $0.integer(0) }.first != nil
    }

    func statusesInUse() throws(StoreError) -> [(status: StatusKey, category: StatusCategory)] {
        var found: [(status: StatusKey, category: StatusCategory)] = []
        let next = { (last: StatusKey) throws(StoreError) in
            try self.row(Statements.nextStatusInUse, [.text(last)]) { row in
                guard let category = StatusCategory(rawValue: row.byte(1)) else {
                    throw StoreError.damaged("an unknown category")
                }
                return (status: row.text(0), category: category)
            }
        }
        while let use = try next(found.last?.status ?? "") { found.append(use) }
        return found
    }

    func channelsInUse() throws(StoreError) -> [ChannelKey] {
        var found: [ChannelKey] = []
        let next = { (last: ChannelKey) throws(StoreError) in
            try self.row(Statements.nextChannelInUse, [.text(last)]) { $0.text(0) }
        }
        while let channel = try next(found.last ?? "") { found.append(channel) }
        return found
    }

    func policies(before version: UInt64, limit: Int) throws(StoreError) -> [PolicyRecord] {
        try rows(Statements.policies, [.number(version), .number(limit)]) { try $0.policy() }
    }
}

extension StatementRow {
    /// A policy, as the statements for policies select it.
    fileprivate func policy() throws -> PolicyRecord {
        guard let kind = PartyKind(rawValue: byte(4)) else {
            throw StoreError.damaged("an unknown kind of party")
        }
        return PolicyRecord(
            version: unsigned(0),
            name: text(1),
            text: text(2),
            appliedAt: moment(3),
            appliedBy: Party(kind: kind, id: try optionalID(5), name: text(6)),
            offset: unsigned(7)
        )
    }
}

extension SQLiteTransaction {
    func insert(_ policy: PolicyRecord) throws(StoreError) {
        try execute(
            Statements.insertPolicy,
            [
                .number(policy.version), .text(policy.name), .text(policy.text),
                .moment(policy.appliedAt), .number(policy.appliedBy.kind.rawValue),
                .id(policy.appliedBy.id), .text(policy.appliedBy.name), .number(policy.offset),
            ]
        )
    }
}
