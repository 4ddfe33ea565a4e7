import DocketDomain
import Testing

@Suite("Requests opened on purpose")
struct CreationTests {
    /// A desk with topics, types and fields of its own.
    private func scene() throws -> Scene {
        try Scene { content in
            content.topics = [
                Topic(key: "shop", name: "Shop", defaultPriority: "high"),
                Topic(key: "till", name: "Till", parent: "shop", types: ["incident"]),
            ]
            content.fields = [
                FieldDefinition(
                    key: "shelf",
                    name: "Shelf",
                    type: .integer(1...99),
                    isVisibleToContact: true
                ),
                FieldDefinition(key: "cost", name: "Cost", type: .decimal),
            ]
            content.fieldSets = [
                FieldSet(topic: "shop", kind: .ticket, phase: .create, required: ["shelf"])
            ]
        }
    }

    private func creation(
        _ scene: inout Scene,
        kind: RequestKind = .ticket,
        channel: ChannelKey = "portal",
        contact: ContactID? = nil,
        origin: Origin? = nil,
        title: String? = nil,
        text: String = "the shelf is empty",
        topic: TopicKey? = nil,
        type: TypeKey? = nil,
        priority: PriorityKey? = nil,
        tags: [String] = [],
        fields: [FieldKey: FieldValue] = [:],
        isInternal: Bool = false,
        source: RequestID? = nil
    ) -> Command {
        .createRequest(
            CreateRequest(
                id: scene.id(),
                kind: kind,
                channel: channel,
                contact: contact,
                origin: origin,
                title: title,
                text: text,
                topic: topic,
                type: type,
                priority: priority,
                tags: tags,
                fields: fields,
                isInternal: isInternal,
                source: source
            )
        )
    }

    /// A desk in which nothing has been said on the channel that requests are opened on.
    private func emptyScene() throws -> Scene {
        var scene = try scene()
        scene.situation = Situation()
        return scene
    }

    @Test("A contact opens a ticket on the portal, with what it says about it")
    func portal() throws {
        var scene = try emptyScene()
        let command = creation(
            &scene,
            title: "Empty shelf",
            topic: "shop",
            fields: ["shelf": .integer(7)]
        )
        let events = try scene.run(command, by: scene.contact)
        let request = try #require(scene.situation.request)
        #expect(request.status == "new")
        #expect(request.title == "Empty shelf")
        #expect(request.description == "the shelf is empty")
        #expect(request.sequence == 1)
        #expect(request.details.kind == .ticket)
        #expect(request.details.origin == .portal)
        #expect(request.details.isRouted)
        #expect(request.details.topic == "shop")
        #expect(request.details.firstTopic == "shop")
        #expect(request.details.fields == ["shelf": .integer(7)])
        #expect(request.details.openedBy == scene.contact.party)
        #expect(scene.situation.conversation?.newestRequest == request.id)
        #expect(scene.situation.conversation?.channel == "portal")
        #expect(events.count == 4)
    }

    @Test("A contact opens nothing for others, and nothing that is the staff's")
    func staffMatters() throws {
        var scene = try emptyScene()
        let foreign = creation(&scene, contact: scene.id())
        #expect(throws: Rejection.notFound) { try scene.run(foreign, by: scene.contact) }
        let commands = [
            creation(&scene, tags: ["vip"]),
            creation(&scene, isInternal: true),
            creation(&scene, source: scene.id()),
        ]
        for command in commands {
            #expect(throws: Rejection.notPermitted) { try scene.run(command, by: scene.contact) }
        }
        let good = creation(&scene)
        #expect(throws: Rejection.notPermitted) { try scene.run(good, by: .desk) }
    }

    @Test("A kind that the desk does not handle is refused by its name, and so is no channel")
    func kinds() throws {
        var scene = try emptyScene()
        let task = creation(&scene, kind: .task)
        #expect(throws: Rejection.kindDisabled(.task)) { try scene.run(task, by: scene.contact) }
        let nowhere = creation(&scene, channel: "nowhere")
        #expect(throws: Rejection.unknownChannel) { try scene.run(nowhere, by: scene.contact) }
    }

