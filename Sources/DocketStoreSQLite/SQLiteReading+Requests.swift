internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

extension SQLiteReading {
    func situation(of conversation: ConversationID) throws(StoreError) -> Situation {
        try row(Statements.situationOfConversation, [.id(conversation)]) { row in
            try row.situation().situation
        } ?? Situation()
    }

    func situation(
        of contact: ContactID,
        on channel: ChannelKey
    ) throws(StoreError) -> Situation {
        try row(Statements.situationOfContact, [.id(contact), .text(channel)]) { row in
            try row.situation().situation
        } ?? Situation()
    }

    func situation(ofRequest request: RequestID) throws(StoreError) -> Situation {
        try storedSituation(ofRequest: request)
    }

    func storedSituation(ofRequest request: RequestID) throws(StoreError) -> Situation {
        let found = try row(Statements.situationOfRequest, [.id(request)]) { row in
            try row.situation()
        }
        guard let (key, found) = found else { return Situation() }
        var situation = found
        situation.conversation?.newestRequest = try row(Statements.newestRequest, [.integer(key)]) {
            try $0.id(0)
        }
        return situation
    }

    func openingOffset(of conversation: ConversationID) throws(StoreError) -> UInt64? {
        try row(Statements.openingOffset, [.id(conversation)]) { $0.unsigned(0) }
    }

    func conversations(of contact: ContactID) throws(StoreError) -> [ConversationID] {
        try rows(Statements.conversationsOfContact, [.id(contact)]) { try $0.id(0) }
    }

    func conversations(
        _ scope: ConversationScope,
        after place: UInt64,
        limit: Int
    ) throws(StoreError) -> [(place: UInt64, situation: Situation)] {
        let make = { (row: StatementRow) in
            let (key, situation) = try row.listedSituation()
            return (UInt64(clamping: key), situation)
        }
        switch scope {
        case .all:
            return try rows(Statements.conversationPage, [.number(place), .number(limit)], make)
        case .contact(let contact):
            return try rows(
                Statements.conversationPageOfContact,
                [.number(place), .id(contact), .number(limit)],
                make
            )
        case .channel(let channel):
            return try rows(
                Statements.conversationPageOnChannel,
                [.number(place), .text(channel), .number(limit)],
                make
            )
        }
    }

    func request(number: UInt64) throws(StoreError) -> SupportRequest? {
        try storedRequest(number: number)
    }

    func storedRequest(number: UInt64) throws(StoreError) -> SupportRequest? {
        try rows(Statements.requestByNumber, [.number(number)]) { row in
            try row.situation().situation.request
        }.first ?? nil
    }

    func readMark(
        of principal: PrincipalID,
        in conversation: ConversationID
    ) throws(StoreError) -> ReadMark? {
        try row(Statements.readMark, [.id(principal), .id(conversation)]) { row in
            // What was read before arrivals were told has arrived.
            ReadMark(
                upTo: row.unsigned(0),
                receivedUpTo: max(row.unsigned(0), row.unsigned(1)),
                offset: row.unsigned(2)
            )
        }
    }
}
