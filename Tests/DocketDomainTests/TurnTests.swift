import Testing

@testable import DocketDomain

@Suite("A request knows who wrote last and since when its contact waits")
struct TurnTests {
    private func waiting(_ scene: Scene) -> Timestamp? {
        scene.situation.request?.turn?.waitingSince
    }
    private func last(_ scene: Scene) -> LiveSession.Author? {
        scene.situation.request?.turn?.lastAuthor
    }

    @Test("The wait begins with the first message that nobody has answered")
    func firstUnanswered() throws {
        var scene = try Scene()
        let start = scene.now
        try scene.post(by: scene.contact)
        #expect(waiting(scene) == start && last(scene) == .contact)
        scene.now = start + .seconds(60)
        try scene.post(by: scene.contact)
        #expect(waiting(scene) == start, "a second question does not begin the wait anew")
        try scene.take(by: scene.agent)
        #expect(waiting(scene) == start, "to take it is no answer")
        try scene.post(by: scene.agent)
        #expect(waiting(scene) == nil && last(scene) == .agent)
        scene.now = start + .seconds(120)
        try scene.post(by: scene.contact)
        #expect(waiting(scene) == scene.now && last(scene) == .contact)
    }

    @Test("A note answers nobody, and who finishes a chat leaves nobody waiting")
    func ends() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        let note = PostNote(id: scene.id(), request: scene.requestID, text: "who knows?")
        try scene.run(.postNote(note), by: scene.agent)
        #expect(waiting(scene) != nil && last(scene) == .contact)
        try scene.take(by: scene.agent)
        try scene.finish("waiting", by: scene.agent)
        #expect(waiting(scene) == nil && last(scene) == .contact)
        scene.now = scene.now + .seconds(5)
        try scene.post(by: scene.contact)
        #expect(waiting(scene) == scene.now)
        try scene.run(.delete(scene.requestID), by: scene.supervisor)
        #expect(waiting(scene) != nil, "what is deleted may be restored")
    }

    @Test("What an agent opens for a contact is the contact's question, unless it is internal")
    func manual() throws {
        for isInternal in [false, true] {
            var scene = try Scene()
            let create = CreateRequest(
                id: scene.id(),
                kind: .chat,
                channel: "chat",
                contact: scene.ada.id,
                text: "They called",
                isInternal: isInternal
            )
            try scene.run(.createRequest(create), by: scene.agent, contact: scene.ada)
            #expect(waiting(scene) == (isInternal ? nil : scene.now))
            #expect(last(scene) == .agent)
        }
    }

    @Test("The wait goes with the messages that are split off, and comes back with a merge")
    func moves() throws {
        var scene = try Scene()
        try scene.post("first", by: scene.contact)
        try scene.post("answer", by: scene.agent)
        try scene.finish("waiting", by: scene.agent)
        scene.now = scene.now + .seconds(60)
        let since = scene.now
        try scene.post("another matter", by: scene.contact)
        let source = scene.requestID
        scene.now = scene.now + .seconds(60)
        try scene.run(.splitNewMessages(source), by: scene.agent)
        #expect(waiting(scene) == since && last(scene) == .contact)
        let left = try #require(scene.situation.request(source))
        #expect(left.turn == Turn(lastAuthor: .agent, waitingSince: nil))
        let made = scene.requestID
        scene.situation.nextNewest = source
        try scene.run(.merge(MergeRequests(request: made, other: source)), by: scene.agent)
        let survivor = try #require(scene.situation.request(source))
        #expect(survivor.turn == Turn(lastAuthor: .contact, waitingSince: since))
        #expect(scene.situation.request(made)?.turn?.waitingSince == nil)
    }

    @Test("Of two that wait the survivor waits since the earlier")
    func earlier() {
        let early = Turn(lastAuthor: .contact, waitingSince: Timestamp(milliseconds: 1))
        let late = Turn(lastAuthor: .contact, waitingSince: Timestamp(milliseconds: 2))
        #expect(Turn.merged(late, into: early)?.waitingSince == early.waitingSince)
        #expect(Turn.merged(early, into: late)?.waitingSince == early.waitingSince)
        #expect(Turn.merged(nil, into: late) == late)
        #expect(Turn.merged(early, into: nil) == early)
    }
}
