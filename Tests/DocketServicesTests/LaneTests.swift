import DeskSupport
import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Testing

@testable import DocketServices

@Suite("Several calls in one lane")
struct LaneTests {
    private static func posts(
        _ texts: [String],
        in conversation: Data,
        by person: Person
    ) throws -> [Docket_V1_LaneCall] {
        try texts.map { text in
            try Docket_V1_LaneCall(
                ConversationsMethods.post,
                person.posting(text, in: conversation)
            )
        }
    }

    private static func texts(in conversation: Data, _ person: Person) async throws -> [String] {
        try await person.history(of: conversation).entries.compactMap { entry in
            guard case .messagePosted(let message) = entry.event.fact else { return nil }
            return message.text
        }
    }

    @Test("The calls of a lane take effect in their order", arguments: StoreKind.allCases)
    func order(_ keeping: StoreKind) async throws {
        let guest = try await ServiceFixture(keeping).guest()
        let open = Docket_V1_OpenConversationCall.with {
            $0.header = guest.header()
            $0.channel = "chat"
        }
        let conversation = open.header.commandID
        let texts = (1...63).map { "message \($0)" }
        let calls = [try Docket_V1_LaneCall(ConversationsMethods.open, open)]
        let answers = try await guest.submit(
            calls + Self.posts(texts, in: conversation, by: guest)
        )
        #expect(answers.count == CommandsHandler.callsInLane)
        #expect(answers.dropFirst().compactMap(\.posted?.sequence) == Array(1...63))
        #expect(try await Self.texts(in: conversation, guest) == texts)
    }

    @Test("Behind the first call that is refused none is made", arguments: StoreKind.allCases)
    func refusal(_ keeping: StoreKind) async throws {
        let guest = try await ServiceFixture(keeping).guest()
        let conversation = try await guest.open()
        let calls = try [
            guest.posting("one", in: conversation), guest.posting("two", in: guest.fixture.newID),
            guest.posting("three", in: conversation),
        ].map { try Docket_V1_LaneCall(ConversationsMethods.post, $0) }
        let answers = try await guest.submit(calls)
        #expect(answers.count == 2)
        #expect(answers[0].posted?.sequence == 1)
        #expect(answers[1].refusal?.reason == .notFound)
        #expect(answers[1].refusal?.isFinal == true)
        #expect(try await Self.texts(in: conversation, guest) == ["one"])
    }

    @Test("What is wrong with a call's bytes ends its lane like a verdict")
    func malformed() async throws {
        let guest = try await ServiceFixture().guest()
        let conversation = try await guest.open()
        var calls = try Self.posts(["one", "two", "three"], in: conversation, by: guest)
        calls[1].message = Data([0xFF])
        var answers = try await guest.submit(calls)
        #expect(answers.count == 2)
        #expect(answers[1].refusal?.reason == .malformedMessage)
        calls[1] = try Docket_V1_LaneCall(ConversationsMethods.post, Docket_V1_PostCall())
        answers = try await guest.submit(calls)
        #expect(answers.count == 2, "the first is the same command as before")
        #expect(answers[1].refusal?.reason == .fieldMissing)
        #expect(try await Self.texts(in: conversation, guest) == ["one"])
    }

    @Test("A call of a lane is the same command when it comes again by itself")
    func repetition() async throws {
        let guest = try await ServiceFixture().guest()
        let conversation = try await guest.open()
        let post = guest.posting("once", in: conversation)
        let lane = [try Docket_V1_LaneCall(ConversationsMethods.post, post)]
        let first = try await guest.submit(lane)
        let alone = try await guest.conversations.post(post)
        let again = try await guest.submit(lane)
        #expect(first[0].posted == alone)
        #expect(again[0].posted == alone)
        var changed = post
        changed.text = "twice"
        let reused = try await guest.submit([
            try Docket_V1_LaneCall(ConversationsMethods.post, changed)
        ])
        #expect(reused[0].refusal?.reason == .keyReused)
        #expect(try await Self.texts(in: conversation, guest) == ["once"])
    }

    @Test("A lane has 1 to 64 calls")
    func limits() async throws {
        let guest = try await ServiceFixture().guest()
        let conversation = try await guest.open()
        let none = await DocketServicesTests.refusal { () async throws(RPCError) in
            try await guest.submit([])
        }
        #expect(none?.reason == .fieldMissing)
        let calls = try Self.posts(
            (0...CommandsHandler.callsInLane).map { "\($0)" },
            in: conversation,
            by: guest
        )
        let beyond = await DocketServicesTests.refusal { () async throws(RPCError) in
            try await guest.submit(calls)
        }
        #expect(beyond?.reason == .tooMany)
        #expect(try await Self.texts(in: conversation, guest) == [])
        #expect(try await guest.submit(calls.dropLast()).count == CommandsHandler.callsInLane)
    }

    @Test("A lane may not have what changes nothing, signs in, or is not for its caller")
    func members() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        try await guest.post("hello", in: conversation)
        let request = try await guest.requests.list(Docket_V1_ListRequestsCall()).requests[0]
        for method in MethodTable.all where !method.isCommand {
            let answers = try await guest.submit([
                .with { $0.method = method.hash }
            ])
            #expect(answers.map(\.refusal?.reason) == [.methodUnknown], "\(method.name)")
        }
        for method in [AdministrationMethods.createAgent, SessionsMethods.createGuest] {
            let answers = try await guest.submit([.with { $0.method = method.hash }])
            #expect(answers.map(\.refusal?.reason) == [.methodUnknown], "\(method.name)")
        }
        var take = Docket_V1_TakeCall()
        take.header = guest.header()
        take.requestID = request.id
        let answers = try await guest.submit([
            try Docket_V1_LaneCall(RequestsMethods.take, take)
        ])
        #expect(answers.map(\.refusal?.reason) == [.notFound])
    }

    @Test("A lane may have every command about conversations, requests and tickets")
    func commands() async throws {
        let services = ["docket.v1.Conversations", "docket.v1.Requests", "docket.v1.Tickets"]
        let guest = try await ServiceFixture().guest()
        for method in MethodTable.all where method.isCommand {
            let isMember = services.contains { method.name.hasPrefix($0 + "/") }
            let answers = try await guest.submit([.with { $0.method = method.hash }])
            let isUnknown = answers.map(\.refusal?.reason) == [.methodUnknown]
            #expect(isUnknown != isMember, "\(method.name)")
        }
    }

    @Test("Each call of a lane counts against its caller's rate")
    func rates() async throws {
        var rates = ServiceRates()
        rates.contact = CallRate(burst: 4, perSecond: 0.001)
        let guest = try await ServiceFixture(rates: rates).guest()
        let conversation = try await guest.open()
        let calls = try Self.posts(["1", "2", "3", "4", "5"], in: conversation, by: guest)
        let answers = try await guest.submit(calls)
        #expect(answers.count == 4)
        #expect(answers.last?.refusal?.reason == .rateLimited)
        #expect(answers.last?.refusal?.retryAfter != nil)
        #expect(try await Self.texts(in: conversation, guest) == ["1", "2", "3"])
    }

    @Test("Where the answers are longer than a message the first of them come")
    func longAnswers() {
        var answers = LaneAnswers(limit: 250)
        for _ in 0..<4 { answers.add(.success(Array(repeating: 1, count: 100))) }
        #expect(answers.reply.answers.count == 2)
        answers.add(.failure(RPCError(.notFound)))
        #expect(answers.reply.answers.count == 2, "it is not the answer of the third")
    }
}
