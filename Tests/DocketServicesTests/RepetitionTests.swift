import DeskSupport
import DocketCalls
import DocketDomain
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@Suite("A command's id stands for one effect and one answer")
struct RepetitionTests {
    /// A command, made by somebody who may, and a way to make it say something else.
    private struct Repeated<Call: SwiftProtobuf.Message & Sendable, Answer: Equatable> {
        let call: Call
        let change: (inout Call) -> Void
        let send: (Person, Call) async throws(RPCError) -> Answer
    }

    private func check<Call, Answer>(
        _ repeated: Repeated<Call, Answer>,
        by person: Person,
        or other: Person
    ) async throws {
        let first = try await repeated.send(person, repeated.call)
        let second = try await repeated.send(person, repeated.call)
        #expect(first == second, "\(Call.self)")
        var changed = repeated.call
        repeated.change(&changed)
        let otherContent = changed
        let reused = await refusal { () async throws(RPCError) in
            try await repeated.send(person, otherContent)
        }
        #expect(reused?.reason == .keyReused, "\(Call.self) with other content")
        #expect(reused?.isFinal == true)
        #expect(reused?.trailers == [], "nothing may be told of the first use")
        let stolen = await refusal { () async throws(RPCError) in
            try await repeated.send(other, repeated.call)
        }
        #expect(stolen == reused, "\(Call.self) by another principal")
    }

    @Test("In conversations", arguments: StoreKind.allCases)
    func conversations(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let guest = try await fixture.guest()
        let other = try await fixture.guest("Other")
        let open = Docket_V1_OpenConversationCall.with {
            $0.header = guest.header()
            $0.channel = "chat"
        }
        try await check(
            Repeated(call: open, change: { $0.channel = "bridge" }) {
                person,
                call throws(RPCError) in try await person.conversations.open(call)
            },
            by: guest,
            or: other
        )
        let post = Docket_V1_PostCall.with {
            $0.header = guest.header()
            $0.conversationID = open.header.commandID
            $0.text = "hello"
        }
        try await check(
            Repeated(call: post, change: { $0.text = "hello!" }) {
                person,
                call throws(RPCError) in try await person.conversations.post(call)
            },
            by: guest,
            or: other
        )
        let mark = Docket_V1_MarkReadCall.with {
            $0.header = guest.header()
            $0.conversationID = open.header.commandID
            $0.upToOffset = 1
        }
        try await check(
            Repeated(call: mark, change: { $0.upToOffset = 2 }) {
                person,
                call throws(RPCError) in try await person.conversations.markRead(call)
            },
            by: guest,
            or: other
        )
        let history = try await guest.history(of: open.header.commandID)
        #expect(history.entries.count { $0.event.messagePosted.text == "hello" } == 1)
    }

    @Test("In the work on requests", arguments: StoreKind.allCases)
    func requests(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let guest = try await fixture.guest()
        let request = try await guest.post("help", in: try await guest.open()).requestID
        let agent = try await fixture.agent("agent", .supervisor)
        let other = try await fixture.agent("other", .supervisor)
        let take = Docket_V1_TakeCall.with {
            $0.header = agent.header()
            $0.requestID = request
        }
        try await check(
            Repeated(call: take, change: { $0.header.expectedVersion = 1 }) {
                person,
                call throws(RPCError) in try await person.requests.take(call)
            },
            by: agent,
            or: other
        )
        let note = Docket_V1_PostNoteCall.with {
            $0.header = agent.header()
            $0.requestID = request
            $0.text = "patient"
        }
        try await check(
            Repeated(call: note, change: { $0.text = "impatient" }) {
                person,
                call throws(RPCError) in try await person.requests.postNote(call)
            },
            by: agent,
            or: other
        )
        let assign = Docket_V1_AssignCall.with {
            $0.header = agent.header()
            $0.requestID = request
            $0.agentID = other.id
        }
        try await check(
            Repeated(call: assign, change: { $0.agentID = Data() }) {
                person,
                call throws(RPCError) in try await person.requests.assign(call)
            },
            by: agent,
            or: other
        )
        let finish = Docket_V1_FinishCall.with {
            $0.header = agent.header()
            $0.requestID = request
        }
        try await check(
            Repeated(call: finish, change: { $0.status = "closed" }) {
                person,
                call throws(RPCError) in try await person.requests.finish(call)
            },
            by: agent,
            or: other
        )
    }

