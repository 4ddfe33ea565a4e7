import DocketCalls
import DocketMessages
import DocketRPC
import Testing

@testable import DocketClient

@Suite("A message is stored once, and its author learns what became of it", .timeLimit(.minutes(5)))
struct PostTests {
    private let second = Duration.seconds(1)

    private static func failure(
        of post: Task<PostOutcome, any Error>
    ) async -> DocketClientError? {
        do {
            _ = try await post.value
            return nil
        } catch {
            return error as? DocketClientError
        }
    }

    @Test("A message that is stored has a receipt")
    func posted() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        let id = MessageID()
        let outcome = try await chat.post("It prints blank pages", id: id)
        guard case .posted(let receipt) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(receipt.messageID == id)
        #expect(receipt.offset == 12)
        #expect(receipt.requestNumber == 4)
        #expect(fixture.desk.posts.map(\.text) == ["It prints blank pages"])
    }

    @Test("A lost reply is asked for again with the same bytes, and there is one effect")
    func lostReply() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.connector.loseReplies(of: ConversationsMethods.post, times: 2)
        async let outcome = chat.post("once")
        await fixture.clock.passNextWait(within: second)
        await fixture.clock.passNextWait(within: second)
        guard case .posted = try await outcome else {
            Issue.record("the message has no receipt")
            return
        }
        #expect(fixture.desk.postCalls == 3)
        #expect(fixture.desk.posts.map(\.text) == ["once"])
    }

    @Test("The same id posted again by the application comes with the same bytes")
    func sameIdentifier() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        let id = MessageID()
        let first = try await chat.post("once", id: id)
        #expect(try await chat.post("once", id: id) == first)
        #expect(fixture.desk.posts.count == 1)
    }

    @Test("A final refusal is an outcome and is not repeated")
    func refused() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        let trailer = Metadatum(key: "field", value: Array("text".utf8))
        fixture.desk.refusePosts(RPCError(.fieldTooLong, "too long", trailers: [trailer]))
        let outcome = try await chat.post("a")
        #expect(
            outcome
                == .refused(
                    Refusal(reason: "field_too_long", message: "too long", particulars: "text")
                )
        )
        #expect(fixture.desk.postCalls == 1)
    }

    @Test("A transient refusal is repeated when the server says")
    func rateLimited() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.desk.refusePosts(RPCError(.rateLimited, "slowly", retryAfter: .seconds(5)))
        async let outcome = chat.post("a")
        #expect(await fixture.clock.passNextWait(within: .seconds(6)) == .seconds(5))
        guard case .posted = try await outcome else {
            Issue.record("the message has no receipt")
            return
        }
        #expect(fixture.desk.postCalls == 2)
    }

    @Test("A message without a connection in its time has certainly taken no effect")
    func unreachable() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        let down = RPCError(.draining, "down", retryAfter: .seconds(600))
        fixture.connector.cut(down)
        _ = await fixture.state { if case .offline = $0 { true } else { false } }
        let post = Task { try await chat.post("a", within: .seconds(30)) }
        await fixture.clock.passNextWait(within: .seconds(30))
        #expect(await Self.failure(of: post)?.code == .unreachable)
        #expect(fixture.desk.postCalls == 0)
    }

    @Test("A message that was sent and has no verdict in its time has an unknown outcome")
    func outcomeUnknown() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.connector.loseReplies(of: ConversationsMethods.post)
        fixture.connector.refuseNext(
            RPCError(.draining, "down", isNotProcessed: true, retryAfter: .seconds(600))
        )
        let post = Task { try await chat.post("a", within: .seconds(30)) }
        await fixture.clock.passNextWait(within: second)
        await fixture.clock.passNextWait(within: .seconds(30))
        #expect(await Self.failure(of: post)?.code == .outcomeUnknown)
        #expect(fixture.desk.posts.count == 1)
    }

    @Test("A closed client refuses at once")
    func closed() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.client.close()
        let post = Task { try await chat.post("a") }
        #expect(await Self.failure(of: post)?.code == .closed)
    }

    @Test("A cancelled caller gets its own task back")
    func cancelled() async throws {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.connector.cut(RPCError(.draining, "down", retryAfter: .seconds(600)))
        let post = Task { try await chat.post("a") }
        post.cancel()
        #expect(await Self.failure(of: post)?.code == .cancelled)
    }
}
