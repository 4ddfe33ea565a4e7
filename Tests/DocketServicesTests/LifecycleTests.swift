import DeskSupport
import DocketCalls
import DocketDomain
import DocketMessages
import DocketPolicy
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@Suite("The life of a request over the services")
struct LifecycleTests {
    private let fixture: ServiceFixture

    init() throws { fixture = try ServiceFixture() }

    @Test("An agent opens a request for a contact; the contact finds it described for contacts")
    func createdByHand() async throws {
        let contact = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let reply = try await agent.create(for: contact.id) {
            $0.kind = .kindTicket
            $0.title = "Broken till"
            $0.tags = ["vip"]
        }
        #expect(reply.request.details.origin == .manual)
        #expect(reply.request.details.tags == ["vip"])
        #expect(reply.request.title == "Broken till")
        #expect(reply.request.details.isAside, "a ticket gets no messages of the chat")
        let seen = try await agent.get(reply.request.id)
        #expect(seen == reply.request)
        let own = try await contact.create { $0.kind = .kindTicket }
        #expect(own.request.details.origin == .portal)
        #expect(own.request.details.tags.isEmpty)
    }

    @Test("Tags, internal requests and sources are the staff's")
    func staffMatters() async throws {
        let contact = try await fixture.guest()
        let spoils: [(inout Docket_V1_CreateRequestCall) -> Void] = [
            { $0.tags = ["vip"] }, { $0.isInternal = true },
            { [fixture] in $0.sourceID = fixture.newID },
        ]
        for spoil in spoils {
            let answer = await refusal { () async throws(RPCError) in
                try await contact.create(for: Data(), spoil)
            }
            #expect(answer?.reason == .notFound)
        }
    }

    @Test("A kind that the policy does not handle is answered kind_disabled")
    func disabledKind() async throws {
        let contact = try await fixture.guest()
        let answer = await refusal { () async throws(RPCError) in
            try await contact.create { $0.kind = .kindTask }
        }
        #expect(answer?.reason == .kindDisabled)
        #expect(answer?.trailer("field") == "kind")
    }

    @Test("An internal request is the staff's alone, in feeds, histories and routing")
    func internalRequest() async throws {
        let contact = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let conversation = try await contact.open()
        let first = try await contact.post("help", in: conversation)
        let made = try await agent.create(for: contact.id) { $0.isInternal = true }
        #expect(made.request.details.isInternal)
        let history = try await contact.history(of: conversation)
        #expect(history.entries.allSatisfy { $0.event.requestID != made.request.id })
        #expect(!history.entries.isEmpty)
        let staff = try await agent.history(of: conversation)
        #expect(staff.entries.contains { $0.event.requestID == made.request.id })
        let next = try await contact.post("more", in: conversation)
        #expect(next.requestID == first.requestID)
        let hidden = fixture.newID
        let comment = Docket_V1_PostCall.with {
            $0.header = agent.header(hidden)
            $0.conversationID = conversation
            $0.requestID = made.request.id
            $0.text = "Only for us"
        }
        #expect(try await agent.conversations.post(comment).requestID == made.request.id)
        let guess = Docket_V1_PostCall.with {
            $0.header = contact.header()
            $0.conversationID = conversation
            $0.text = "An answer to what nobody told me"
            $0.inReplyToIds = [hidden]
        }
        #expect(try await contact.conversations.post(guess).requestID == first.requestID)
        let newest = try await contact.snapshot().conversations.first?.newestRequest
        #expect(newest?.id == first.requestID)
    }

