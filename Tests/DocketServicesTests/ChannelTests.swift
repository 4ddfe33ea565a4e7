import DocketCalls
import DocketDesk
import DocketDomain
import DocketMessages
import DocketPolicy
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@Suite("Whoever may begin something learns where, and what it takes", .timeLimit(.minutes(5)))
struct ChannelTests {
    private let fixture: ServiceFixture

    init() throws { fixture = try ServiceFixture() }

    /// Topics and fields, some of which are the staff's, beside the default policy's statuses.
    private static let policy =
        PolicyDocument.defaultText + """

            topics:
              - {key: goods, name: Goods, members: [agent], members_only: true}
              - {key: tills, name: Tills, contact_name: Cash desks, parent: goods}
              - {key: drawers, name: Drawers, parent: tills, types: [incident]}
            fields:
              - {key: serial, name: Number, type: text, limit: 40, visible_to_contact: true}
              - key: pages
                name: Pages
                type: integer
                minimum: 1
                maximum: 9
                visible_to_contact: true
              - key: colours
                name: Colours
                type: choices
                choices: [red, blue]
                visible_to_contact: true
              - {key: margin, name: Margin, type: decimal}
            field_sets:
              - {topic: goods, phase: create, required: [serial, margin]}
              - {topic: drawers, kind: ticket, phase: create, required: [pages]}
              - {phase: close, optional: [colours]}

            """

    private func applyPolicy() async throws {
        try await fixture.agent("boss", .administrator).apply(Self.policy)
    }

    private func list(_ person: Person) async throws(RPCError) -> Docket_V1_ListChannelsReply {
        try await ChannelsCaller(channel: person.channel).list(Docket_V1_ListChannelsCall())
    }

    /// The keys of what a form of a reply has, those that must be there with an asterisk.
    private func fields(
        _ forms: [Docket_V1_OpenForm],
        _ kind: Docket_V1_RequestKind,
        in reply: Docket_V1_ListChannelsReply
    ) throws -> [String] {
        let place = try #require(forms.first { $0.kind == kind }).form
        let form = reply.forms[Int(place)]
        return form.fields.map { field in
            let key = reply.fields[Int(field)].key
            return form.required.contains(field) ? key + "*" : key
        }
    }

    // MARK: Where

    @Test("Each kind of caller gets the channels that it may use, and no other")
    func reach() async throws {
        let people = [
            try await fixture.guest(), try await fixture.keyHolder("Chat", channel: "chat"),
            try await fixture.keyHolder("Partner", channel: nil), try await fixture.agent("agent"),
            try await fixture.agent("cy", .supervisor),
            try await fixture.agent("root", .administrator),
        ]
        var keys: [[String]] = []
        for person in people { keys.append(try await list(person).channels.map(\.key)) }
        let all = fixture.desk.policy.channels.map(\.key)
        let programs = fixture.desk.policy.channels.filter { $0.kind == .api }.map(\.key)
        #expect(!programs.isEmpty && all.count > programs.count)
        #expect(keys == [all, ["chat"], programs, all, all, all])
        for key in keys[0] { _ = try await people[0].open(on: key) }
    }

    @Test("Who has not signed in learns nothing")
    func nobody() async throws {
        let nobody = fixture.nobody()
        let error = await refusal { () async throws(RPCError) in try await list(nobody) }
        #expect(error?.reason == .unauthenticated)
    }

