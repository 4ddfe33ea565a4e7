import DeskSupport
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketStore
import Testing

/// A day at a shipped desk: a customer, two agents and a supervisor, and short ways to say what
/// they do.
struct DeskStory {
    let fixture: DeskFixture
    let policy: Policy
    /// The customer.
    let ada: Principal
    /// The agent who has the requests.
    let bo: Principal
    /// Another agent.
    let cy: Principal
    /// The supervisor.
    let di: Principal
    private let directory: TemporaryDirectory

    /// Opens a desk under a shipped policy file, or what a change makes of its text.
    init(_ preset: String, changing changes: [(String, String)] = []) async throws {
        var text = try #require(PolicyDocument.presets.first { $0.name == preset }).text
        for (old, new) in changes {
            try #require(text.contains(old))
            text = text.replacing(old, with: new)
        }
        policy = try PolicyDocument.parse(text)
        directory = try TemporaryDirectory()
        fixture = try DeskFixture(store: StoreKind.memory.open(in: directory), policy: policy)
        ada = await fixture.guest("Ada")
        bo = await fixture.agent("Bo")
        cy = await fixture.agent("Cy")
        di = await fixture.agent("Di", .supervisor)
    }

    // MARK: The customer

    /// Opens the customer's conversation on a channel.
    func opens(_ channel: ChannelKey) async -> ConversationID {
        let conversation: ConversationID = fixture.id()
        await does(.openConversation(OpenConversation(id: conversation, channel: channel)), as: ada)
        return conversation
    }

    /// Lets somebody, usually the customer, say something; gives the request to which it went.
    @discardableResult
    func says(
        _ text: String,
        in conversation: ConversationID,
        as speaker: Principal? = nil,
        to request: RequestID? = nil,
        title: String? = nil
    ) async throws -> SupportRequest {
        let post = Post(
            id: fixture.id(),
            conversation: conversation,
            text: text,
            request: request,
            title: title
        )
        let reply = await fixture.ask(.post(post), as: speaker ?? ada)
        guard case .message(let posted)? = reply.acceptance?.result else {
            Issue.record("\"\(text)\" was not taken: \(reply)")
            throw StoryError.refused
        }
        return try await fixture.desk.request(posted.request)
    }

    // MARK: Everybody

    /// Asks for a command that has to be accepted.
    func does(_ command: Command, as actor: Principal) async {
        let reply = await fixture.ask(command, as: actor)
        #expect(reply.acceptance != nil, "\(command): \(reply)")
    }

    /// Changes a contact, as a supervisor does.
    func changes(_ contact: ContactID, by edit: ContactEdit) async {
        let change = DirectoryChange.contact(.update(contact, edit))
        let reply = await fixture.desk.submit(
            Submission(key: nil, principal: di, change: .directory(change))
        )
        #expect(reply.acceptance != nil, "\(reply)")
    }

    /// Why a command is refused.
    func refusal(of command: Command, as actor: Principal) async -> Rejection? {
        await fixture.ask(command, as: actor).rejection
    }

    /// Lets time pass, and timers fire.
    func wait(_ span: Duration) async {
        fixture.clock.advance(by: span)
        await fixture.settle()
    }

    /// A request as it is now.
    func now(_ request: SupportRequest) async throws -> SupportRequest {
        try await fixture.desk.request(request.id)
    }

    /// What was said in a request, in the order in which people read it.
    func said(_ request: SupportRequest) async throws -> [String] {
        let page = try await fixture.desk.messages(of: request.id, after: 0, limit: 200)
        return page.messages.map(\.message.beginning)
    }
}

enum StoryError: Error { case refused }

// MARK: Commands about a request

extension SupportRequest {
    var take: Command { .take(id) }
    var look: Command { .view(id) }
    var mergeBack: Command { .merge(MergeRequests(request: id, other: nil)) }
    var splitNew: Command { .splitNewMessages(id) }
    var delete: Command { .delete(id) }
    var restore: Command { .restore(id) }

    func finish(_ status: StatusKey? = nil) -> Command {
        .finish(Finish(request: id, status: status))
    }

    func set(_ status: StatusKey, until wakeAt: Timestamp? = nil) -> Command {
        .setStatus(SetStatus(request: id, status: status, wakeAt: wakeAt))
    }

    func edit(_ edits: Edit...) -> Command { .edit(EditRequest(request: id, edits: edits)) }

    func assign(to agent: Principal?) -> Command {
        .assign(Assign(request: id, agent: agent?.agent?.agent.id))
    }

    func merge(with other: SupportRequest) -> Command {
        .merge(MergeRequests(request: id, other: other.id))
    }
}
