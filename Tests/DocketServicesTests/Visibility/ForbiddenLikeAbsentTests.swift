import DocketCalls
import DocketDesk
import DocketDomain
import DocketMessages
import DocketPolicy
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@Suite("What is forbidden is answered like what is absent, down to the bytes")
struct ForbiddenLikeAbsentTests {
    private let fixture: ServiceFixture

    init() throws { fixture = try ServiceFixture() }

    /// Everything that a refusal tells, with `name` in the place of what was asked for.
    private func answer<Answer>(
        to name: String,
        _ call: () async throws(RPCError) -> Answer
    ) async throws -> [String] {
        let error = try #require(await refusal(call))
        let trailers = error.trailers.map { trailer in
            "\(trailer.key)=\(String(decoding: trailer.value, as: UTF8.self))"
        }
        return (["\(error.code)", "\(error.reason)", error.message] + trailers).map {
            $0.replacing(name, with: "NAME")
        }
    }

    private static let policy =
        PolicyDocument.defaultText + """

            topics:
              - {key: tills, name: Tills}
              - {key: staff_affairs, name: Complaints, members: [agent], members_only: true}
            fields:
              - {key: serial, name: Serial number, type: text, visible_to_contact: true}
              - {key: margin, name: Margin, type: integer}

            """

    private func contactOf(_ integration: Person) async throws -> Data {
        try await integration.contacts.ensure(
            .with {
                $0.header = integration.header()
                $0.externalID = "1"
                $0.name = "Ana"
            }
        ).contact.id
    }

    @Test("A channel that is another's is answered to an integration like one that there is not")
    func channels() async throws {
        let chat = try await fixture.keyHolder("Chat", channel: "chat")
        let contact = try await contactOf(chat)
        for person in [contact, Data(), fixture.newID] {
            let opened = try await ["fax", "portal"].asyncMap { channel in
                try await answer(to: channel) { () async throws(RPCError) in
                    try await chat.open(on: channel, for: person)
                }
            }
            #expect(opened[0] == opened[1] && opened[0].contains("unknown_channel"))
            let created = try await ["fax", "portal"].asyncMap { channel in
                try await answer(to: channel) { () async throws(RPCError) in
                    try await chat.create(for: person) { $0.channel = channel }
                }
            }
            #expect(created[0] == created[1] && created[0].contains("unknown_channel"))
        }
    }

    @Test("A channel that is not for programs is answered to a partner like one that there is not")
    func partnerChannels() async throws {
        let partner = try await fixture.keyHolder("Partner", channel: nil)
        let contact = try await contactOf(partner)
        let created = try await ["fax", "portal"].asyncMap { channel in
            try await answer(to: channel) { () async throws(RPCError) in
                try await partner.create(for: contact) { $0.channel = channel }
            }
        }
        #expect(created[0] == created[1] && created[0].contains("unknown_channel"))
    }

    @Test("A field that contacts do not see is answered to them like one that there is not")
    func fields() async throws {
        let administrator = try await fixture.agent("boss", .administrator)
        try await administrator.apply(Self.policy)
        let guest = try await fixture.guest()
        let chat = try await fixture.keyHolder("Chat", channel: "chat")
        let brought = try await contactOf(chat)
        for (person, contact) in [(guest, Data()), (chat, brought)] {
            for value in [
                Docket_V1_FieldValue.with { $0.integer = 1 }, .with { $0.text = "x" },
            ] {
                let answers = try await ["margin", "volume"].asyncMap { key in
                    try await answer(to: key) { () async throws(RPCError) in
                        try await person.create(for: contact) { $0.fields[key] = value }
                    }
                }
                #expect(answers[0] == answers[1])
                #expect(answers[0].contains("invalid_value"))
                #expect(answers[0].contains { $0.hasSuffix("must be one of: serial") })
                #expect(answers[0].contains("field=fields.NAME"))
            }
        }
    }

    @Test("A topic for members is answered to contacts like one that there is not, and not named")
    func topics() async throws {
        let administrator = try await fixture.agent("boss", .administrator)
        try await administrator.apply(Self.policy)
        let guest = try await fixture.guest()
        let answers = try await ["staff_affairs", "moonrise"].asyncMap { key in
            try await answer(to: key) { () async throws(RPCError) in
                try await guest.create { $0.topic = key }
            }
        }
        #expect(answers[0] == answers[1])
        #expect(answers[0].contains("topic must be one of: tills"))
        let agent = try await fixture.agent("agent")
        let staff = try await answer(to: "moonrise") { () async throws(RPCError) in
            try await agent.create(for: guest.id) { $0.topic = "moonrise" }
        }
        #expect(staff.contains("topic must be one of: tills, staff_affairs"))
        #expect(
            try await agent.create(for: guest.id) { $0.topic = "staff_affairs" }.request.details
                .topic == "staff_affairs"
        )
    }
}

extension Array {
    /// The elements made into others, one after the other.
    fileprivate func asyncMap<Other>(
        _ make: (Element) async throws -> Other
    ) async throws -> [Other] {
        var made: [Other] = []
        for element in self { made.append(try await make(element)) }
        return made
    }
}
