import DocketDomain

/// Who tries something.
enum Visitor: CaseIterable, CustomStringConvertible {
    case assignee
    case agent
    case supervisor
    case administrator
    case contact
    case integration
    case partner
    case desk

    var description: String {
        switch self {
        case .assignee: "the assignee"
        case .agent: "another agent"
        case .supervisor: "a supervisor"
        case .administrator: "an administrator"
        case .contact: "the contact"
        case .integration: "the integration"
        case .partner: "a partner"
        case .desk: "the desk"
        }
    }

    var isAgent: Bool {
        switch self {
        case .assignee, .agent, .supervisor, .administrator: true
        case .contact, .integration, .partner, .desk: false
        }
    }

    /// The agent that the visitor is.
    var agentID: AgentID? {
        switch self {
        case .assignee: Names.agent(1)
        case .agent: Names.agent(2)
        case .supervisor: Names.agent(3)
        case .administrator: Names.agent(4)
        case .contact, .integration, .partner, .desk: nil
        }
    }

    func principal(on channel: ChannelKey) -> Principal {
        switch self {
        case .assignee: Principal(.agent(Names.agent(1), .agent), name: "Ann")
        case .agent: Principal(.agent(Names.agent(2), .agent), name: "Bo")
        case .supervisor: Principal(.agent(Names.agent(3), .supervisor), name: "Cy")
        case .administrator: Principal(.agent(Names.agent(4), .administrator), name: "Di")
        case .contact: Principal(.contact(Names.contact.id), name: Names.contact.name)
        case .integration: Principal(.integration(Names.id(30), channel), name: "Bridge")
        case .partner: Principal(.partner(Names.id(31)), name: "Partner")
        case .desk: .desk
        }
    }

    /// As whom the visitor acts on a request that somebody has.
    func actors(having assignee: AgentID?) -> ActorSet {
        var actors: ActorSet =
            switch self {
            case .assignee, .agent: .agent
            case .supervisor: [.agent, .supervisor]
            case .administrator: [.agent, .supervisor, .administrator]
            case .contact, .integration: .contact
            case .partner: .partner
            case .desk: .timer
            }
        if let agentID, agentID == assignee { actors.insert(.assignee) }
        return actors
    }
}

/// The ids and people of the small world in which everything is tried.
enum Names {
    static let contact = Contact(id: id(20), name: "Ada")
    static let conversation: ConversationID = id(10)
    static let request: RequestID = id(11)
    static let newer: RequestID = id(12)
    static let opened: RequestID = id(13)
    static let older: RequestID = id(14)
    /// A request of which nothing but its place in the conversation matters.
    static let between: RequestID = id(15)
    static let began = Timestamp(milliseconds: 1_800_000_000_000)

    static func id<Tag>(_ number: UInt64) -> Identifier<Tag> {
        Identifier(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0000 | number << 16)
    }

    static func agent(_ number: UInt64) -> AgentID { id(number) }

    /// The agent who has the other requests: whoever has the one that is tried is another.
    static let neighbour = Agent(id: agent(2), name: "Bo")
    /// The agent to whom requests are given.
    static let colleague = Agent(id: agent(5), name: "Ed")
}

/// How much of what transitions may ask for is there.
enum Filling: CaseIterable {
    /// Nothing but what every request has.
    case nothing
    /// A topic, and no field.
    case topic
    /// Everything.
    case everything
}

/// Which live period a request is in.
enum Live: CaseIterable {
    /// None.
    case none
    /// Its first.
    case first
    /// A later one, begun by the contact's last message.
    case again
}

/// A request in one of the situations that are tried.
struct LifecycleCell: CustomStringConvertible {
    let table: StateTable
    let kind: RequestKind
    let channel: Channel
    let status: Status
    let isAssigned: Bool
    let live: Live
    let filling: Filling

    var description: String {
        "\(kind.word) in \(status.key), \(isAssigned ? "assigned" : "nobody's"), live: \(live), "
            + "filled: \(filling)"
    }

    /// Every situation of a policy's requests.
    static func all(of content: PolicyContent) -> [LifecycleCell] {
        let table = StateTable(content: content)
        return content.kinds.map(\.kind).flatMap { kind in
            let channel = content.channels.first { $0.opens == kind }
            return table.statuses(of: kind).flatMap { status in
                [true, false].filter { $0 || !status.requiresAssignee }.flatMap { isAssigned in
                    situations.map { live, filling in
                        LifecycleCell(
                            table: table,
                            kind: kind,
                            channel: channel ?? content.channels[0],
                            status: status,
                            isAssigned: isAssigned,
                            live: status.category.isActive ? live : .none,
                            filling: filling
                        )
                    }
                }
            }
        }
    }

    private static let situations: [(Live, Filling)] = [
        (.none, .nothing), (.first, .nothing), (.again, .nothing), (.none, .topic),
        (.first, .everything),
    ]

    var assignee: AgentID? { isAssigned ? Names.agent(1) : nil }

    /// The status from which a later live period began, and into which a deleted request returns.
    var statusBefore: Status {
        let fitting = table.statuses(of: kind).filter { status in
            status.category.isActive && !status.isTransient
        }
        return fitting.last ?? status
    }

