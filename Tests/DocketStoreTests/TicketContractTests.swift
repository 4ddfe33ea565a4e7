import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import Testing

@Suite("What every store keeps of tickets")
struct TicketContractTests {
    private let directory: TemporaryDirectory
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private func id<Tag>(_ seed: UInt64) -> Identifier<Tag> {
        var random = SeededGenerator(seed: seed)
        return Identifier(at: now, random: &random)
    }

    private var partner: PrincipalRecord {
        PrincipalRecord(id: id(1), name: "CRM", details: .partner)
    }

    /// A ticket with its contact and its conversation.
    private struct Pushed {
        let contact: PrincipalRecord
        let conversation: Conversation
        var request: SupportRequest
        let ticket: TicketRecord
    }

    private func pushed(_ number: UInt64, isRouted: Bool = true) throws -> Pushed {
        let contact = PrincipalRecord(
            id: id(1_000 + number),
            name: "Contact \(number)",
            details: .external(integration: partner.id, externalID: "contact/\(number)")
        )
        let conversation = Conversation(
            id: id(2_000 + number),
            contact: try #require(contact.contact),
            channel: "api",
            newestRequest: nil
        )
        let request = request(number, in: conversation, isRouted: isRouted)
        return Pushed(
            contact: contact,
            conversation: conversation,
            request: request,
            ticket: TicketRecord(
                partner: partner.id,
                externalKey: "crm/\(number)",
                request: request.id,
                digest: DeskFixture.digest(Data([UInt8(truncatingIfNeeded: number)]))
            )
        )
    }

    private func request(
        _ number: UInt64,
        in conversation: Conversation,
        isRouted: Bool = true
    ) -> SupportRequest {
        SupportRequest(
            id: id(3_000 + number),
            number: number,
            conversation: conversation.id,
            contact: conversation.contact,
            channel: conversation.channel,
            previous: nil,
            openedAt: now,
            status: "new",
            category: .new,
            statusSince: now,
            assignee: nil,
            version: 1,
            versionForContact: 1,
            sequence: 1,
            noteSequence: 0,
            changedAt: now,
            changedForContactAt: now,
            description: "The printer does not print.",
            session: nil,
            sessionCount: 0,
            details: RequestDetails(
                kind: .ticket,
                origin: .partner,
                isRouted: isRouted,
                openedBy: .desk
            )
        )
    }

    private func open(
        _ pushed: Pushed,
        in transaction: any StoreTransaction
    ) throws(StoreError) {
        try transaction.insert(pushed.contact, at: now)
        let offset = try transaction.position().head + 1
        try transaction.insert(pushed.conversation, openedAt: offset)
        _ = try transaction.append(
            Data(),
            to: pushed.conversation.id,
            audience: .conversation
        )
        try transaction.insert(pushed.request, openedAt: offset)
        try transaction.write(.ticket(pushed.ticket), at: now)
    }