    @Test("Who may use no channel gets an empty reply, although there is much to choose elsewhere")
    func empty() async throws {
        let people = [
            try await fixture.keyHolder("Bridge", channel: "bridge"),
            try await fixture.keyHolder("Partner", channel: nil),
        ]
        for person in people { #expect(try await list(person).channels.count == 1) }
        var text = PolicyDocument.defaultText
        for channel in [
            "  - key: bridge\n    name: Bridge\n    kind: custom\n    opens: chat\n"
                + "    inactive_after: 600s\n",
            "  - key: api\n    name: Partners\n    kind: api\n    opens: ticket\n",
        ] {
            #expect(text.contains(channel))
            text = text.replacing(channel, with: "")
        }
        try await fixture.agent("boss", .administrator).apply(text)
        for person in people {
            #expect(try await list(person) == Docket_V1_ListChannelsReply())
        }
    }

    @Test("A channel says what a message on it opens, and whether a title is asked for")
    func channel() async throws {
        let reply = try await list(try await fixture.guest())
        for channel in reply.channels {
            let rule = try #require(fixture.desk.policy.channel(channel.key))
            #expect(channel.name == rule.name && channel.requiresTitle == rule.requiresTitle)
            #expect(channel.separatesMessages == rule.separatesMessages)
        }
        #expect(reply.channels.first { $0.key == "email" }?.opens == .kindTicket)
        #expect(reply.channels.first { $0.key == "chat" }?.opens == .kindChat)
        let limits = fixture.desk.policy.content.attachments
        #expect(reply.limits.textBytes == 16_384 && reply.limits.titleBytes == 256)
        #expect(reply.limits.attachmentBytes == limits.bytes)
        #expect(reply.limits.attachments == UInt32(limits.filesInMessage))
        #expect(reply.limits.attachmentTypes == limits.types.sorted())
    }

    // MARK: What

    @Test("A contact may choose nothing of the staff's, and learns of none of it")
    func contact() async throws {
        try await applyPolicy()
        let reply = try await list(try await fixture.guest())
        #expect(reply.topics.map(\.key) == ["tills", "drawers"])
        #expect(reply.topics.map(\.name) == ["Cash desks", "Drawers"])
        #expect(reply.topics.map(\.parent) == ["", "tills"], "the topic above is the staff's")
        let types = ["question", "incident", "complaint"]
        #expect(reply.topics.map(\.types) == [types, ["incident"]])
        #expect(reply.fields.map(\.key) == ["serial", "pages", "colours"])
        #expect(reply.types.map(\.name) == ["Question", "Incident", "Complaint"])
        #expect(reply.priorities.map(\.key) == ["low", "normal", "high", "urgent"])
        let text = try reply.jsonString()
        for secret in ["goods", "Goods", "margin", "Margin"] {
            #expect(!text.contains(secret), "\(secret)")
        }
        let tills = reply.topics[0].forms
        #expect(try fields(tills, .kindTicket, in: reply) == ["serial*", "colours"])
        let drawers = reply.topics[1].forms
        #expect(try fields(drawers, .kindTicket, in: reply) == ["serial*", "pages*", "colours"])
        #expect(try fields(drawers, .kindChat, in: reply) == ["serial*", "colours"])
        let chat = try #require(reply.channels.first { $0.key == "chat" })
        #expect(try fields(chat.forms, .kindChat, in: reply) == ["colours"])
    }

    @Test("The staff may choose everything, by the staff's names")
    func staff() async throws {
        try await applyPolicy()
        let reply = try await list(try await fixture.agent("bo"))
        #expect(reply.topics.map(\.name) == ["Goods", "Tills", "Drawers"])
        #expect(reply.topics.map(\.parent) == ["", "goods", "tills"])
        #expect(reply.fields.map(\.key) == ["serial", "pages", "colours", "margin"])
        let tills = reply.topics[1].forms
        #expect(try fields(tills, .kindTicket, in: reply) == ["serial*", "colours", "margin*"])
    }

    @Test("A field says what it holds")
    func content() async throws {
        try await applyPolicy()
        let fields = try await list(try await fixture.agent("bo")).fields
        #expect(fields.map(\.type) == [.text, .integer, .choices, .decimal])
        #expect(fields[0].textBytes == 40)
        #expect(fields[1].lowest == 1 && fields[1].highest == 9)
        #expect(fields[2].words == ["red", "blue"])
    }

    @Test("A status has the name that the caller shows")
    func statuses() async throws {
        let policy = fixture.desk.policy
        let people = [
            (try await fixture.guest(), Audience.conversation),
            (try await fixture.agent("bo"), Audience.staff),
        ]
        var names: [[String]] = []
        for (person, audience) in people {
            let statuses = try await list(person).statuses
            #expect(statuses.map(\.key) == policy.statuses.map(\.key))
            let expected = statuses.map { policy.name(ofStatus: $0.key, for: audience) }
            #expect(statuses.map(\.name) == expected)
            #expect(statuses.allSatisfy { !$0.kinds.isEmpty && $0.category != .unspecified })
            names.append(statuses.map(\.name))
        }
        #expect(names[0] != names[1], "the default policy has names for contacts")
    }

    // MARK: Whether it is true

    /// What a request that says nothing but its topic and kind is refused for.
    private func missing(
        _ person: Person,
        _ channel: String,
        _ topic: String,
        _ kind: Docket_V1_RequestKind
    ) async -> Set<String> {
        let error = await refusal { () async throws(RPCError) in
            try await person.create {
                $0.channel = channel
                $0.topic = topic
                $0.kind = kind
            }
        }
        guard error?.reason == .missingFields else { return [] }
        let fields = error?.trailer("fields") ?? ""
        return Set(fields.split(separator: ",").map(String.init))
    }

    @Test("What a form asks for is what the desk refuses a request for that lacks it")
    func forms() async throws {
        try await applyPolicy()
        let guest = try await fixture.guest()
        let reply = try await list(guest)
        for channel in reply.channels {
            let choices = [("", channel.forms)] + reply.topics.map { ($0.key, $0.forms) }
            for (topic, forms) in choices {
                for form in forms {
                    let required = try fields(forms, form.kind, in: reply)
                        .filter { $0.hasSuffix("*") }.map { String($0.dropLast()) }
                    let title = channel.requiresTitle ? ["title"] : []
                    let missing = await missing(guest, channel.key, topic, form.kind)
                    #expect(missing == Set(required + title), "\(channel.key) \(topic)")
                }
            }
        }
    }

    @Test("What is offered is taken, and what is not is refused")
    func choices() async throws {
        try await applyPolicy()
        let guest = try await fixture.guest()
        let reply = try await list(guest)
        let made = try await guest.create {
            $0.topic = reply.topics[1].key
            $0.type = reply.topics[1].types[0]
            $0.priority = reply.priorities[1].key
            $0.kind = .kindTicket
            $0.fields["serial"] = .with { $0.text = "A-1" }
            $0.fields["pages"] = .with { $0.integer = 9 }
            $0.fields["colours"] = .with { $0.words.words = ["red"] }
        }
        #expect(made.request.details.topic == "drawers")
        let reason = await refusal { () async throws(RPCError) in
            try await guest.create { $0.topic = "goods" }
        }?.reason
        #expect(reason == .invalidValue)
    }
}
