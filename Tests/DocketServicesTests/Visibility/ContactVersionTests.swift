import DeskSupport
import DocketCalls
import DocketDomain
import DocketMessages
import DocketPolicy
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@Suite("Contacts count what they see")
struct ContactVersionTests {
    private static let policy =
        PolicyDocument.defaultText + """

            topics:
              - {key: tills, name: Tills (second line), contact_name: Tills}
            fields:
              - {key: serial, name: Serial number, type: text, visible_to_contact: true}
              - {key: margin, name: Margin, type: integer}

            """

    @Test(
        "Hidden edits, links and notes move no number and no moment that a contact sees",
        arguments: StoreKind.allCases
    )
    func hiddenChanges(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let administrator = try await fixture.agent("boss", .administrator)
        try await administrator.apply(Self.policy)
        let guest = try await fixture.guest()
        let chat = try await fixture.keyHolder("Chat", channel: "chat")
        let agent = try await fixture.agent("agent")
        let conversation = try await guest.open()
        let request = try await guest.post("help", in: conversation).requestID
        let other = try await guest.create { $0.channel = "portal" }.request.id
        try await agent.take(request)
        let outsiders = [guest, chat]
        /// What everybody outside the staff reads, to the byte.
        func reads() async throws -> [Data] {
            var answers: [Data] = []
            for person in outsiders {
                answers.append(try await person.get(request).serializedBytes())
                answers.append(try await person.history(of: conversation).serializedBytes())
                // Around the log's end, which a search by halves would find.
                for offset in UInt64(1)...40 {
                    let page = try await person.history(of: conversation, .before(offset))
                    answers.append(try page.serializedBytes())
                }
                let snapshot = try await person.snapshot()
                answers += try snapshot.conversations.map { try $0.serializedBytes() }
            }
            return answers
        }
        let before = try await reads()
        fixture.clock.advance(by: .seconds(60))
        try await agent.note("secret", on: request)
        try await agent.edit(
            request,
            [.with { $0.addTag = "vip" }, .field("margin", .with { $0.integer = 7 })]
        )
        _ = try await agent.requests.link(
            .with {
                $0.header = agent.header()
                $0.requestID = request
                $0.kind = .linkRelated
                $0.otherID = other
            }
        )
        #expect(try await reads() == before)
        let end = try await agent.history(of: conversation).toOffset
        #expect(end < 40, "the pages reach behind the log's end")
        let staff = try await agent.get(request).version
        #expect(try await guest.get(request).version == staff - 2)
    }

    @Test(
        "A contact's feed tells the changes of what it reads, with names, and its own versions",
        arguments: StoreKind.allCases
    )
    func shownChanges(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let administrator = try await fixture.agent("boss", .administrator)
        try await administrator.apply(Self.policy)
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let conversation = try await guest.open()
        let request = try await guest.post("help", in: conversation).requestID
        try await agent.take(request)
        try await agent.edit(request, [.with { $0.addTag = "vip" }])
        let edited = try await agent.edit(
            request,
            [
                .with { $0.topic = "tills" }, .with { $0.priority = "high" },
                .field("serial", .with { $0.text = "A-1" }),
                .field("margin", .with { $0.integer = 7 }), .with { $0.addTag = "old" },
            ]
        )
        let reading = try guest.subscribe(.fromBeginning(true))
        let told = try await reading.events(through: edited.offset)
        let event = try #require(told.last?.event)
        #expect(event.actor.id == agent.id)
        let changes = event.detailsChanged.changes
        #expect(changes.count == 3)
        #expect(changes[0].topic.to == "tills" && changes[0].topic.nameForContact == "Tills")
        #expect(changes[1].priority.to == "high")
        #expect(changes[2].field.key == "serial" && changes[2].field.to.text == "A-1")
        #expect(!changes[2].field.isShownToContact && event.requestVersionForContact == 0)
        let versions = told.map(\.event.requestVersion).filter { $0 > 0 }
        #expect(versions == Array(1...UInt64(versions.count)), "without a hole")
        let read = try await guest.get(request)
        #expect(read.version == event.requestVersion)
        #expect(read.changedMilliseconds == event.atMilliseconds)
        #expect(read.topicName == "Tills" && read.details.fields["serial"]?.text == "A-1")

        // What was hidden when it changed is not told when the policy shows it later, and what the
        // policy hides now is not told any more.
        let exchanged = Self.policy.replacing(", visible_to_contact: true", with: "")
            .replacing("type: integer}", with: "type: integer, visible_to_contact: true}")
        try await administrator.apply(exchanged)
        let history = try await guest.history(of: conversation).entries.map(\.event)
        let fields = history.flatMap(\.detailsChanged.changes).map(\.field.key)
        #expect(!fields.contains("serial") && !fields.contains("margin"))
        #expect(try await guest.get(request).details.fields.keys.sorted() == ["margin"])
    }

    @Test("A contact's expected version is the one that it has seen")
    func expectedVersion() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let conversation = try await guest.open()
        let request = try await guest.post("help", in: conversation).requestID
        try await agent.take(request)
        try await agent.edit(request, [.with { $0.addTag = "vip" }])
        let seen = try await guest.get(request).version
        #expect(try await agent.get(request).version == seen + 1)
        try await guest.post("again", in: conversation, expecting: seen)
        let conflict = await refusal { () async throws(RPCError) in
            try await guest.post("late", in: conversation, expecting: seen)
        }
        let current = try await guest.get(request).version
        #expect(current > seen && conflict?.trailer("version") == "\(current)")
        let own = try await guest.contact()
        try await agent.update(guest.id) { $0.blocked = true }
        #expect(try await guest.contact() == own)
        let renamed = try await guest.contacts.update(
            .with {
                $0.header = guest.header(expecting: own.version)
                $0.fields.name = "Anna"
            }
        )
        #expect(renamed.contact.version == own.version + 1)
    }
}
