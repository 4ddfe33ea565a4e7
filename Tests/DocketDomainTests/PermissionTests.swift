import DocketDomain
import Testing

@Suite("Who may do what")
struct PermissionTests {
    /// A desk whose till is for its members only: Bo by name, Di by a group in a group.
    private func membersOnly() throws -> Scene {
        var scene = try Scene { content in
            content.groups = [
                Group(key: "all", name: "All", groups: ["night"]),
                Group(key: "night", name: "Night", members: ["di"], groups: []),
            ]
            content.topics = [
                Topic(
                    key: "till",
                    name: "Till",
                    members: ["bo"],
                    groups: ["all"],
                    isForMembersOnly: true
                )
            ]
            content.channels = content.channels.map { channel in
                Channel(
                    key: channel.key,
                    name: channel.name,
                    opens: channel.opens,
                    inactiveAfter: nil,
                    defaultTopic: "till"
                )
            }
        }
        try scene.post(by: scene.contact)
        return scene
    }

    @Test("Requests of a topic for its members only are taken by them, and given to them")
    func members() throws {
        var scene = try membersOnly()
        #expect(throws: Rejection.notMember) { try scene.take(by: scene.colleague, login: "cy") }
        #expect(throws: Rejection.notMember) { try scene.take(by: scene.colleague) }
        #expect(throws: Rejection.notMember) {
            try scene.post(by: scene.colleague, login: "cy")
        }
        let fresh = scene
        try scene.take(by: scene.agent, login: "bo")
        let next = try #require(scene.colleague.agent?.agent)
        let give = Command.assign(Assign(request: scene.requestID, agent: next.id))
        #expect(throws: Rejection.notMember) {
            try scene.run(give, by: scene.agent, agent: next, login: "cy")
        }
        scene = fresh
        try scene.post(by: scene.supervisor, login: "di")
        #expect(scene.situation.request?.assignee?.name == "Di")
    }

    @Test("A policy says who takes, gives, answers, notes, changes, splits, merges and deletes")
    func permissions() throws {
        var scene = try Scene { content in
            for action in WorkAction.allCases { content.permissions[action] = .administrator }
            content.answeringTakes = false
        }
        try scene.post(by: scene.contact)
        let id = scene.requestID
        let note = PostNote(id: scene.id(), request: id, text: "note")
        let answer = Post(id: scene.id(), conversation: scene.conversation, text: "answer")
        let commands: [Command] = [
            .take(id), .assign(Assign(request: id, agent: nil)), .post(answer), .postNote(note),
            .edit(EditRequest(request: id, edits: [.addTag("x")])), .splitNewMessages(id),
            .splitMessages(SplitMessages(request: id, messages: [])),
            .merge(MergeRequests(request: id, other: nil)),
            .link(LinkRequests(request: id, kind: .related, other: scene.id())), .delete(id),
            .restore(id),
        ]
        for command in commands {
            for principal in [scene.agent, scene.supervisor] {
                #expect(throws: Rejection.notPermitted) { try scene.run(command, by: principal) }
            }
            let copy = scene
            do {
                try scene.run(command, by: scene.administrator)
            } catch {
                #expect(error != .notPermitted && error != .notAssignee)
            }
            scene = copy
        }
    }

    @Test("Who may do something with an own request only is told so of another's")
    func ownOnly() throws {
        var scene = try Scene { content in
            content.permissions = [.note: .assignee, .answer: .agent]
        }
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        let note = Command.postNote(
            PostNote(id: scene.id(), request: scene.requestID, text: "note")
        )
        for principal in [scene.colleague, scene.supervisor, scene.administrator] {
            #expect(throws: Rejection.notAssignee) { try scene.run(note, by: principal) }
        }
        try scene.run(note, by: scene.agent)
        try scene.post(by: scene.colleague)
        #expect(scene.situation.request?.assignee?.name == "Bo")
    }

    @Test("A status that takes no replies refuses them, with a word of its own")
    func noReplies() throws {
        var scene = try Scene { content in
            content.statuses = content.statuses.map { status in
                status.key == "closed"
                    ? Status(
                        key: "closed",
                        name: "Closed",
                        category: .closed,
                        rank: status.rank,
                        reply: .refuse
                    ) : status
            }
        }
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        try scene.finish("closed", by: scene.agent)
        #expect(throws: Rejection.repliesRefused) { try scene.post(by: scene.contact) }
    }
}
