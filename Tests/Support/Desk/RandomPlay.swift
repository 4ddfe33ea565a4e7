import DocketDesk
package import DocketDomain

/// A desk full of people who do things at random, the same for the same seed.
package struct RandomPlay: Sendable {
    private let fixture: DeskFixture
    private var random: SeededGenerator
    private var contacts: [Principal] = []
    private var agents: [Principal] = []
    private var integration = Principal.desk
    private var conversations: [(id: ConversationID, owner: Principal)] = []
    private var requests: [RequestID] = []
    private var contactsByConversation: [ConversationID: ContactID] = [:]
    private var channelConversations: Set<ConversationID> = []
    /// The commands so far, with who asked and the answer.
    package private(set) var replies: [String] = []
    private var asked: [(command: Command, principal: Principal, id: CommandID)] = []

    /// Prepares a play.
    package init(fixture: DeskFixture, seed: UInt64) {
        self.fixture = fixture
        random = SeededGenerator(seed: seed)
    }

    /// Everybody with a feed.
    package var everybody: [Principal] { contacts + agents + [integration] }

    /// Brings everybody in.
    package mutating func begin() async {
        for index in 0..<3 { contacts.append(await fixture.guest("contact-\(index)")) }
        for index in 0..<2 { agents.append(await fixture.agent("agent-\(index)")) }
        agents.append(await fixture.agent("supervisor", .supervisor))
        integration = await fixture.integration("bridge-1")
        for contact in contacts { await open(contact, channel: "chat", for: nil) }
        let external: ContactID = fixture.id()
        _ = await fixture.ask(
            .ensureContact(external, externalID: "+49", name: "external"),
            as: integration,
            id: CommandID(external)
        )
        await open(integration, channel: "bridge", for: external)
    }

    private mutating func open(
        _ principal: Principal,
        channel: ChannelKey,
        for contact: ContactID?
    ) async {
        let opening = OpenConversation(id: fixture.id(), channel: channel, contact: contact)
        _ = await fixture.ask(.openConversation(opening), as: principal)
        conversations.append((opening.id, principal))
        if contact != nil { channelConversations.insert(opening.id) }
        contactsByConversation[opening.id] = contact ?? principal.id.map { ContactID($0) }
    }

    /// Whether a principal's feed has an event.
    package func may(_ principal: Principal, see event: Event) -> Bool {
        switch principal.identity {
        case .agent, .desk: return true
        case .partner: return false
        case .contact(let id):
            guard let conversation = event.conversation else { return false }
            return event.audience == .conversation && contactsByConversation[conversation] == id
        case .integration:
            guard let conversation = event.conversation else { return false }
            return event.audience == .conversation && channelConversations.contains(conversation)
        }
    }

    /// Lets somebody do something, allowed or not.
    package mutating func step() async {
        if Int.random(in: 0..<12, using: &random) == 0 {
            fixture.clock.advance(by: .seconds(Int64.random(in: 1...400, using: &random)))
            await fixture.settle()
        }
        if Int.random(in: 0..<10, using: &random) == 0,
            let old = asked.randomElement(using: &random)
        {
            await ask(old.command, as: old.principal, id: old.id)
            return
        }
        let (command, principal) = choose()
        let id = command.creationID ?? fixture.id()
        asked.append((command, principal, id))
        await ask(command, as: principal, id: id)
    }

    private mutating func ask(
        _ command: Command,
        as principal: Principal,
        id: CommandID
    ) async {
        let reply = await fixture.ask(command, as: principal, id: id)
        if case .message(let posted)? = reply.acceptance?.result,
            !requests.contains(posted.request)
        {
            requests.append(posted.request)
        }
        replies.append("\(reply)")
    }

    private mutating func choose() -> (Command, Principal) {
        let conversation = conversations.randomElement(using: &random)
        let agent = agents.randomElement(using: &random) ?? .desk
        guard let conversation, let request = requests.randomElement(using: &random) else {
            return (post(conversations[0].id), conversations[0].owner)
        }
        switch Int.random(in: 0..<12, using: &random) {
        case 0...3: return (post(conversation.id), conversation.owner)
        case 4, 5: return (post(conversation.id), agent)
        case 6: return (.take(request), agent)
        case 7:
            let target = agents.randomElement(using: &random)?.id
            let chosen = Bool.random(using: &random) ? target.map { AgentID($0) } : nil
            return (.assign(Assign(request: request, agent: chosen)), agent)
        case 8:
            let note = PostNote(id: fixture.id(), request: request, text: "note")
            return (.postNote(note), agent)
        case 9:
            let statuses = ["resolved", "waiting", "closed", "new", "gone"]
            let status = statuses.randomElement(using: &random)
            return (.finish(Finish(request: request, status: status)), agent)
        case 10:
            let offset = UInt64.random(in: 0...60, using: &random)
            return (
                .markRead(MarkRead(conversation: conversation.id, upTo: offset)),
                Bool.random(using: &random) ? conversation.owner : agent
            )
        default:
            return (post(conversation.id), contacts.randomElement(using: &random) ?? .desk)
        }
    }

    private mutating func post(_ conversation: ConversationID) -> Command {
        let number = Int.random(in: 0..<1_000, using: &random)
        return .post(
            Post(id: fixture.id(), conversation: conversation, text: "text \(number)")
        )
    }
}