    @Test("In administration", arguments: StoreKind.allCases)
    func administration(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let administrator = try await fixture.agent("administrator", .administrator)
        let other = try await fixture.agent("other", .administrator)
        let agent = Docket_V1_CreateAgentCall.with {
            $0.header = administrator.header()
            $0.login = "new"
            $0.name = "New"
            $0.password = ServiceFixture.password
            $0.role = .agent
        }
        try await check(
            Repeated(call: agent, change: { $0.name = "Newer" }) {
                person,
                call throws(RPCError) in
                try await person.administration.createAgent(call)
            },
            by: administrator,
            or: other
        )
        let revoke = Docket_V1_RevokeSessionsCall.with {
            $0.header = administrator.header()
            $0.principalID = agent.header.commandID
        }
        try await check(
            Repeated(call: revoke, change: { $0.principalID = other.id }) {
                person,
                call throws(RPCError) in
                try await person.administration.revokeSessions(call)
            },
            by: administrator,
            or: other
        )
        let holder = try await fixture.keyHolder("Keys", channel: "bridge")
        let key = Docket_V1_RevokeKeyCall.with {
            $0.header = administrator.header()
            $0.principalID = holder.id
        }
        try await check(
            Repeated(call: key, change: { $0.principalID = other.id }) {
                person,
                call throws(RPCError) in try await person.administration.revokeKey(call)
            },
            by: administrator,
            or: other
        )
    }

    @Test("An integration's contact is made once", arguments: StoreKind.allCases)
    func contacts(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let integration = try await fixture.keyHolder("One", channel: "bridge")
        let other = try await fixture.keyHolder("Other", channel: "bridge")
        let ensure = Docket_V1_EnsureContactCall.with {
            $0.header = integration.header()
            $0.externalID = "17"
            $0.name = "Somebody"
        }
        try await check(
            Repeated(call: ensure, change: { $0.externalID = "18" }) {
                person,
                call throws(RPCError) in try await person.contacts.ensure(call)
            },
            by: integration,
            or: other
        )
        var again = ensure
        again.header = integration.header()
        #expect(try await integration.contacts.ensure(again).contact.id == ensure.header.commandID)
        again.header = other.header()
        #expect(try await other.contacts.ensure(again).contact.id == again.header.commandID)
    }

    @Test("A key is shown once")
    func keys() async throws {
        let administrator = try await ServiceFixture().agent("administrator", .administrator)
        let call = Docket_V1_CreateKeyCall.with {
            $0.header = administrator.header()
            $0.kind = .principalIntegration
            $0.name = "Bridge"
            $0.channel = "bridge"
        }
        let first = try await administrator.administration.createKey(call)
        let second = try await administrator.administration.createKey(call)
        #expect(!first.apiKey.isEmpty && second.apiKey.isEmpty)
        #expect(first.principal == second.principal)
        let signedIn = try await administrator.fixture.nobody().signingIn(apiKey: first.apiKey)
        #expect(signedIn.id == first.principal.id)
    }

    @Test("A guest who repeats CreateGuest is the same guest; a thief of the id is nobody")
    func guests() async throws {
        let fixture = try ServiceFixture()
        var call = Docket_V1_CreateGuestCall()
        call.header = fixture.nobody().header()
        call.name = "Guest"
        call.secret = fixture.bytes(32)
        let first = try await fixture.nobody().sessions.createGuest(call).session
        let second = try await fixture.nobody().sessions.createGuest(call).session
        #expect(first.principal == second.principal && first.token != second.token)
        call.secret = fixture.bytes(32)
        let thief = call
        let error = await refusal { () async throws(RPCError) in
            try await fixture.nobody().sessions.createGuest(thief)
        }
        #expect(error?.reason == .keyReused)
    }

    @Test("Other bytes are other content, also where this server understands the same of them")
    func otherBytes() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let call = Docket_V1_PostCall.with {
            $0.header = guest.header()
            $0.conversationID = conversation
            $0.text = "hello"
        }
        let first = try await guest.conversations.post(call)
        #expect(try await guest.conversations.post(call) == first)
        // Field 1,000 with the number 1: nothing that this version knows.
        let unknown: [UInt8] = [0xC0, 0x3E, 0x01]
        let newer = try Docket_V1_PostCall(serializedBytes: call.serializedBytes() + unknown)
        let error = await refusal { () async throws(RPCError) in
            try await guest.conversations.post(newer)
        }
        #expect(error?.reason == .keyReused)
    }

    @Test("An id that made a message makes nothing else")
    func otherMethod() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let id = fixture.newID
        try await guest.post("hello", in: conversation, id: id)
        let error = await refusal { () async throws(RPCError) in
            try await guest.conversations.markRead(
                .with {
                    $0.header = guest.header(id)
                    $0.conversationID = conversation
                }
            )
        }
        #expect(error?.reason == .keyReused)
    }

    @Test(
        "A refusal stays, whatever changes afterwards",
        arguments: StoreKind.allCases
    )
    func storedRefusal(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        let request = try await guest.post("help", in: conversation).requestID
        let holder = try await fixture.agent("holder")
        let other = try await fixture.agent("other")
        try await holder.take(request)
        let id = fixture.newID
        let first = await refusal { () async throws(RPCError) in
            try await other.post("mine", in: conversation, id: id)
        }
        #expect(first?.reason == .notAssignee && first?.isFinal == true)
        try await holder.assign(request, to: other.id)
        let second = await refusal { () async throws(RPCError) in
            try await other.post("mine", in: conversation, id: id)
        }
        #expect(second == first)
        try await other.post("mine", in: conversation)
    }
}
