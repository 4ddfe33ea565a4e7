import DocketCalls
import DocketDomain
import DocketMessages
import DocketRPC
import Foundation
import Testing

@Suite("Every field is checked, and a refusal names the field")
struct FieldTests {
    private let fixture: ServiceFixture

    init() throws {
        fixture = try ServiceFixture()
    }

    @Test("The fields of conversations")
    func conversations() async throws {
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        var open = Docket_V1_OpenConversationCall()
        open.header = guest.header()
        open.channel = "chat"
        await expectRefusals(
            of: open,
            [
                .identifiers("header.command_id", \.header.commandID),
                .texts("channel", \.channel, atMost: 64),
                .identifiers("contact_id", \.contactID, mayBeEmpty: true),
            ],
            guest.conversations.open
        )
        var post = Docket_V1_PostCall()
        post.header = guest.header()
        post.conversationID = conversation
        post.text = "hello"
        await expectRefusals(
            of: post,
            [
                .identifiers("header.command_id", \.header.commandID),
                .identifiers("conversation_id", \.conversationID),
                .texts("text", \.text, atMost: 16_384),
            ],
            guest.conversations.post
        )
        var mark = Docket_V1_MarkReadCall()
        mark.header = guest.header()
        mark.conversationID = conversation
        await expectRefusals(
            of: mark,
            [
                .identifiers("header.command_id", \.header.commandID),
                .identifiers("conversation_id", \.conversationID),
            ],
            guest.conversations.markRead
        )
        await expectRefusals(
            of: Docket_V1_TypingCall(),
            [.identifiers("conversation_id", \.conversationID)],
            guest.conversations.typing
        )
    }

    @Test("The fields of queries")
    func queries() async throws {
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        var history = Docket_V1_HistoryCall()
        history.conversationID = try await guest.open()
        await expectRefusals(
            of: history,
            [
                .identifiers("conversation_id", \.conversationID),
                .value("limit") { $0.limit = 201 },
            ],
            guest.conversations.history
        )
        await expectRefusals(
            of: Docket_V1_SnapshotCall(),
            [.value("limit") { $0.limit = 201 }],
            guest.feed.snapshot
        )
        await expectRefusals(
            of: Docket_V1_ListRequestsCall(),
            [
                .value("limit") { $0.limit = 201 },
                .value("ownership") { $0.ownership = .UNRECOGNIZED(9) },
                .value("categories") { $0.categories = [.unspecified] },
                .value("categories") { $0.categories = [.UNRECOGNIZED(99)] },
                .value("statuses", .fieldMissing) { $0.statuses = ["new", ""] },
                .value("statuses", .fieldTooLong) { $0.statuses = [text(bytes: 65)] },
                .value("statuses") { $0.statuses = Array(repeating: "new", count: 33) },
                .identifiers("assignee_id", \.assigneeID, mayBeEmpty: true),
                .value("assignee_id") {
                    $0.assigneeID = $0.assigneeID + fixture.newID
                    $0.ownership = .mine
                },
                .identifiers("contact_id", \.contactID, mayBeEmpty: true),
                .identifiers("conversation_id", \.conversationID, mayBeEmpty: true),
                .value("channel", .fieldTooLong) { $0.channel = text(bytes: 65) },
                .value("topics") { $0.topics = Array(repeating: "a", count: 33) },
                .value("types", .fieldMissing) { $0.types = [""] },
                .value("priorities", .fieldTooLong) { $0.priorities = [text(bytes: 65)] },
                .value("tags", .fieldTooLong) { $0.tags = [text(bytes: 65)] },
            ],
            agent.requests.list
        )
        await expectRefusals(
            of: Docket_V1_ListRequestsCall(),
            [
                .value("topics") { $0.topics = ["a"] }, .value("types") { $0.types = ["a"] },
                .value("priorities") { $0.priorities = ["a"] },
                .value("tags") { $0.tags = ["a"] },
                .value("waiting_only") { $0.waitingOnly = true },
                .value("live_only") { $0.liveOnly = true },
            ],
            guest.requests.list
        )
        await expectRefusals(
            of: Docket_V1_GetRequestCall(),
            [
                .value("key", .fieldMissing) { $0.key = nil },
                .identifiers("id", \.id),
            ],
            agent.requests.get
        )
    }