    var topic: TopicKey? { filling == .nothing ? nil : table.content.topics.first?.key }
    var type: TypeKey? { filling == .everything ? table.content.types.first?.key : nil }

    /// When everything happens.
    var now: Timestamp { Names.began + .seconds(3_600) }

    /// Until when the request slept before a later live period began: it sleeps on.
    var wakeBefore: Timestamp? {
        statusBefore.waitingFor == .time ? now + .seconds(90) : nil
    }

    /// A request of the same kind in another status, with nothing in it.
    func neighbour(in status: Status) -> LifecycleCell {
        LifecycleCell(
            table: table,
            kind: kind,
            channel: channel,
            status: status,
            isAssigned: true,
            live: .none,
            filling: .nothing
        )
    }

    /// The status of the older request: the one in which requests are finished.
    var olderStatus: Status { table.status(table.rules(kind)?.finishStatus ?? "") }

    // MARK: The state

    /// The request itself.
    var request: SupportRequest {
        var details = RequestDetails(
            kind: kind,
            origin: .line,
            openedBy: Names.contact.party
        )
        details.title = filling == .everything || channel.requiresTitle ? "A title" : nil
        details.topic = topic
        details.type = type
        details.priority = table.content.priorities.first?.key
        if filling == .everything {
            for field in table.content.fields { details.fields[field.key] = field.type.example }
        }
        if live == .again {
            details.reactivation = Reactivation(
                firstSequence: 3,
                statusBefore: statusBefore.key,
                rest: Rest(
                    statusSince: Names.began,
                    wakeAt: wakeBefore,
                    resolvedAt: nil,
                    closedAt: nil,
                    reopenings: 0
                )
            )
        }
        if status.waitingFor == .time { details.wakeAt = Names.began + .seconds(60) }
        if status.category == .deleted { details.statusBefore = statusBefore.key }
        if status.category == .merged { details.mergedInto = survivor.reference }
        let agent = isAssigned ? Agent(id: Names.agent(1), name: "Ann") : nil
        let isLive = live != .none
        return request(Names.request, number: 2, in: status, details, of: agent, isLive: isLive)
    }

    /// A later request of the conversation, in which somebody else talks with the contact.
    var newer: SupportRequest { other(Names.newer, number: 3, in: statusBefore, isLive: true) }

    /// An earlier request of the conversation, which somebody else has finished.
    var older: SupportRequest { other(Names.older, number: 1, in: olderStatus, isLive: false) }

    /// The request into which a merged one was merged, on which somebody else works.
    var survivor: SupportRequest { other(Names.older, number: 1, in: statusBefore, isLive: false) }

    private func other(
        _ id: RequestID,
        number: UInt64,
        in status: Status,
        isLive: Bool
    ) -> SupportRequest {
        var details = RequestDetails(kind: kind, origin: .line, openedBy: Names.contact.party)
        details.title = channel.requiresTitle ? "A title" : nil
        details.priority = table.content.priorities.first?.key
        if status.waitingFor == .time { details.wakeAt = Names.began + .seconds(60) }
        return request(id, number: number, in: status, details, of: Names.neighbour, isLive: isLive)
    }

    private func request(
        _ id: RequestID,
        number: UInt64,
        in status: Status,
        _ details: RequestDetails,
        of agent: Agent?,
        isLive: Bool
    ) -> SupportRequest {
        SupportRequest(
            id: id,
            number: number,
            conversation: Names.conversation,
            contact: Names.contact,
            channel: channel.key,
            previous: nil,
            openedAt: Names.began,
            status: status.key,
            category: status.category,
            statusSince: Names.began,
            assignee: agent,
            version: 7,
            versionForContact: 7,
            sequence: 3,
            noteSequence: 0,
            changedAt: Names.began,
            changedForContactAt: Names.began,
            description: "hello",
            session: isLive
                ? LiveSession(
                    ordinal: live == .again ? 2 : 1,
                    lastAuthor: .contact,
                    lastMessageAt: Names.began
                ) : nil,
            sessionCount: live == .again ? 2 : 1,
            details: details
        )
    }

    /// What a command about the request touches, which is its conversation's newest unless it was
    /// merged.
    func situation(_ request: SupportRequest) -> Situation {
        let isMerged = request.category == .merged
        var situation = Situation(
            conversation: Conversation(
                id: Names.conversation,
                contact: Names.contact,
                channel: channel.key,
                newestRequest: isMerged ? survivor.id : request.id
            ),
            request: request
        )
        situation.messages = (1...3).map { number in
            RequestMessage(
                id: Names.id(100 + number),
                offset: 100 + number,
                sequence: number,
                isFromContact: number != 2,
                text: "message \(number)"
            )
        }
        return situation
    }
}

extension FieldType {
    /// A value that the field takes.
    fileprivate var example: FieldValue {
        switch self {
        case .text: .text("text")
        case .integer(let range): .integer(range.lowerBound)
        case .decimal: .text("1.5")
        case .flag: .flag(true)
        case .date: .text("2026-02-28")
        case .choice(let words): .text(words.first ?? "")
        case .choices(let words): .words(words)
        }
    }
}
