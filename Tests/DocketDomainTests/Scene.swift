import DocketDomain
import DocketPolicy
import Testing

/// A desk in miniature: a situation, and short ways to carry it on.
struct Scene {
    let policy: Policy
    var situation = Situation()
    var now = Timestamp(milliseconds: 1_800_000_000_000)
    var random = Generator()
    var number: UInt64 = 1
    /// The newest entries that a mark covers and that are none themselves.
    var marked = MarkedEntries(newest: 1_000, newestForContact: 1_000)
    /// What was said in each request.
    var said: [RequestID: [RequestMessage]] = [:]
    /// The log's last offset.
    var head: UInt64 = 0

    let contact: Principal
    let other: Principal
    let agent: Principal
    let colleague: Principal
    let supervisor: Principal
    let administrator: Principal
    let partner: Principal
    let conversation: ConversationID

    struct Generator: RandomNumberGenerator {
        var state: UInt64 = 1
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state
        }
    }

    /// A contact's conversation on the channel `chat`, under the default policy or what a change
    /// makes of it.
    init(_ change: (inout PolicyContent) -> Void = { _ in }) throws {
        var content = try Policy.shippedDefault().content
        change(&content)
        policy = try Policy(content)
        var random = Generator()
        let now = now
        contact = Principal(.contact(Identifier(at: now, random: &random)), name: "Ada")
        other = Principal(.contact(Identifier(at: now, random: &random)), name: "Eve")
        agent = Principal(.agent(Identifier(at: now, random: &random), .agent), name: "Bo")
        colleague = Principal(.agent(Identifier(at: now, random: &random), .agent), name: "Cy")
        supervisor = Principal(
            .agent(Identifier(at: now, random: &random), .supervisor),
            name: "Di"
        )
        administrator = Principal(
            .agent(Identifier(at: now, random: &random), .administrator),
            name: "Ed"
        )
        partner = Principal(.partner(Identifier(at: now, random: &random)), name: "Partner")
        conversation = Identifier(at: now, random: &random)
        self.random = random
        try run(
            .openConversation(OpenConversation(id: conversation, channel: "chat")),
            by: contact
        )
    }

    mutating func id<Tag>() -> Identifier<Tag> { Identifier(at: now, random: &random) }

    /// Decides a command, checks that its events give its state, and goes on from there.
    @discardableResult
    mutating func run(
        _ command: Command,
        by principal: Principal,
        expecting: UInt64? = nil,
        agent: Agent? = nil,
        login: String? = nil,
        contact: Contact? = nil,
        agents: [Agent] = [],
        contacts: [Contact] = []
    ) throws(Rejection) -> [Event] {
        let before = situation
        let decision = try decide(
            command,
            in: situation,
            under: Circumstances(
                principal: principal,
                expectedVersion: expecting,
                policy: policy,
                now: now,
                head: 1_000,
                newRequestID: id(),
                newRequestNumber: number,
                agent: agent,
                login: login,
                contact: contact,
                agents: agents,
                contacts: contacts,
                marked: marked
            )
        )
        var applied = before
        for event in decision.events { applied.apply(event) }
        #expect(applied == decision.after, "applying the events gives the decided state")
        if situation.request?.id != decision.after.request?.id { number += 1 }
        situation = decision.after
        for event in decision.events { remember(event) }
        situation.messages = situation.request.flatMap { said[$0.id] } ?? []
        return decision.events
    }

    private mutating func remember(_ event: Event) {
        head += 1
        guard let id = event.request?.id else { return }
        switch event.fact {
        case .messagePosted(let message):
            said[id, default: []].append(
                RequestMessage(
                    id: message.id,
                    offset: head,
                    sequence: message.sequence,
                    isFromContact: event.actor.kind == .contact,
                    answeredAt: event.actor.kind == .agent && message.sequence > 1
                        ? event.at : nil,
                    text: message.text
                )
            )
        case .messagesTaken(let moved):
            let known = (said[moved.other.id] ?? []) + (said[id] ?? [])
            for (place, message) in moved.messages.enumerated() {
                guard let old = known.first(where: { $0.id == message }) else { continue }
                said[id]?.removeAll { $0.id == message }
                said[id, default: []].append(
                    RequestMessage(
                        id: message,
                        offset: old.offset,
                        sequence: moved.firstSequence + UInt64(place),
                        isFromContact: old.isFromContact,
                        answeredAt: old.answeredAt,
                        text: old.beginning
                    )
                )
            }
            said[moved.other.id]?.removeAll { moved.messages.contains($0.id) }
        default: break
        }
    }

    /// Goes on with another request of the situation; the present one becomes one of the others.
    mutating func turn(to id: RequestID) {
        guard let place = situation.others.firstIndex(where: { $0.id == id }) else { return }
        let next = situation.others.remove(at: place)
        if let request = situation.request { situation.others.insert(request, at: 0) }
        situation.request = next
        situation.messages = said[id] ?? []
    }

    /// Leaves the other requests aside.
    mutating func forgetOthers() { situation.others = [] }

    // MARK: Short ways

    @discardableResult
    mutating func post(
        _ text: String = "hello",
        by principal: Principal,
        login: String? = nil
    ) throws(Rejection) -> [Event] {
        let post = Post(id: id(), conversation: conversation, text: text)
        return try run(.post(post), by: principal, login: login)
    }

    mutating func take(by principal: Principal, login: String? = nil) throws(Rejection) {
        try run(.take(requestID), by: principal, login: login)
    }

    mutating func finish(
        _ status: StatusKey? = nil,
        by principal: Principal
    ) throws(Rejection) {
        try run(.finish(Finish(request: requestID, status: status)), by: principal)
    }

    @discardableResult
    mutating func set(
        _ status: StatusKey,
        by principal: Principal,
        reason: String? = nil,
        until wakeAt: Timestamp? = nil
    ) throws(Rejection) -> [Event] {
        let setting = SetStatus(request: requestID, status: status, reason: reason, wakeAt: wakeAt)
        return try run(.setStatus(setting), by: principal)
    }

    @discardableResult
    mutating func edit(
        _ edits: Edit...,
        by principal: Principal
    ) throws(Rejection) -> [Event] {
        try run(.edit(EditRequest(request: requestID, edits: edits)), by: principal)
    }

    var requestID: RequestID { situation.request?.id ?? RequestID(conversation) }
    var status: StatusKey? { situation.request?.status }
    var details: RequestDetails? { situation.request?.details }
    /// The contact as a party of requests.
    var ada: Contact {
        Contact(id: ContactID(contact.id ?? PrincipalID(conversation)), name: "Ada")
    }
}
