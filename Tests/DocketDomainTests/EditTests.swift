import DocketDomain
import Testing

@Suite("Changing what a request is about")
struct EditTests {
    private func scene() throws -> Scene {
        var scene = try Scene { content in
            content.topics = [
                Topic(key: "shop", name: "Shop"),
                Topic(key: "till", name: "Till", parent: "shop", types: ["incident"]),
            ]
            content.fields = [
                FieldDefinition(key: "shelf", name: "Shelf", type: .integer(1...99)),
                FieldDefinition(key: "colours", name: "Colours", type: .choices(["red", "blue"])),
            ]
        }
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        return scene
    }

    @Test("A change tells what was and what is, to the contact so far as it can read it")
    func change() throws {
        var scene = try scene()
        let events = try scene.edit(
            .title("Empty"),
            .topic("till"),
            .type("incident"),
            .priority("urgent"),
            .field("shelf", .integer(3)),
            .addTag("vip"),
            by: scene.agent
        )
        #expect(
            events.map(\.fact) == [
                .titleChanged(from: nil, to: "Empty"),
                .detailsChanged([
                    .topic(from: nil, to: "till"),
                    .type(from: nil, to: "incident"),
                    .priority(from: "normal", to: "urgent"),
                    .field("shelf", from: nil, to: .integer(3), isShown: false),
                    .tagAdded("vip"),
                ]),
            ]
        )
        #expect(events.map(\.audience) == [.conversation, .conversation])
        let seen = events.compactMap { ContactView($0, under: scene.policy)?.value.fact }
        #expect(
            seen == [
                .titleChanged(from: nil, to: "Empty"),
                .detailsChanged([
                    .topic(from: nil, to: "till"),
                    .type(from: nil, to: "incident"),
                    .priority(from: "normal", to: "urgent"),
                ]),
            ]
        )
        #expect(scene.details?.firstPriority == "normal")
        #expect(scene.details?.firstTopic == nil)
        try scene.edit(.title(nil), .field("shelf", nil), .removeTag("vip"), by: scene.agent)
        #expect(scene.details?.title == nil)
        #expect(scene.details?.fields == [:])
        #expect(scene.details?.tags == [])
        #expect(scene.situation.request?.title == "hello")
    }

    @Test("A field that field sets name is for the topics and kinds that they are about")
    func fieldsByTopic() throws {
        var scene = try Scene { content in
            content.topics = [
                Topic(key: "shop", name: "Shop"),
                Topic(key: "till", name: "Till", parent: "shop"),
                Topic(key: "web", name: "Web"),
            ]
            content.fields = ["shelf", "ticket", "address", "free"].map { key in
                FieldDefinition(key: key, name: key, type: .text(limit: 9))
            }
            content.fieldSets = [
                FieldSet(topic: "shop", phase: .close, required: [], optional: ["shelf"]),
                FieldSet(topic: "web", phase: .process, required: ["address"]),
                FieldSet(kind: .ticket, phase: .create, required: [], optional: ["ticket"]),
            ]
        }
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        let refusal = { (key: FieldKey) in
            Rejection.invalidValue(
                field: "fields.\(key)",
                allowed: ["nothing, for a chat of this topic"]
            )
        }
        // Without a topic only what no set names.
        try scene.edit(.field("free", .text("a")), by: scene.agent)
        for key in ["shelf", "ticket", "address"] {
            #expect(throws: refusal(key)) {
                try scene.edit(.field(key, .text("a")), by: scene.agent)
            }
        }
        // The topic may come with the same command, and those above it count.
        try scene.edit(.field("shelf", .text("4")), .topic("till"), by: scene.agent)
        #expect(throws: refusal("address")) {
            try scene.edit(.field("address", .text("a")), by: scene.agent)
        }
        // What it has stays when the topic changes, and can be emptied.
        try scene.edit(.topic("web"), .field("address", .text("a")), by: scene.agent)
        #expect(scene.details?.fields["shelf"] == .text("4"))
        #expect(throws: refusal("shelf")) {
            try scene.edit(.field("shelf", .text("5")), by: scene.agent)
        }
        try scene.edit(.field("shelf", nil), by: scene.agent)
        #expect(scene.details?.fields == ["free": .text("a"), "address": .text("a")])
    }

    @Test("A change is made as a whole or not at all")
    func whole() throws {
        var scene = try scene()
        let before = scene.situation
        #expect(throws: Rejection.invalidValue(field: "topic", allowed: ["shop", "till"])) {
            try scene.edit(.addTag("vip"), .topic("gone"), by: scene.agent)
        }
        #expect(throws: Rejection.invalidValue(field: "type", allowed: ["incident"])) {
            try scene.edit(.type("question"), .topic("till"), by: scene.agent)
        }
        #expect(
            throws: Rejection.invalidValue(field: "fields.colours", allowed: ["red", "blue"])
        ) { try scene.edit(.field("colours", .words(["red", "red"])), by: scene.agent) }
        #expect(scene.situation == before)
    }

    @Test("A change that changes nothing is said to be none")
    func nothing() throws {
        var scene = try scene()
        #expect(throws: Rejection.noChange) {
            try scene.edit(.removeTag("none"), .topic(nil), by: scene.agent)
        }
        try scene.edit(.addTag("vip"), .addTag("vip"), by: scene.agent)
        #expect(scene.details?.tags == ["vip"])
        #expect(throws: Rejection.noChange) { try scene.edit(.addTag("vip"), by: scene.agent) }
    }

    @Test("A command has 1 to 64 changes")
    func limits() throws {
        var scene = try scene()
        let edits = { (count: Int, scene: Scene) in
            Command.edit(
                EditRequest(
                    request: scene.requestID,
                    edits: (0..<count).map { .addTag("tag \($0)") }
                )
            )
        }
        #expect(throws: Rejection.invalidValue(field: "edits", allowed: ["1 to 64"])) {
            try scene.run(edits(0, scene), by: scene.agent)
        }
        #expect(throws: Rejection.tooMany(field: "edits", limit: 64)) {
            try scene.run(edits(65, scene), by: scene.agent)
        }
        try scene.run(edits(64, scene), by: scene.agent)
        #expect(scene.details?.tags.count == 64)
    }

    @Test("Watchers and participants are people whom the desk knows, at most 100 of each")
    func people() throws {
        var scene = try scene()
        let agents = (0..<101).map { _ in Agent(id: scene.id(), name: "agent") }
        let contacts = (0..<101).map { _ in Contact(id: scene.id(), name: "contact") }
        #expect(throws: Rejection.unknownAgent) {
            try scene.edit(.addWatcher(agents[0].id), by: scene.agent)
        }
        #expect(throws: Rejection.notFound) {
            try scene.edit(.addParticipant(contacts[0].id), by: scene.agent)
        }
        for batch in [0..<50, 50..<100] {
            let edits = batch.map { Edit.addWatcher(agents[$0].id) }
            let people = batch.map { Edit.addParticipant(contacts[$0].id) }
            for part in [edits, people] {
                let edit = EditRequest(request: scene.requestID, edits: part)
                try scene.run(.edit(edit), by: scene.agent, agents: agents, contacts: contacts)
            }
        }
        #expect(scene.details?.watchers == agents.dropLast().sorted { $0.id < $1.id })
        let one = EditRequest(request: scene.requestID, edits: [.addWatcher(agents[100].id)])
        #expect(throws: Rejection.tooMany(field: "watchers", limit: 100)) {
            try scene.run(.edit(one), by: scene.agent, agents: agents)
        }
        let other = EditRequest(
            request: scene.requestID,
            edits: [.addParticipant(contacts[100].id)]
        )
        #expect(throws: Rejection.tooMany(field: "participants", limit: 100)) {
            try scene.run(.edit(other), by: scene.agent, contacts: contacts)
        }
        try scene.edit(
            .removeWatcher(agents[0].id),
            .removeParticipant(contacts[0].id),
            by: scene.agent
        )
        #expect(scene.details?.watchers.count == 99)
        #expect(scene.details?.participants.count == 99)
    }

    @Test("A title that the channel asks for cannot be taken away")
    func requiredTitle() throws {
        var scene = try scene()
        scene.situation = Situation()
        let creation = CreateRequest(
            id: scene.id(),
            kind: .ticket,
            channel: "email",
            title: "A mail",
            text: "text"
        )
        try scene.run(.createRequest(creation), by: scene.contact)
        #expect(throws: Rejection.missingFields(["title"])) {
            try scene.edit(.title(nil), by: scene.agent)
        }
        try scene.edit(.title("Another"), by: scene.agent)
        #expect(scene.situation.request?.title == "Another")
    }

    @Test("Contacts change nothing, and nobody changes what was merged or deleted")
    func refusals() throws {
        var scene = try scene()
        for principal in [scene.contact, scene.partner, .desk] {
            #expect(throws: Rejection.notPermitted) { try scene.edit(.addTag("x"), by: principal) }
        }
        try scene.run(.delete(scene.requestID), by: scene.agent)
        #expect(throws: Rejection.requestNotOpen) {
            try scene.edit(.addTag("x"), by: scene.agent)
        }
    }
}