    @Test("A finished chat that is begun anew can be split and merged back")
    func splitAndMergeBack() async throws {
        let contact = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let conversation = try await contact.open()
        let first = try await contact.post("the milk is sour", in: conversation)
        try await agent.take(first.requestID)
        try await agent.finish(first.requestID, as: "waiting")
        try await contact.post("and the till is broken", in: conversation)
        let offer = try await agent.get(first.requestID).details
        #expect(offer.splitFromSequence == 2 && offer.splitStatus == "waiting")
        #expect(offer.hasSplitRest)
        let seen = try await contact.snapshot().conversations.first?.newestRequest.details
        #expect(seen?.splitFromSequence == 0 && seen?.splitStatus.isEmpty == true)
        #expect(seen?.hasSplitRest == false, "how it rested is the staff's")
        let split = try await agent.splitNewMessages(of: first.requestID).request
        #expect(split.number > first.requestNumber)
        #expect(split.isLive && split.description_p == "and the till is broken")
        let left = try await agent.get(first.requestID)
        #expect(left.status == "waiting" && !left.isLive)
        #expect(try await agent.messages(of: split.id).entries.count == 1)
        #expect(try await agent.messages(of: first.requestID).entries.count == 1)
        let merged = try await agent.merge(split.id).request
        #expect(merged.id == first.requestID && merged.isLive)
        #expect(merged.details.sources.map(\.number) == [split.number])
        let source = try await agent.get(split.id)
        #expect(source.category == .categoryMerged)
        #expect(source.details.mergedInto.number == first.requestNumber)
        let texts = try await agent.messages(of: first.requestID).entries
        #expect(
            texts.map(\.event.messagePosted.text)
                == ["the milk is sour", "and the till is broken"]
        )
        #expect(texts.map(\.sequence) == [1, 3], "a place that was given away stays empty")
        let later = try await contact.post("still sour", in: conversation)
        #expect(later.requestID == first.requestID)
        #expect(try await agent.messages(of: split.id).entries.isEmpty)
    }

    @Test("Everything that a status wants is named at once")
    func missingFields() async throws {
        let administrator = try await fixture.agent("boss", .administrator)
        let contact = try await fixture.guest()
        try await administrator.apply(Self.policyWithFields)
        let conversation = try await contact.open()
        let posted = try await contact.post("help", in: conversation)
        let agent = try await fixture.agent("agent")
        try await agent.take(posted.requestID)
        let answer = await refusal { () async throws(RPCError) in
            try await agent.finish(posted.requestID, as: "closed")
        }
        #expect(answer?.reason == .missingFields)
        #expect(answer?.trailer("fields") == "shop,cause")
        let wrong = await refusal { () async throws(RPCError) in
            try await agent.edit(posted.requestID, [.field("shop", .with { $0.text = "x" })])
        }
        #expect(wrong?.reason == .invalidValue)
        #expect(wrong?.trailer("field") == "fields.shop")
        try await agent.edit(
            posted.requestID,
            [
                .field("shop", .with { $0.integer = 7 }),
                .field("cause", .with { $0.text = "power" }),
            ]
        )
        let closed = try await agent.finish(posted.requestID, as: "closed").request
        #expect(closed.category == .categoryClosed)
        #expect(closed.details.fields["shop"]?.integer == 7)
    }

    @Test("A contact is told what contacts call a status and a topic, by events and by requests")
    func namesForContacts() async throws {
        let administrator = try await fixture.agent("boss", .administrator)
        try await administrator.apply(
            PolicyDocument.defaultText + """

                topics:
                  - {key: tills, name: Tills (second line), contact_name: Tills}
                  - {key: scales, name: Scales}

                """
        )
        let contact = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let conversation = try await contact.open()
        let request = try await contact.post("help", in: conversation).requestID
        try await agent.take(request)
        try await agent.edit(request, [.with { $0.topic = "tills" }])
        try await agent.set(request, to: "on_hold")
        let history = try await contact.history(of: conversation)
        let facts = history.entries.compactMap(\.event.fact)
        let names = facts.compactMap { fact in
            switch fact {
            case .requestOpened(let opened): opened.statusNameForContact
            case .statusChanged(let changed): changed.statusNameForContact
            default: nil
            }
        }
        #expect(names == ["New", "Assigned", "In progress"])
        let staff = try await agent.history(of: conversation)
        #expect(history.entries.allSatisfy { staff.entries.contains($0) }, "encoded once")
        let seen = try await contact.get(request)
        #expect(seen.statusName == "In progress" && seen.topicName == "Tills")
        let known = try await agent.get(request)
        #expect(known.statusName == "Waiting for somebody else")
        #expect(known.topicName == "Tills (second line)")
        try await agent.edit(request, [.with { $0.topic = "scales" }])
        #expect(try await contact.get(request).topicName == "Scales")
        try await agent.edit(request, [.with { $0.topic = "" }])
        #expect(try await contact.get(request).topicName == "")
    }

    @Test("An edit whose value this server does not know is refused, and empties nothing")
    func unknownValue() async throws {
        let administrator = try await fixture.agent("boss", .administrator)
        let contact = try await fixture.guest()
        try await administrator.apply(Self.policyWithFields)
        let posted = try await contact.post("help", in: try await contact.open())
        let agent = try await fixture.agent("agent")
        try await agent.take(posted.requestID)
        try await agent.edit(posted.requestID, [.field("shop", .with { $0.integer = 7 })])
        // What a newer client writes has a field that this version's message does not know.
        let newer = try Docket_V1_FieldValue(serializedBytes: Data([0x78, 1]))
        for value in [Docket_V1_FieldValue(), newer] {
            let answer = await refusal { () async throws(RPCError) in
                try await agent.edit(posted.requestID, [.field("shop", value)])
            }
            #expect(answer?.reason == .invalidArgument)
            #expect(answer?.trailer("field") == "edits.field.value")
        }
        #expect(try await agent.get(posted.requestID).details.fields["shop"]?.integer == 7)
        var emptied = Docket_V1_EditCall.Edit()
        emptied.field.key = "shop"
        let edited = try await agent.edit(posted.requestID, [emptied]).request
        #expect(edited.details.fields["shop"] == nil)
    }

    @Test("A policy that drops what requests use is refused with what they use")
    func policyInUse() async throws {
        let administrator = try await fixture.agent("boss", .administrator)
        let contact = try await fixture.guest()
        try await contact.post("help", in: try await contact.open())
        let other = PolicyDocument.defaultText.replacing("key: new\n", with: "key: fresh\n")
            .replacing("initial_status: new", with: "initial_status: fresh")
            .replacing("[new, ", with: "[fresh, ").replacing("[new]", with: "[fresh]")
        let answer = await refusal { () async throws(RPCError) in
            try await administrator.apply(other)
        }
        #expect(answer?.reason == .inUse, "\(String(describing: answer))")
        #expect(answer?.trailer("in_use") == "statuses.new")
        let bad = await refusal { () async throws(RPCError) in
            try await administrator.apply("version: 2\n")
        }
        #expect(bad?.reason == .policyInvalid)
    }

    @Test(
        "An id that the desk gave to a request or a conversation is given to no other",
        arguments: StoreKind.allCases
    )
    func reusedIDs(keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let contact = try await fixture.guest()
        let posted = try await contact.post("help", in: try await contact.open())
        for channel in ["chat", "portal"] {
            let answer = await refusal { () async throws(RPCError) in
                try await contact.create {
                    $0.header.commandID = posted.requestID
                    $0.channel = channel
                }
            }
            #expect(answer?.reason == .keyReused, "\(channel)")
        }
        let made = try await contact.create { $0.channel = "portal" }
        var open = Docket_V1_OpenConversationCall()
        open.header.commandID = made.request.conversationID
        open.channel = "email"
        let asked = open
        let answer = await refusal { () async throws(RPCError) in
            try await contact.conversations.open(asked)
        }
        #expect(answer?.reason == .keyReused)
        let other = try await fixture.guest()
        let next = try await other.post("me too", in: try await other.open())
        #expect(next.requestNumber == made.request.number + 1)
    }

    @Test("A chat that is not the newest goes on when a message names it")
    func olderChat() async throws {
        let contact = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let conversation = try await contact.open()
        let first = try await contact.post("one", in: conversation)
        try await agent.take(first.requestID)
        try await agent.finish(first.requestID, as: "waiting")
        _ = try await contact.create { $0.kind = .kindChat }
        var call = Docket_V1_PostCall()
        call.header = contact.header()
        call.conversationID = conversation
        call.text = "four"
        call.requestID = first.requestID
        let number = try await contact.conversations.post(call).requestNumber
        #expect(number == first.requestNumber)
        #expect(try await agent.get(first.requestID).status != "waiting")
    }

    @Test("A message continues the request of the first message that it answers, where that is now")
    func answeredMessages() async throws {
        let agent = try await fixture.agent("agent")
        let mail = try await fixture.keyHolder("Mail", channel: "email")
        let ensure = Docket_V1_EnsureContactCall.with {
            $0.header = mail.header()
            $0.externalID = "ana@desk.example"
            $0.name = "Ana"
        }
        let contact = try await mail.contacts.ensure(ensure).contact.id
        let opening = Docket_V1_OpenConversationCall.with {
            $0.header = mail.header()
            $0.channel = "email"
            $0.contactID = contact
        }
        let conversation = try await mail.conversations.open(opening).conversation.id
        func post(
            _ text: String,
            as id: Data,
            answering others: [Data] = []
        ) async throws(RPCError) -> Docket_V1_PostReply {
            let call = Docket_V1_PostCall.with {
                $0.header = mail.header(id)
                $0.conversationID = conversation
                $0.text = text
                $0.title = text
                $0.inReplyToIds = others
            }
            return try await mail.conversations.post(call)
        }
        let (one, two, three) = (fixture.newID, fixture.newID, fixture.newID)
        let first = try await post("one", as: one)
        let second = try await post("two", as: two)
        #expect(first.requestID != second.requestID)
        let others = [fixture.newID, one, two]
        let answer = try await post("three", as: three, answering: others)
        #expect(answer.requestID == first.requestID)
        let again = try await post("three", as: three, answering: others)
        #expect(again.offset == answer.offset)
        let split = try await agent.split([three], off: first.requestID).request
        let later = try await post("four", as: fixture.newID, answering: [three])
        #expect(later.requestID == split.id, "the message that it answers was moved there")
        let elsewhere = try await fixture.guest()
        let foreign = fixture.newID
        try await elsewhere.post("mine", in: try await elsewhere.open(), id: foreign)
        let own = try await post("five", as: fixture.newID, answering: [foreign])
        #expect(own.requestID != first.requestID && own.requestID != second.requestID)
        let many = (1...33).map { _ in fixture.newID }
        let refused = await refusal { () async throws(RPCError) in
            try await post("six", as: fixture.newID, answering: many)
        }
        #expect(refused?.reason == .tooMany)
    }

    @Test("A partner opens requests of contacts whom it brought, on channels for programs")
    func partner() async throws {
        let partner = try await fixture.keyHolder("Partner", channel: nil)
        var ensure = Docket_V1_EnsureContactCall()
        ensure.header = partner.header()
        ensure.externalID = "17"
        ensure.name = "Somebody"
        let contact = try await partner.contacts.ensure(ensure).contact.id
        let made = try await partner.create(for: contact) { $0.channel = "api" }
        #expect(made.request.details.origin == .partner)
        #expect(made.request.contact.id == contact)
        let stranger = try await fixture.guest()
        let refusals: [(Reason, (inout Docket_V1_CreateRequestCall) -> Void)] = [
            (.unknownChannel, { $0.channel = "chat" }),
            (
                .notFound,
                {
                    $0.channel = "api"
                    $0.contactID = stranger.id
                }
            ),
        ]
        for (reason, spoil) in refusals {
            let answer = await refusal { () async throws(RPCError) in
                try await partner.create(for: contact, spoil)
            }
            #expect(answer?.reason == reason)
        }
    }

    @Test("A policy says how large a file may be, from when it is applied")
    func attachmentLimits() async throws {
        let administrator = try await fixture.agent("boss", .administrator)
        let contact = try await fixture.guest()
        let conversation = try await contact.open()
        _ = try await contact.upload(Data("12345".utf8), to: conversation)
        try await administrator.apply(
            PolicyDocument.defaultText + "\nattachments: {bytes: 4, types: [text/plain]}\n"
        )
        _ = try await contact.upload(Data("1234".utf8), to: conversation)
        let answer = await refusal { () async throws(RPCError) in
            try await contact.upload(Data("12345".utf8), to: conversation)
        }
        #expect(answer?.reason == .attachmentTooLarge)
    }

    /// The default policy with fields that are asked for while a chat is worked on and at its end.
    private static let policyWithFields =
        PolicyDocument.defaultText + """

            fields:
              - {key: shop, name: Shop, type: integer, minimum: 1, maximum: 99}
              - {key: cause, name: Cause, type: choice, choices: [power, water]}
            field_sets:
              - {kind: chat, phase: process, required: [shop]}
              - {kind: chat, phase: close, required: [cause]}

            """
}

extension Docket_V1_EditCall.Edit {
    /// Fills a field.
    static func field(_ key: String, _ value: Docket_V1_FieldValue) -> Self {
        .with {
            $0.field.key = key
            $0.field.value = value
        }
    }
}
