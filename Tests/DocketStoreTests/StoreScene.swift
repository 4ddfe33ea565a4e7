import DeskSupport
import DocketDomain
import DocketStore
import Foundation

/// A store with one contact's conversation, and short ways to fill it.
struct StoreScene {
    let store: any Store
    let conversation: Conversation
    let agent: Agent
    let now = Timestamp(milliseconds: 1_800_000_000_000)
    private var random = SeededGenerator(seed: 11)

    init(_ kind: StoreKind, in directory: TemporaryDirectory) throws {
        store = try kind.open(in: directory)
        let guest = PrincipalRecord(
            id: Identifier(at: now, random: &random),
            name: "Ada",
            details: .guest(secret: DeskFixture.digest(Data([1])))
        )
        let employee = PrincipalRecord(
            id: Identifier(at: now, random: &random),
            name: "Bo",
            details: .agent(.agent, login: "bo", passwordHash: "hash")
        )
        let contact = Contact(id: ContactID(guest.id), name: guest.name)
        let opened = Conversation(
            id: Identifier(at: now, random: &random),
            contact: contact,
            channel: "chat",
            newestRequest: nil
        )
        conversation = opened
        agent = Agent(id: AgentID(employee.id), name: employee.name)
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(guest, at: now)
            try transaction.insert(employee, at: now)
            try transaction.insert(opened, openedAt: 1)
            // As one whose content was erased: what these tests keep follows from no event.
            _ = try transaction.append(Data(), to: opened.id, audience: .conversation)
        }
    }

    /// A new id.
    mutating func id<Tag>() -> Identifier<Tag> { Identifier(at: now, random: &random) }

    /// A request that is in no store yet.
    mutating func request(
        number: UInt64,
        status: StatusKey = "new",
        _ category: StatusCategory = .new,
        isRouted: Bool = true
    ) -> SupportRequest {
        SupportRequest(
            id: id(),
            number: number,
            conversation: conversation.id,
            contact: conversation.contact,
            channel: conversation.channel,
            previous: nil,
            openedAt: now,
            status: status,
            category: category,
            statusSince: now,
            assignee: nil,
            version: 1,
            versionForContact: 1,
            sequence: 0,
            noteSequence: 0,
            changedAt: now,
            changedForContactAt: now,
            description: "d",
            session: nil,
            sessionCount: 0,
            details: RequestDetails(
                kind: .chat,
                origin: .line,
                isRouted: isRouted,
                openedBy: conversation.contact.party
            )
        )
    }

    /// Adds requests.
    func insert(_ requests: [SupportRequest], openedAt offset: UInt64 = 1) throws {
        try store.transact { transaction throws(StoreError) in
            for request in requests { try transaction.insert(request, openedAt: offset) }
        }
    }

    /// Adds events of requests of the conversation to the log.
    func append(_ facts: [(SupportRequest, Fact)], by party: Party? = nil) throws {
        try store.transact { transaction throws(StoreError) in
            for (request, fact) in facts {
                let event = Event(
                    at: now,
                    actor: party ?? conversation.contact.party,
                    conversation: conversation.id,
                    request: request.mark,
                    fact: fact
                )
                _ = try transaction.append(
                    event.encoded,
                    to: conversation.id,
                    audience: event.audience
                )
            }
        }
    }

    /// Reads the store.
    func read<Result>(
        _ body: (any StoreReading) throws(StoreError) -> Result
    ) throws(StoreError) -> Result { try store.read(body) }
}