    @Test("The fields of taking, giving away and finishing")
    func requests() async throws {
        let agent = try await fixture.agent("agent")
        var take = Docket_V1_TakeCall()
        take.header = agent.header()
        take.requestID = fixture.newID
        await expectRefusals(
            of: take,
            [
                .identifiers("header.command_id", \.header.commandID),
                .identifiers("request_id", \.requestID),
            ],
            agent.requests.take
        )
        var assign = Docket_V1_AssignCall()
        assign.header = agent.header()
        assign.requestID = fixture.newID
        await expectRefusals(
            of: assign,
            [
                .identifiers("header.command_id", \.header.commandID),
                .identifiers("request_id", \.requestID),
                .identifiers("agent_id", \.agentID, mayBeEmpty: true),
            ],
            agent.requests.assign
        )
        var finish = Docket_V1_FinishCall()
        finish.header = agent.header()
        finish.requestID = fixture.newID
        await expectRefusals(
            of: finish,
            [
                .identifiers("header.command_id", \.header.commandID),
                .identifiers("request_id", \.requestID),
            ],
            agent.requests.finish
        )
    }

    @Test("The fields of notes")
    func notes() async throws {
        let agent = try await fixture.agent("agent")
        var note = Docket_V1_PostNoteCall()
        note.header = agent.header()
        note.requestID = fixture.newID
        note.text = "hello"
        await expectRefusals(
            of: note,
            [
                .identifiers("header.command_id", \.header.commandID),
                .identifiers("request_id", \.requestID),
                .texts("text", \.text, atMost: 16_384),
            ],
            agent.requests.postNote
        )
    }

    @Test("The fields of signing in")
    func sessions() async throws {
        let nobody = fixture.nobody()
        var guest = Docket_V1_CreateGuestCall()
        guest.header = nobody.header()
        guest.name = "Guest"
        guest.secret = Data(repeating: 1, count: 32)
        await expectRefusals(
            of: guest,
            [
                .identifiers("header.command_id", \.header.commandID),
                .texts("name", \.name, atMost: 128),
                .value("secret", .fieldMissing) { $0.secret = Data() },
                .value("secret") { $0.secret = Data(count: 31) },
                .value("secret") { $0.secret = Data(count: 33) },
            ],
            nobody.sessions.createGuest
        )
        var login = Docket_V1_SignInCall()
        login.login.login = "agent"
        login.login.password = ServiceFixture.password
        await expectRefusals(
            of: login,
            [
                .value("secret", .fieldMissing) { $0.secret = nil },
                .texts("login.login", \.login.login, atMost: 128),
                .texts("login.password", \.login.password, atMost: 1_024),
                .texts("api_key", \.apiKey, atMost: 256),
                .identifiers("guest.contact_id", \.guest.contactID),
            ],
            nobody.sessions.signIn
        )
    }

    @Test("The fields of making agents and keys")
    func creations() async throws {
        let administrator = try await fixture.agent("administrator", .administrator)
        var agent = Docket_V1_CreateAgentCall()
        agent.header = administrator.header()
        agent.login = "new"
        agent.name = "New"
        agent.password = ServiceFixture.password
        agent.role = .agent
        await expectRefusals(
            of: agent,
            [
                .identifiers("header.command_id", \.header.commandID),
                .texts("login", \.login, atMost: 128),
                .texts("name", \.name, atMost: 128),
                .texts("password", \.password, atMost: 1_024),
                .value("password") { $0.password = "1234567" },
                .value("role", .fieldMissing) { $0.role = .unspecified },
                .value("role") { $0.role = .UNRECOGNIZED(7) },
            ],
            administrator.administration.createAgent
        )
        var key = Docket_V1_CreateKeyCall()
        key.header = administrator.header()
        key.kind = .principalIntegration
        key.name = "New"
        key.channel = "chat"
        await expectRefusals(
            of: key,
            [
                .identifiers("header.command_id", \.header.commandID),
                .texts("name", \.name, atMost: 128),
                .texts("channel", \.channel, atMost: 64),
                .value("kind", .fieldMissing) { $0.kind = .unspecified },
                .value("kind") { $0.kind = .principalContact },
                .value("kind") { $0.kind = .principalAgent },
            ],
            administrator.administration.createKey
        )
        await expectRefusals(
            of: Docket_V1_ListAgentsCall(),
            [
                .value("limit") { $0.limit = 201 },
                .value("page") { $0.page = Data(count: 129) },
            ],
            administrator.administration.listAgents
        )
    }