    @Test("Everything that is missing is named at once")
    func missing() throws {
        var scene = try emptyScene()
        let command = creation(&scene, channel: "email", topic: "till")
        #expect(throws: Rejection.missingFields(["title", "shelf"])) {
            try scene.run(command, by: scene.contact)
        }
    }

    @Test("A value that may not stand there is refused with what may")
    func values() throws {
        var scene = try emptyScene()
        let refusals: [(Command, Rejection)] = [
            (
                creation(&scene, topic: "gone"),
                .invalidValue(field: "topic", allowed: ["shop", "till"])
            ),
            (
                creation(&scene, topic: "till", type: "question"),
                .invalidValue(field: "type", allowed: ["incident"])
            ),
            (
                creation(&scene, type: "gone"),
                .invalidValue(field: "type", allowed: ["question", "incident", "complaint"])
            ),
            (
                creation(&scene, priority: "gone"),
                .invalidValue(field: "priority", allowed: ["low", "normal", "high", "urgent"])
            ),
            (
                creation(&scene, fields: ["gone": .flag(true)]),
                .invalidValue(field: "fields.gone", allowed: [])
            ),
            (
                creation(&scene, topic: "shop", fields: ["gone": .flag(true)]),
                .invalidValue(field: "fields.gone", allowed: ["shelf"])
            ),
            (
                creation(&scene, topic: "shop", fields: ["cost": .text("1.5")]),
                .invalidValue(field: "fields.cost", allowed: ["shelf"])
            ),
            (
                creation(&scene, fields: ["shelf": .integer(100)]),
                .invalidValue(field: "fields.shelf", allowed: ["1 to 99"])
            ),
            (
                creation(&scene, fields: ["shelf": .text("seven")]),
                .invalidValue(field: "fields.shelf", allowed: ["1 to 99"])
            ),
            (creation(&scene, text: ""), .textEmpty(.text)),
            (
                creation(&scene, title: String(repeating: "x", count: 257)),
                .textTooLong(.title, limit: 256)
            ),
        ]
        for (command, refusal) in refusals {
            #expect(throws: refusal) { try scene.run(command, by: scene.contact) }
        }
    }

    @Test("A request has at most 100 tags of 64 bytes each, each once and in order")
    func tags() throws {
        var scene = try scene()
        let tags = (0..<100).map { "tag \(100 + $0)" }
        let tooMany = creation(&scene, channel: "chat", tags: tags + ["one more"])
        #expect(throws: Rejection.tooMany(field: "tags", limit: 100)) {
            try scene.run(tooMany, by: scene.agent, contact: scene.ada)
        }
        let long = creation(&scene, channel: "chat", tags: [String(repeating: "x", count: 65)])
        #expect(throws: Rejection.textTooLong(.tag, limit: 64)) {
            try scene.run(long, by: scene.agent, contact: scene.ada)
        }
        let twice = Array(tags.dropLast().reversed()) + [tags[0]]
        let good = creation(&scene, channel: "chat", tags: twice)
        try scene.run(good, by: scene.agent, contact: scene.ada)
        #expect(scene.details?.tags == Array(tags.dropLast()))
    }

    @Test("The priority is that of the command, the type, the topic above, or the default")
    func priorities() throws {
        var scene = try emptyScene()
        let cases: [(Command, PriorityKey)] = [
            (creation(&scene, type: "complaint", priority: "low"), "low"),
            (creation(&scene, type: "complaint"), "high"),
            (
                creation(&scene, topic: "till", fields: ["shelf": .integer(1)]), "high"
            ),
            (creation(&scene), "normal"),
        ]
        for (command, priority) in cases {
            scene.situation = Situation()
            try scene.run(command, by: scene.contact)
            #expect(scene.details?.priority == priority)
            #expect(scene.details?.firstPriority == priority)
        }
    }

    @Test("An agent opens a request for a contact; the agent is its author, and it came by hand")
    func manual() throws {
        var scene = try emptyScene()
        let command = creation(&scene, channel: "phone")
        #expect(throws: Rejection.notFound) { try scene.run(command, by: scene.agent) }
        let events = try scene.run(command, by: scene.agent, contact: scene.ada)
        let request = try #require(scene.situation.request)
        #expect(request.details.origin == .manual)
        #expect(request.contact == scene.ada)
        #expect(request.details.firstRepliedAt == nil)
        #expect(request.session == nil)
        #expect(events.last?.actor == scene.agent.party)
    }

    @Test("Nobody but the staff sees an internal request, and no message of the contact goes to it")
    func internalRequests() throws {
        var scene = try scene()
        try scene.post(by: scene.contact)
        let chat = scene.requestID
        let command = creation(&scene, kind: .chat, channel: "chat", isInternal: true)
        let events = try scene.run(command, by: scene.agent, contact: scene.ada)
        #expect(events.allSatisfy { $0.audience == .staff })
        #expect(scene.situation.conversation?.newestRequest == chat)
        #expect(scene.details?.isRouted == false)
        let post = Post(
            id: scene.id(),
            conversation: scene.conversation,
            text: "for it",
            request: scene.requestID
        )
        #expect(throws: Rejection.notFound) { try scene.run(.post(post), by: scene.contact) }
        let answer = try scene.run(.post(post), by: scene.agent)
        #expect(answer.allSatisfy { $0.audience == .staff })
    }

    @Test("A ticket on a channel of chats leaves the conversation to its chats")
    func unrouted() throws {
        var scene = try scene()
        try scene.post(by: scene.contact)
        let chat = scene.requestID
        let command = creation(&scene, channel: "chat")
        try scene.run(command, by: scene.agent, contact: scene.ada)
        #expect(scene.details?.isRouted == false)
        #expect(scene.situation.conversation?.newestRequest == chat)
    }

    @Test("A ticket is made from a chat and linked to it on both sides, for the same contact only")
    func source() throws {
        var scene = try scene()
        try scene.post(by: scene.contact)
        let chat = scene.requestID
        let stranger = Contact(id: scene.id(), name: "Eve")
        let command = creation(&scene, channel: "chat", source: chat)
        #expect(throws: Rejection.notFound) {
            try scene.run(command, by: scene.agent, contact: stranger)
        }
        try scene.run(command, by: scene.agent, contact: scene.ada)
        #expect(scene.details?.links.map(\.kind) == [.madeFrom])
        #expect(scene.details?.links.first?.other.id == chat)
        let made = scene.requestID
        let links = scene.situation.request(chat)?.details.links
        #expect(links?.map(\.kind) == [.origin])
        #expect(links?.first?.other.id == made)
    }

    @Test("An integration opens requests on its own channel, and says by which way they came")
    func integrations() throws {
        var scene = try emptyScene()
        let portal = Principal(.integration(scene.id(), "portal"), name: "Site")
        let ways: [(given: Origin?, origin: Origin)] = [
            (nil, .line), (.bot, .bot), (.portal, .portal),
        ]
        for (given, origin) in ways {
            scene.situation = Situation()
            let command = creation(&scene, origin: given)
            try scene.run(command, by: portal, contact: scene.ada)
            #expect(scene.details?.origin == origin)
        }
        let manual = creation(&scene, origin: .manual)
        #expect(
            throws: Rejection.invalidValue(field: "origin", allowed: ["line", "portal", "bot"])
        ) { try scene.run(manual, by: portal, contact: scene.ada) }
        for channel in ["phone", "nowhere"] {
            let elsewhere = creation(&scene, kind: .task, channel: channel)
            #expect(throws: Rejection.unknownChannel) {
                try scene.run(elsewhere, by: portal, contact: scene.ada)
            }
        }
        let nobody = creation(&scene)
        #expect(throws: Rejection.notFound) { try scene.run(nobody, by: portal) }
    }

    @Test("A partner opens requests on a channel for programs only")
    func partners() throws {
        var scene = try emptyScene()
        let portal = creation(&scene)
        #expect(throws: Rejection.unknownChannel) {
            try scene.run(portal, by: scene.partner, contact: scene.ada)
        }
        let command = creation(&scene, channel: "api")
        try scene.run(command, by: scene.partner, contact: scene.ada)
        #expect(scene.details?.origin == .partner)
        #expect(scene.details?.openedBy == scene.partner.party)
    }

    @Test("A transient status is left at once, by the first transition that fits")
    func transient() throws {
        var scene = try Scene { content in
            content.kinds = [KindRules(kind: .ticket, initialStatus: "brief", finishStatus: "done")]
            content.statuses = [
                Status(
                    key: "brief",
                    name: "Brief",
                    category: .new,
                    isDefault: true,
                    isTransient: true,
                    reply: .append
                ),
                Status(key: "sorting", name: "Sorting", category: .new, reply: .append),
                Status(key: "ready", name: "Ready", category: .open, reply: .append),
                Status(key: "done", name: "Done", category: .closed, reply: .newRequest),
            ]
            content.transitions = [
                Transition(
                    on: .created,
                    from: ["brief"],
                    to: "sorting",
                    when: .matches(.origin, ["line"])
                ),
                Transition(on: .created, from: ["brief"], to: "ready", effects: [.tag("fast")]),
                Transition(on: .finished, from: [], to: "done"),
            ]
            content.channels = content.channels.map { channel in
                Channel(key: channel.key, name: channel.name, opens: .ticket, inactiveAfter: nil)
            }
        }
        try scene.post(by: scene.contact)
        #expect(scene.status == "sorting")
        scene.situation = Situation()
        let command = creation(&scene)
        let events = try scene.run(command, by: scene.contact)
        #expect(scene.status == "ready")
        #expect(scene.details?.tags == ["fast"])
        #expect(events.last?.way == .rule)
    }
}
