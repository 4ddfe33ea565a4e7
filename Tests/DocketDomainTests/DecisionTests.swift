import DocketDomain
import Testing

@Suite("Decisions on chats")
struct DecisionTests {
    @Test("A contact's first message opens a request, and the next one continues it")
    func firstMessage() throws {
        var scene = try Scene()
        let events = try scene.post("first", by: scene.contact)
        #expect(events.count == 2)
        #expect(scene.status == "new")
        #expect(scene.situation.request?.description == "first")
        #expect(scene.situation.request?.sequence == 1)
        #expect(scene.situation.conversation?.newestRequest == scene.requestID)
        let request = scene.requestID
        #expect(try scene.post("second", by: scene.contact).count == 1)
        #expect(scene.requestID == request)
        #expect(scene.situation.request?.sequence == 2)
        #expect(scene.situation.request?.description == "first")
    }

    @Test("Another contact's conversation is as if it were not there")
    func foreign() throws {
        var scene = try Scene()
        #expect(throws: Rejection.notFound) { try scene.post(by: scene.other) }
        scene.situation = Situation()
        #expect(throws: Rejection.notFound) { try scene.post(by: scene.contact) }
    }

    @Test("Of two agents who take a request, one wins and the other learns who")
    func take() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        #expect(scene.status == "assigned")
        let winner = try #require(scene.agent.agent?.agent)
        #expect(throws: Rejection.alreadyAssigned(winner)) {
            try scene.take(by: scene.colleague)
        }
    }

    @Test("An agent's first answer moves the request on; answering takes what nobody has")
    func answer() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        try scene.post(by: scene.agent)
        #expect(scene.status == "in_progress")
        #expect(scene.situation.request?.assignee?.name == "Bo")
        #expect(throws: Rejection.notAssignee) { try scene.post(by: scene.colleague) }
        try scene.post(by: scene.supervisor)
        #expect(scene.situation.request?.assignee?.name == "Bo")
    }

    @Test("An agent gives away its own request, a supervisor anybody's")
    func assign() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        let target = try #require(scene.colleague.agent?.agent)
        let assign = Command.assign(Assign(request: scene.requestID, agent: target.id))
        #expect(throws: Rejection.notAssignee) {
            try scene.run(assign, by: scene.colleague, agent: target)
        }
        #expect(throws: Rejection.unknownAgent) { try scene.run(assign, by: scene.agent) }
        try scene.run(assign, by: scene.agent, agent: target)
        #expect(scene.situation.request?.assignee == target)
        #expect(throws: Rejection.noChange) {
            try scene.run(assign, by: scene.supervisor, agent: target)
        }
        let release = Command.assign(Assign(request: scene.requestID, agent: nil))
        try scene.run(release, by: scene.supervisor)
        #expect(scene.situation.request?.assignee == nil)
        #expect(scene.status == "new")
    }

    @Test("Finishing follows the table, and a refusal names what is allowed")
    func finish() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        #expect(throws: Rejection.unknownStatus) {
            try scene.finish("no_such", by: scene.agent)
        }
        #expect(throws: Rejection.notAssignee) { try scene.finish(by: scene.colleague) }
        #expect(
            throws: Rejection.invalidTransition(allowed: ["resolved", "waiting", "closed"])
        ) { try scene.finish("new", by: scene.agent) }
        try scene.finish(by: scene.agent)
        #expect(scene.status == "resolved")
        #expect(scene.situation.request?.session == nil)
        #expect(throws: Rejection.invalidTransition(allowed: ["closed"])) {
            try scene.finish("resolved", by: scene.agent)
        }
        #expect(throws: Rejection.requestNotOpen) { try scene.take(by: scene.colleague) }
    }

    @Test("A live chat may be finished in the status it has")
    func finishInPlace() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        try scene.post(by: scene.agent)
        try scene.finish("in_progress", by: scene.agent)
        #expect(scene.status == "in_progress")
        #expect(scene.situation.request?.session == nil)
    }

    @Test("A message within seven days reopens a resolved request, one later opens a new one")
    func reopen() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        try scene.finish(by: scene.agent)
        let resolved = scene
        scene.now = scene.now + .seconds(7 * 86_400)
        try scene.post(by: scene.contact)
        #expect(scene.status == "in_progress")
        #expect(scene.situation.request?.session?.ordinal == 2)
        scene = resolved
        scene.now = scene.now + .seconds(7 * 86_400) + .milliseconds(1)
        try scene.post(by: scene.contact)
        #expect(scene.status == "new")
        #expect(scene.situation.request?.previous == resolved.requestID)
        #expect(scene.situation.request?.number == 2)
    }

    @Test("After closing, the contact opens a new request and the agent cannot answer")
    func closed() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        try scene.finish("closed", by: scene.agent)
        #expect(throws: Rejection.requestNotOpen) { try scene.post(by: scene.agent) }
        try scene.post(by: scene.contact)
        #expect(scene.status == "new")
        #expect(scene.situation.request?.assignee == nil)
    }

    @Test("An agent cannot answer where no request is")
    func nothingToAnswer() throws {
        var scene = try Scene()
        #expect(throws: Rejection.requestNotOpen) { try scene.post(by: scene.agent) }
    }

    @Test("Notes have a sequence of their own and leave no trace for contacts")
    func notes() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        let before = try #require(scene.situation.request)
        let note = Command.postNote(
            PostNote(id: scene.id(), request: scene.requestID, text: "careful")
        )
        let events = try scene.run(note, by: scene.colleague)
        #expect(events.map(\.fact.audience) == [.staff])
        let after = try #require(scene.situation.request)
        #expect(after.noteSequence == 1)
        #expect(after.version == before.version)
        #expect(after.changedAt == before.changedAt)
        #expect(after.sequence == before.sequence)
        #expect(throws: Rejection.notPermitted) { try scene.run(note, by: scene.contact) }
    }

    @Test("Texts are refused when empty or one byte beyond the limit, and not at the limit")
    func textLimits() throws {
        var scene = try Scene()
        #expect(throws: Rejection.textEmpty(.text)) { try scene.post("", by: scene.contact) }
        let limit = TextLimits.messageBytes
        try scene.post(String(repeating: "x", count: limit), by: scene.contact)
        #expect(scene.situation.request?.description.utf8.count == TextLimits.descriptionBytes)
        #expect(throws: Rejection.textTooLong(.text, limit: UInt64(limit))) {
            try scene.post(String(repeating: "x", count: limit + 1), by: scene.contact)
        }
    }

    @Test("A description breaks no character")
    func description() throws {
        var scene = try Scene()
        try scene.post(String(repeating: "é👩‍👩‍👧", count: 40), by: scene.contact)
        let description = try #require(scene.situation.request?.description)
        #expect(description.utf8.count <= TextLimits.descriptionBytes)
        #expect(description.allSatisfy { "é👩‍👩‍👧".contains($0) })
    }

    @Test("A command on another version than the author has seen is refused with the current one")
    func versions() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        let version = try #require(scene.situation.request?.version)
        #expect(throws: Rejection.versionConflict(current: version)) {
            try scene.run(.take(scene.requestID), by: scene.agent, expecting: version - 1)
        }
        try scene.run(.take(scene.requestID), by: scene.agent, expecting: version)
        #expect(scene.situation.request?.version == version + 2)
    }

    @Test("A read mark never moves back and never beyond the log")
    func readMarks() throws {
        var scene = try Scene()
        let mark = { (offset: UInt64, scene: Scene) in
            Command.markRead(MarkRead(conversation: scene.conversation, upTo: offset))
        }
        try scene.run(mark(5, scene), by: scene.contact)
        #expect(scene.situation.readUpTo == 5)
        #expect(try scene.run(mark(4, scene), by: scene.contact).isEmpty)
        #expect(scene.situation.readUpTo == 5)
        try scene.run(mark(.max, scene), by: scene.contact)
        #expect(scene.situation.readUpTo == 1_000)
        #expect(throws: Rejection.notFound) {
            try scene.run(mark(7, scene), by: scene.other)
        }
    }

    @Test("A mark that covers nothing but marks is accepted and changes nothing")
    func emptyMarks() throws {
        var scene = try Scene()
        let read = Command.markRead(MarkRead(conversation: scene.conversation, upTo: 900))
        let received = Command.markReceived(
            MarkReceived(conversation: scene.conversation, upTo: 900)
        )
        scene.marked = MarkedEntries()
        #expect(try scene.run(read, by: scene.agent).isEmpty)
        #expect(try scene.run(received, by: scene.agent).isEmpty)
        scene.marked = MarkedEntries(newest: 7)
        #expect(try scene.run(received, by: scene.agent).count == 1)
        #expect(scene.situation.receivedUpTo == 900 && scene.situation.readUpTo == 0)
        #expect(try scene.run(read, by: scene.agent).count == 1, "it arrived and was not read")
        scene.marked = MarkedEntries(newest: 900)
        let later = Command.markRead(MarkRead(conversation: scene.conversation, upTo: 950))
        #expect(try scene.run(later, by: scene.agent).isEmpty)
        scene.marked = MarkedEntries(newest: 901)
        #expect(try scene.run(later, by: scene.agent).count == 1)
    }

    @Test("A mark names nothing to contacts but the newest entry of theirs that it covers")
    func marksForContacts() throws {
        var scene = try Scene()
        let mark = { (offset: UInt64, scene: Scene) in
            Command.markRead(MarkRead(conversation: scene.conversation, upTo: offset))
        }
        scene.marked = MarkedEntries(newest: 40, newestForContact: 30)
        let read = try scene.run(mark(50, scene), by: scene.agent)
        #expect(read.map(\.fact) == [.readMarked(upTo: 50, forContact: 30)])
        #expect(read.map(\.audience) == [.conversation])
        scene.marked = MarkedEntries(newest: 60)
        let note = try scene.run(mark(60, scene), by: scene.agent)
        #expect(note.map(\.fact) == [.readMarked(upTo: 60, forContact: nil)])
        #expect(note.map(\.audience) == [.staff])
        scene.situation.readUpTo = 0
        scene.marked = MarkedEntries(newest: 40, newestForContact: 30)
        let own = try scene.run(mark(50, scene), by: scene.contact)
        #expect(own.map(\.fact) == [.readMarked(upTo: 30, forContact: 30)])
    }

    @Test("A silent chat ends after ten minutes, in a status that depends on who wrote last")
    func inactivity() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        try scene.post(by: scene.agent)
        let ending = Command.endInactiveSession(
            EndInactiveSession(request: scene.requestID, ordinal: 1)
        )
        scene.now = scene.now + .seconds(600) + .milliseconds(-1)
        #expect(try scene.run(ending, by: .desk).isEmpty)
        scene.now = scene.now + .milliseconds(1)
        let answered = scene
        try scene.run(ending, by: .desk)
        #expect(scene.status == "waiting")
        #expect(scene.situation.request?.session == nil)
        scene = answered
        try scene.post(by: scene.contact)
        #expect(try scene.run(ending, by: .desk).isEmpty)
        scene.now = scene.now + .seconds(600)
        try scene.run(ending, by: .desk)
        #expect(scene.status == "in_progress")
        #expect(scene.situation.request?.session == nil)
        #expect(throws: Rejection.notPermitted) { try scene.run(ending, by: scene.agent) }
    }

    @Test("A timer set for an earlier live period leaves a later one alone")
    func overtakenTimer() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        try scene.finish("waiting", by: scene.agent)
        try scene.post(by: scene.contact)
        scene.now = scene.now + .seconds(10_000)
        let ending = EndInactiveSession(request: scene.requestID, ordinal: 1)
        #expect(try scene.run(.endInactiveSession(ending), by: .desk).isEmpty)
        #expect(scene.situation.request?.session?.ordinal == 2)
    }

    @Test("An integration speaks for its own contacts on its own channel only")
    func integrations() throws {
        var scene = try Scene()
        let integration = Principal(.integration(scene.id(), "bridge"), name: "Bridge")
        #expect(throws: Rejection.notFound) { try scene.post(by: integration) }
        let opening = OpenConversation(
            id: scene.id(),
            channel: "bridge",
            contact: scene.id()
        )
        #expect(throws: Rejection.notFound) {
            try scene.run(.openConversation(opening), by: integration)
        }
        let unknown = OpenConversation(id: scene.id(), channel: "nowhere")
        #expect(throws: Rejection.unknownChannel) {
            try scene.run(.openConversation(unknown), by: scene.contact)
        }
        let partner = Principal(.partner(scene.id()), name: "Partner")
        #expect(throws: Rejection.notPermitted) { try scene.post(by: partner) }
    }
}
