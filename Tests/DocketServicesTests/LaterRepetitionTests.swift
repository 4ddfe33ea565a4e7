import DeskSupport
import DocketCalls
import DocketDesk
import DocketDomain
import DocketMessages
import DocketPolicy
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@Suite("A command that is repeated after the desk has changed")
struct LaterRepetitionTests {
    /// Puts other rules in force.
    private func apply(
        to fixture: ServiceFixture,
        _ change: (inout PolicyContent) -> Void
    ) async throws {
        var content = fixture.desk.policy.content
        change(&content)
        let policy = try Policy(content)
        let reply = await fixture.desk.submit(
            Submission(
                key: nil,
                principal: .desk,
                change: .policy(PolicyChange(text: "changed", policy: policy))
            )
        )
        guard case .accepted = reply else { throw FixtureFault.refused("\(reply)") }
    }

    @Test("An upload that was accepted is answered again after the limits were lowered")
    func upload() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let content = Data("a file of some bytes".utf8)
        let id = fixture.newID
        let first = try await guest.upload(content, to: conversation, id: id)
        try await apply(to: fixture) {
            $0.attachments.bytes = 4
            $0.attachments.types = ["image/png"]
        }
        #expect(try await guest.upload(content, to: conversation, id: id) == first)
        let other = await refusal { () async throws(RPCError) in
            try await guest.upload(content, to: conversation)
        }
        #expect(other?.reason == .attachmentTooLarge)
        let changed = await refusal { () async throws(RPCError) in
            try await guest.upload(Data("a file of other byte".utf8), to: conversation, id: id)
        }
        #expect(changed?.reason == .keyReused)
    }

    @Test("A request without a kind is created once, whatever the channel opens later")
    func kind() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let call = Docket_V1_CreateRequestCall.with {
            $0.header = guest.header()
            $0.channel = "chat"
            $0.text = "help"
        }
        let first = try await guest.requests.create(call)
        try await apply(to: fixture) { content in
            content.channels = content.channels.map { channel in
                guard channel.key == "chat" else { return channel }
                return Channel(key: "chat", name: "Chat", opens: .ticket, inactiveAfter: nil)
            }
        }
        let second = try await guest.requests.create(call)
        #expect(second.request.id == first.request.id && second.offset == first.offset)
        #expect(second.request.details.kind == first.request.details.kind)
    }

    @Test(
        "A repeated creation names the same thing at the same offset, and shows it as it is now",
        arguments: StoreKind.allCases
    )
    func creations(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let guest = try await fixture.guest("Ana")
        let agent = try await fixture.agent("agent", .supervisor)
        let open = Docket_V1_OpenConversationCall.with {
            $0.header = guest.header()
            $0.channel = "chat"
        }
        let opened = try await guest.conversations.open(open)
        #expect(!opened.conversation.hasNewestRequest)
        let request = try await guest.post("help", in: opened.conversation.id).requestID
        let reopened = try await guest.conversations.open(open)
        #expect(reopened.conversation.id == opened.conversation.id)
        #expect(reopened.offset == opened.offset)
        #expect(reopened.conversation.newestRequest.id == request)

        let create = Docket_V1_CreateRequestCall.with {
            $0.header = agent.header()
            $0.channel = "phone"
            $0.contactID = guest.id
            $0.text = "called"
        }
        let created = try await agent.requests.create(create)
        try await agent.take(created.request.id)
        let recreated = try await agent.requests.create(create)
        #expect(recreated.offset == created.offset)
        #expect(recreated.request == (try await agent.get(created.request.id)))

        let contact = Docket_V1_CreateContactCall.with {
            $0.header = agent.header()
            $0.fields.name = "Bea"
        }
        let made = try await agent.contacts.create(contact)
        try await agent.update(made.contact.id) { $0.name = "Beatrix" }
        let remade = try await agent.contacts.create(contact)
        #expect(remade.contact.name == "Beatrix" && remade.offset == made.offset)
    }

    @Test("A repeated creation of what is gone by now is answered like what is absent")
    func gone() async throws {
        let fixture = try ServiceFixture()
        let agent = try await fixture.agent("agent", .supervisor)
        let create = Docket_V1_CreateCompanyCall.with {
            $0.header = agent.header()
            $0.fields.name = "Company"
        }
        let company = try await agent.companies.create(create).company.id
        try await agent.removeCompany(company)
        for _ in 0..<3 {
            let repeated = await refusal { () async throws(RPCError) in
                try await agent.companies.create(create)
            }
            #expect(repeated?.reason == .notFound && repeated?.isFinal == true)
        }
    }
}