    @Test("The fields of revoking")
    func revocations() async throws {
        let administrator = try await fixture.agent("administrator", .administrator)
        var key = Docket_V1_RevokeKeyCall()
        key.header = administrator.header()
        key.principalID = fixture.newID
        await expectRefusals(
            of: key,
            [
                .identifiers("header.command_id", \.header.commandID),
                .identifiers("principal_id", \.principalID),
            ],
            administrator.administration.revokeKey
        )
        var sessions = Docket_V1_RevokeSessionsCall()
        sessions.header = administrator.header()
        sessions.principalID = fixture.newID
        await expectRefusals(
            of: sessions,
            [
                .identifiers("header.command_id", \.header.commandID),
                .identifiers("principal_id", \.principalID),
            ],
            administrator.administration.revokeSessions
        )
    }

    @Test("The fields of integrations and of echoes")
    func integrations() async throws {
        let integration = try await fixture.keyHolder("Bridge", channel: "bridge")
        var ensure = Docket_V1_EnsureContactCall()
        ensure.header = integration.header()
        ensure.externalID = "17"
        ensure.name = "Somebody"
        await expectRefusals(
            of: ensure,
            [
                .identifiers("header.command_id", \.header.commandID),
                .texts("external_id", \.externalID, atMost: 256),
                .texts("name", \.name, atMost: 128),
            ],
            integration.contacts.ensure
        )
        await expectRefusals(
            of: Docket_V1_EchoCall(),
            [.value("body", .fieldTooLong) { $0.body = Data(count: 65_537) }],
            DiagnosticsCaller(channel: integration.connection).echo
        )
    }

    @Test("Texts of exactly the longest size are taken and given back whole")
    func exactLimits() async throws {
        let longest = text(bytes: 16_384)
        #expect(longest.utf8.count == 16_384)
        let name = text(bytes: 128)
        let guest = try await fixture.guest(name)
        let conversation = try await guest.open()
        let posted = try await guest.post(longest, in: conversation)
        let history = try await guest.history(of: conversation, limit: 200)
        #expect(history.entries.contains { $0.event.messagePosted.text == longest })
        let agent = try await fixture.agent(name)
        #expect(try await agent.note(longest, on: posted.requestID).sequence == 1)
        let integration = try await fixture.keyHolder(name, channel: "bridge")
        var ensure = Docket_V1_EnsureContactCall()
        ensure.header = integration.header()
        ensure.externalID = text(bytes: 256)
        ensure.name = name
        #expect(try await integration.contacts.ensure(ensure).contact.name == name)
        var echo = Docket_V1_EchoCall()
        echo.body = fixture.bytes(65_536)
        let echoed = try await DiagnosticsCaller(channel: integration.connection).echo(echo)
        #expect(echoed.body == echo.body)
    }

    @Test("Passwords of the shortest and the longest size open sessions", arguments: [8, 1_024])
    func passwords(count: Int) async throws {
        let administrator = try await fixture.agent("administrator", .administrator)
        var call = Docket_V1_CreateAgentCall()
        call.header = administrator.header()
        call.login = "new"
        call.name = "New"
        call.password = String(repeating: "p", count: count)
        call.role = .supervisor
        let agent = try await administrator.administration.createAgent(call).agent
        let signedIn = try await fixture.nobody().signingIn(login: "new", password: call.password)
        #expect(signedIn.id == agent.id)
    }

    @Test("A page that no desk gave is refused", arguments: [1, 23, 24, 25])
    func strangePages(count: Int) async throws {
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        var list = Docket_V1_ListRequestsCall()
        list.page = Data(repeating: 9, count: count)
        let call = list
        let snapshot = await refusal { () async throws(RPCError) in
            try await guest.snapshot(page: call.page)
        }
        #expect(snapshot?.reason == .invalidArgument)
        #expect(snapshot?.trailer("field") == "page")
        let listed = await refusal { () async throws(RPCError) in
            try await agent.requests.list(call)
        }
        #expect(listed == snapshot)
    }
}
