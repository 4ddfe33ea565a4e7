import DocketDomain
import Testing

@Suite("Changes of status")
struct StatusTests {
    private func working(_ change: (inout PolicyContent) -> Void = { _ in }) throws -> Scene {
        var scene = try Scene(change)
        try scene.post(by: scene.contact)
        try scene.post(by: scene.agent)
        return scene
    }

    // MARK: Set

    @Test("A status is set by whom a transition names, with a reason that stands in the log")
    func set() throws {
        var scene = try working()
        let events = try scene.set("on_hold", by: scene.agent, reason: "the supplier has to say")
        guard case .statusChanged(let change) = events.first?.fact else {
            Issue.record("no change of status: \(events)")
            return
        }
        #expect(change.from == "in_progress")
        #expect(change.to == "on_hold")
        #expect(change.cause == .set)
        #expect(change.reason == "the supplier has to say")
        #expect(scene.situation.request?.session != nil, "setting ends no chat")
        #expect(throws: Rejection.notAssignee) { try scene.set("resolved", by: scene.colleague) }
        #expect(throws: Rejection.notPermitted) { try scene.set("resolved", by: scene.contact) }
        #expect(throws: Rejection.unknownStatus) { try scene.set("gone", by: scene.agent) }
        #expect(
            throws: Rejection.invalidTransition(
                allowed: ["in_progress", "waiting", "snoozed", "resolved", "closed"]
            )
        ) { try scene.set("new", by: scene.supervisor) }
        #expect(throws: Rejection.textEmpty(.reason)) {
            try scene.set("resolved", by: scene.agent, reason: "")
        }
        #expect(throws: Rejection.textTooLong(.reason, limit: 1_024)) {
            let reason = String(repeating: "x", count: 1_025)
            try scene.set("resolved", by: scene.agent, reason: reason)
        }
    }

    @Test("What nobody at all may choose is an invalid transition for everybody")
    func nothingToChoose() throws {
        var scene = try working()
        try scene.finish("closed", by: scene.agent)
        for principal in [scene.agent, scene.colleague, scene.supervisor] {
            #expect(throws: Rejection.invalidTransition(allowed: [])) {
                try scene.set("in_progress", by: principal)
            }
        }
    }

    @Test("A reason that a transition asks for has to be there")
    func reason() throws {
        var scene = try working { content in
            content.transitions.insert(
                Transition(on: .set, from: ["in_progress"], to: "on_hold", requires: [.reason]),
                at: 0
            )
        }
        #expect(throws: Rejection.missingFields(["reason"])) {
            try scene.set("on_hold", by: scene.agent)
        }
        try scene.set("on_hold", by: scene.agent, reason: "because")
        #expect(scene.status == "on_hold")
    }

    @Test("Everything that a status asks for and that is missing is named at once")
    func requiredFields() throws {
        var scene = try working { content in
            content.fields = ["cause", "cost", "outcome"].map { key in
                FieldDefinition(key: key, name: key, type: .text(limit: 10))
            }
            content.topics = [
                Topic(key: "shop", name: "Shop"), Topic(key: "till", name: "Till", parent: "shop"),
            ]
            content.fieldSets = [
                FieldSet(phase: .process, required: ["cause"]),
                FieldSet(topic: "shop", phase: .close, required: ["outcome", "cause"]),
                FieldSet(kind: .ticket, phase: .close, required: ["cost"]),
            ]
            content.transitions.insert(
                Transition(
                    on: .finished,
                    from: ["in_progress"],
                    to: "resolved",
                    requires: [.title, .topic, .type, .priority]
                ),
                at: 0
            )
        }
        #expect(throws: Rejection.missingFields(["title", "topic", "type", "cause"])) {
            try scene.finish(by: scene.agent)
        }
        try scene.edit(.topic("till"), by: scene.agent)
        #expect(throws: Rejection.missingFields(["title", "type", "cause", "outcome"])) {
            try scene.finish(by: scene.agent)
        }
        try scene.finish("waiting", by: scene.agent)
        #expect(throws: Rejection.missingFields(["cause", "outcome"])) {
            try scene.set("closed", by: scene.agent)
        }
        try scene.edit(
            .field("cause", .text("rain")),
            .field("outcome", .text("dry")),
            by: scene.agent
        )
        try scene.set("closed", by: scene.agent)
        #expect(scene.status == "closed")
        #expect(scene.details?.closedAt == scene.now)
    }

    @Test("What the command lacks and what the request lacks are named together")
    func missingTogether() throws {
        var scene = try working { content in
            content.fields = [FieldDefinition(key: "cause", name: "Cause", type: .flag)]
            content.fieldSets = [FieldSet(phase: .close, required: ["cause"])]
            content.transitions.insert(
                contentsOf: [
                    Transition(
                        on: .set,
                        from: ["in_progress"],
                        to: "snoozed",
                        requires: [.title, .wakeAt, .reason]
                    ),
                    Transition(
                        on: .set,
                        from: ["in_progress"],
                        to: "resolved",
                        requires: [.reason, .topic]
                    ),
                ],
                at: 0
            )
        }
        #expect(throws: Rejection.missingFields(["wake_at", "reason", "title"])) {
            try scene.set("snoozed", by: scene.agent)
        }
        #expect(throws: Rejection.missingFields(["wake_at", "title"])) {
            try scene.set("snoozed", by: scene.agent, reason: "later")
        }
        #expect(throws: Rejection.missingFields(["reason", "title"])) {
            try scene.set("snoozed", by: scene.agent, until: scene.now + .seconds(1))
        }
        #expect(throws: Rejection.missingFields(["reason", "topic", "cause"])) {
            try scene.set("resolved", by: scene.agent)
        }
        #expect(throws: Rejection.missingFields(["topic", "cause"])) {
            try scene.set("resolved", by: scene.agent, reason: "done")
        }
    }

    @Test("A transition happens with its effects, in their order and as the desk's own doing")
    func effects() throws {
        var scene = try working { content in
            content.transitions.insert(
                Transition(
                    on: .set,
                    from: ["in_progress"],
                    to: "on_hold",
                    effects: [.tell("We ask somebody."), .tag("asked"), .release]
                ),
                at: 0
            )
        }
        let events = try scene.set("on_hold", by: scene.agent)
        #expect(events.map(\.actor.kind) == [.agent, .desk, .desk, .desk])
        #expect(events.map(\.way) == [.call, .rule, .rule, .rule])
        #expect(scene.details?.tags == ["asked"])
        #expect(scene.situation.request?.assignee == nil)
        guard case .messagePosted(let message) = events[1].fact else {
            Issue.record("the desk says nothing: \(events)")
            return
        }
        #expect(message.text == "We ask somebody.")
        #expect(message.sequence == 3)
    }

    // MARK: Sleeping

    @Test("A request sleeps until a moment within ten years, and in a waiting status only")
    func moments() throws {
        var scene = try working()
        #expect(throws: Rejection.missingFields(["wake_at"])) {
            try scene.set("snoozed", by: scene.agent)
        }
        let wrong = Rejection.invalidValue(
            field: "wake_at",
            allowed: ["a moment within the next ten years"]
        )
        let last = scene.now + RequestLimits.sleep
        for moment in [scene.now, last + .milliseconds(1)] {
            #expect(throws: wrong) {
                try scene.set("snoozed", by: scene.agent, until: moment)
            }
        }
        #expect(
            throws: Rejection.invalidValue(
                field: "wake_at",
                allowed: ["nothing, for resolved"]
            )
        ) { try scene.set("resolved", by: scene.agent, until: last) }
        try scene.set("snoozed", by: scene.agent, until: last)
        #expect(scene.details?.wakeAt == last)
        let sooner = scene.now + .milliseconds(1)
        try scene.set("snoozed", by: scene.agent, until: sooner)
        #expect(scene.details?.wakeAt == sooner)
    }

    @Test("A sleeping request wakes when its time has come, by the timer that was set last")
    func wake() throws {
        var scene = try working()
        let moment = scene.now + .seconds(60)
        try scene.set("snoozed", by: scene.agent, until: moment)
        let timer = { (moment: Timestamp, scene: Scene) in
            Command.wake(RequestTimer(request: scene.requestID, version: moment.milliseconds))
        }
        #expect(throws: Rejection.notPermitted) {
            try scene.run(timer(moment, scene), by: scene.agent)
        }
        scene.now = moment + .milliseconds(-1)
        #expect(try scene.run(timer(moment, scene), by: .desk).isEmpty)
        scene.now = moment
        #expect(try scene.run(timer(moment + .milliseconds(-1), scene), by: .desk).isEmpty)
        let events = try scene.run(timer(moment, scene), by: .desk)
        #expect(events.count == 1)
        #expect(events.first?.way == .timer)
        #expect(scene.status == "in_progress")
        #expect(scene.details?.wakeAt == nil)
        #expect(try scene.run(timer(moment, scene), by: .desk).isEmpty)
    }

    @Test("A contact's message wakes a sleeping request, and its timer then does nothing")
    func replyWakes() throws {
        var scene = try working()
        let moment = scene.now + .seconds(60)
        try scene.set("snoozed", by: scene.agent, until: moment)
        try scene.post(by: scene.contact)
        #expect(scene.status == "in_progress")
        #expect(scene.details?.wakeAt == nil)
        scene.now = moment
        let timer = RequestTimer(request: scene.requestID, version: moment.milliseconds)
        #expect(try scene.run(.wake(timer), by: .desk).isEmpty)
    }

    // MARK: Elapsing

    @Test("A request moves on when it has been in its status for as long as a transition says")
    func elapse() throws {
        var scene = try working { content in
            content.timersMayClose = true
            content.transitions += [
                Transition(on: .elapsed, from: ["resolved"], to: "closed", after: .seconds(100)),
                Transition(
                    on: .elapsed,
                    from: ["resolved"],
                    to: "in_progress",
                    after: .seconds(50)
                ),
            ]
        }
        try scene.finish(by: scene.agent)
        let resolved = try #require(scene.situation.request)
        let timer = RequestTimer(
            request: resolved.id,
            version: resolved.statusSince.milliseconds
        )
        #expect(resolved.elapseDue(under: scene.policy) == scene.now + .seconds(50))
        scene.now = scene.now + .seconds(50) + .milliseconds(-1)
        #expect(try scene.run(.elapse(timer), by: .desk).isEmpty)
        let early = scene
        scene.now = scene.now + .milliseconds(1)
        try scene.run(.elapse(timer), by: .desk)
        #expect(scene.status == "in_progress", "the transition whose time has come")
        #expect(try scene.run(.elapse(timer), by: .desk).isEmpty)
        scene = early
        scene.now = scene.now + .seconds(60)
        try scene.run(.elapse(timer), by: .desk)
        #expect(scene.status == "closed", "of several, the first in the policy")
        #expect(throws: Rejection.notPermitted) {
            try scene.run(.elapse(timer), by: scene.agent)
        }
    }

    @Test("A request that lacks what a status asks for does not move on by itself")
    func elapseLacks() throws {
        var scene = try working { content in
            content.fields = [FieldDefinition(key: "cause", name: "Cause", type: .flag)]
            content.fieldSets = [FieldSet(phase: .close, required: ["cause"])]
            content.transitions.append(
                Transition(on: .elapsed, from: ["waiting"], to: "resolved", after: .seconds(9))
            )
        }
        try scene.finish("waiting", by: scene.agent)
        let waiting = try #require(scene.situation.request)
        #expect(waiting.elapseDue(under: scene.policy) == nil)
        try scene.edit(.field("cause", .flag(true)), by: scene.agent)
        #expect(
            scene.situation.request?.elapseDue(under: scene.policy)
                == waiting.statusSince + .seconds(9)
        )
    }

    // MARK: Looking

    @Test("Only the first look of anybody, and of whoever has the request, are facts")
    func view() throws {
        var scene = try Scene { content in
            content.transitions.append(
                Transition(on: .viewed, from: ["assigned"], to: "in_progress")
            )
        }
        try scene.post(by: scene.contact)
        let version = scene.situation.request?.version
        let view = Command.view(scene.requestID)
        #expect(throws: Rejection.notPermitted) { try scene.run(view, by: scene.contact) }
        let first = try scene.run(view, by: scene.colleague)
        #expect(first.map(\.fact) == [.requestViewed(byAssignee: false)])
        #expect(first.map(\.audience) == [.staff])
        #expect(scene.situation.request?.version == version, "a look is no change")
        #expect(try scene.run(view, by: scene.agent).isEmpty)
        try scene.take(by: scene.agent)
        #expect(try scene.run(view, by: scene.colleague).isEmpty)
        #expect(scene.status == "assigned")
        let own = try scene.run(view, by: scene.agent)
        #expect(own.first?.fact == .requestViewed(byAssignee: true))
        #expect(scene.status == "in_progress")
        #expect(scene.details?.viewedByAssigneeAt == scene.now)
        #expect(try scene.run(view, by: scene.agent).isEmpty)
        let next = try #require(scene.colleague.agent?.agent)
        let assign = Command.assign(Assign(request: scene.requestID, agent: next.id))
        try scene.run(assign, by: scene.agent, agent: next)
        #expect(scene.details?.viewedByAssigneeAt == nil)
        #expect(try scene.run(view, by: scene.colleague).count == 1)
    }

    @Test("A look changes no status where no transition says so")
    func viewOnly() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        #expect(try scene.run(.view(scene.requestID), by: scene.agent).count == 1)
        #expect(scene.status == "assigned")
    }

    // MARK: Forward only

    private func forward() throws -> Scene {
        var scene = try Scene { content in
            content.kinds = [
                KindRules(
                    kind: .chat,
                    initialStatus: "new",
                    finishStatus: "closed",
                    isForwardOnly: true
                ),
                KindRules(kind: .ticket, initialStatus: "new", finishStatus: "resolved"),
            ]
            content.transitions = [
                Transition(on: .assigned, from: ["new"], to: "assigned"),
                Transition(on: .set, from: [], to: "in_progress"),
                Transition(on: .set, from: [], to: "waiting"),
                Transition(on: .set, from: [], to: "on_hold"),
                Transition(on: .set, from: [], to: "resolved"),
                Transition(on: .set, from: [], to: "closed"),
                Transition(on: .set, from: [], to: "snoozed", requires: [.wakeAt]),
                Transition(on: .contactReplied, from: [], to: "in_progress"),
            ]
        }
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        return scene
    }

    @Test("A kind that moves only forward may skip a status, and never goes back")
    func forwardOnly() throws {
        var scene = try forward()
        try scene.set("waiting", by: scene.agent)
        #expect(
            throws: Rejection.invalidTransition(
                allowed: ["on_hold", "resolved", "closed", "snoozed"]
            )
        ) { try scene.set("in_progress", by: scene.agent) }
        try scene.post(by: scene.contact)
        #expect(scene.status == "waiting")
        try scene.set("closed", by: scene.agent)
        #expect(throws: Rejection.invalidTransition(allowed: [])) {
            try scene.set("resolved", by: scene.agent)
        }
        try scene.post(by: scene.contact)
        #expect(scene.status == "new")
        #expect(scene.situation.request?.number == 2)
        #expect(scene.details?.links.map(\.kind) == [.followUp])
    }

    @Test("A request that moves only forward goes from agent to agent, not back to nobody")
    func forwardRelease() throws {
        var scene = try forward()
        let release = Command.assign(Assign(request: scene.requestID, agent: nil))
        #expect(throws: Rejection.invalidTransition(allowed: [])) {
            try scene.run(release, by: scene.agent)
        }
        #expect(scene.situation.request?.assignee != nil)
        let next = try #require(scene.colleague.agent?.agent)
        let give = Command.assign(Assign(request: scene.requestID, agent: next.id))
        try scene.run(give, by: scene.agent, agent: next)
        #expect(scene.status == "assigned")
        try scene.set("waiting", by: scene.colleague)
        try scene.run(release, by: scene.colleague)
        #expect(scene.situation.request?.assignee == nil)
        #expect(scene.status == "waiting")
    }
}