    /// Expects a ticket to be found by whatever leads to it.
    private func expect(_ pushed: Pushed, in reading: any StoreReading) throws(StoreError) {
        let name = pushed.ticket.externalKey
        let contact = ContactID(pushed.contact.id)
        #expect(try reading.ticket(of: partner.id, externalKey: name) == pushed.ticket)
        #expect(try reading.principal(pushed.contact.id) == pushed.contact)
        #expect(try reading.profile(of: contact)?.name == pushed.contact.name)
        let listed = try reading.tickets(of: partner.id, prefix: name, after: "", limit: 1)
        #expect(listed == [pushed.ticket])
        let situation = try reading.situation(ofRequest: pushed.request.id)
        #expect(situation.request == pushed.request)
        let newest = pushed.request.details.isRouted ? pushed.request.id : nil
        #expect(situation.conversation?.newestRequest == newest)
        #expect(
            try reading.situation(of: contact, on: "api").conversation == situation.conversation
        )
        #expect(try reading.request(number: pushed.request.number) == pushed.request)
    }

    @Test(
        "A ticket is found in the transaction that adds it, and behind it, by every name",
        arguments: StoreKind.allCases,
        [true, false]
    )
    func found(kind: StoreKind, isRouted: Bool) throws {
        let store = try kind.open(in: directory)
        let known = try (1...3).map { try pushed(UInt64($0), isRouted: isRouted) }
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(partner, at: now)
            for pushed in known {
                let name = "contact/\(pushed.request.number)"
                #expect(try transaction.contact(of: partner.id, externalID: name) == nil)
                #expect(
                    try transaction.ticket(
                        of: partner.id,
                        externalKey: pushed.ticket.externalKey
                    ) == nil
                )
                #expect(try transaction.situation(ofRequest: pushed.request.id) == Situation())
                try open(pushed, in: transaction)
                #expect(try transaction.nextRequestNumber() == pushed.request.number + 1)
                let found = try transaction.contact(of: partner.id, externalID: name)
                #expect(found == pushed.contact)
                try expect(pushed, in: transaction)
            }
        }
        try store.read { reading throws(StoreError) in
            for pushed in known { try expect(pushed, in: reading) }
            #expect(try reading.nextRequestNumber() == 4)
        }
        try store.close()
    }

    @Test("Each name alone finds what was added", arguments: StoreKind.allCases)
    func eachName(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let known = try (1...3).map { try pushed(UInt64($0)) }
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(partner, at: now)
            try open(known[0], in: transaction)
            let ticket = try transaction.ticket(of: partner.id, externalKey: "crm/1")
            #expect(ticket == known[0].ticket)
            try open(known[1], in: transaction)
            let contact = try transaction.contact(of: partner.id, externalID: "contact/2")
            #expect(contact == known[1].contact)
            try open(known[2], in: transaction)
            let situation = try transaction.situation(ofRequest: known[2].request.id)
            #expect(situation.request == known[2].request)
        }
        try store.close()
    }

    @Test(
        "The second request of a conversation that was just opened is its newest",
        arguments: StoreKind.allCases
    )
    func second(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let first = try pushed(1)
        let second = request(2, in: first.conversation)
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(partner, at: now)
            try open(first, in: transaction)
            try transaction.insert(second, openedAt: 1)
        }
        try store.read { reading throws(StoreError) in
            let situation = try reading.situation(of: first.conversation.id)
            #expect(situation.conversation?.newestRequest == second.id)
            #expect(situation.request == second)
        }
        try store.close()
    }

    @Test(
        "A change of a request in the transaction that opens it is kept",
        arguments: StoreKind.allCases
    )
    func changed(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        var opened = try pushed(1)
        let before = opened.request
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(partner, at: now)
            try open(opened, in: transaction)
            opened.request.version = 2
            opened.request.status = "open"
            opened.request.category = .open
            try transaction.write(.changeRequest(opened.request, from: before), at: now)
            try expect(opened, in: transaction)
        }
        try store.read { reading throws(StoreError) in try expect(opened, in: reading) }
        try store.close()
    }

    @Test(
        "What a refused transaction has added leaves no trace in what comes after it",
        arguments: StoreKind.allCases
    )
    func refused(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(partner, at: now)
        }
        let lost = try (1...2).map { try pushed(UInt64($0)) }
        #expect(throws: StoreError.full) {
            try store.transact { transaction throws(StoreError) in
                for pushed in lost { try open(pushed, in: transaction) }
                // So that they are written before they are taken back.
                try expect(lost[0], in: transaction)
                throw StoreError.full
            }
        }
        let kept = try pushed(1)
        try store.transact { transaction throws(StoreError) in
            #expect(try transaction.nextRequestNumber() == 1)
            #expect(try transaction.ticket(of: partner.id, externalKey: "crm/1") == nil)
            try open(kept, in: transaction)
        }
        try store.read { reading throws(StoreError) in
            try expect(kept, in: reading)
            #expect(try reading.ticket(of: partner.id, externalKey: "crm/2") == nil)
            #expect(try reading.contact(of: partner.id, externalID: "contact/2") == nil)
        }
        try store.close()
    }

    @Test(
        "As many tickets as one transaction brings are there after another start",
        arguments: StoreKind.allCases
    )
    func many(kind: StoreKind) throws {
        // More than wait to be written at a time.
        let known = try (1...600).map { try pushed(UInt64($0)) }
        let store = try kind.open(in: directory)
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(partner, at: now)
            for pushed in known { try open(pushed, in: transaction) }
        }
        try store.read { reading throws(StoreError) in
            for pushed in known { try expect(pushed, in: reading) }
        }
        try store.close()
        guard kind == .sqlite else { return }
        let next = try pushed(601)
        let reopened = try kind.open(in: directory)
        try reopened.transact { transaction throws(StoreError) in
            #expect(try transaction.nextRequestNumber() == 601)
            try open(next, in: transaction)
        }
        try reopened.read { reading throws(StoreError) in try expect(next, in: reading) }
        try reopened.close()
    }
}
