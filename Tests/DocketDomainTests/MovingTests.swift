import DocketDomain
import Testing

@Suite("Splitting, merging, linking and deleting")
struct MovingTests {
    /// A chat that was finished as waiting and that the contact has begun anew with two messages.
    private func reactivated() throws -> Scene {
        var scene = try Scene()
        try scene.post("first", by: scene.contact)
        try scene.post("answer", by: scene.agent)
        try scene.finish("waiting", by: scene.agent)
        try scene.post("another matter", by: scene.contact)
        try scene.post("and more of it", by: scene.contact)
        return scene
    }

    // MARK: New messages

    @Test("The messages since a chat was begun anew become a live request, and the old one rests")
    func splitNew() throws {
        var scene = try reactivated()
        let source = scene.requestID
        #expect(scene.status == "in_progress")
        try scene.run(.splitNewMessages(source), by: scene.agent)
        let made = try #require(scene.situation.request)
        let left = try #require(scene.situation.request(source))
        #expect(made.number == 2)
        #expect(made.previous == source)
        #expect(made.sequence == 2)
        #expect(made.description == "another matter")
        #expect(made.session?.ordinal == 1)
        #expect(made.session?.lastAuthor == .contact)
        #expect(made.assignee?.name == "Bo")
        #expect(made.status == "assigned")
        #expect(made.details.origin == .split)
        #expect(made.details.links.map(\.kind) == [.splitFrom])
        #expect(left.status == "waiting")
        #expect(left.session == nil)
        #expect(left.sequence == 4, "the places of what went stay empty")
        #expect(left.details.links.map(\.kind) == [.splitInto])
        #expect(left.details.reactivation == nil)
        #expect(left.description == "first")
        #expect(scene.situation.conversation?.newestRequest == made.id)
        scene.turn(to: source)
        #expect(throws: Rejection.splitNotOffered) {
            try scene.run(.splitNewMessages(source), by: scene.agent)
        }
    }

    // MARK: What a split gives back

    /// A chat that rested in a status since a moment, that the contact has begun anew a minute
    /// later, and whose new messages are split off after another minute.
    private func splitAfterRest(
        _ rest: (inout Scene) throws -> Void
    ) throws -> (scene: Scene, rested: SupportRequest, left: SupportRequest) {
        var scene = try Scene()
        try scene.post("first", by: scene.contact)
        try scene.post("answer", by: scene.agent)
        scene.now = scene.now + .seconds(60)
        try rest(&scene)
        let rested = try #require(scene.situation.request)
        scene.now = scene.now + .seconds(60)
        try scene.post("another matter", by: scene.contact)
        try #require(scene.status == "in_progress")
        scene.now = scene.now + .seconds(60)
        try scene.run(.splitNewMessages(rested.id), by: scene.agent)
        let left = try #require(scene.situation.request(rested.id))
        return (scene, rested, left)
    }

    @Test("A request that slept sleeps on when what woke it is split off, until the same moment")
    func splitOfSleeper() throws {
        let (rest, moment) = try sleeping(for: .seconds(86_400))
        var (scene, rested, left) = try splitAfterRest(rest)
        #expect(left.status == "snoozed" && left.session == nil)
        #expect(left.details.wakeAt == moment && rested.details.wakeAt == moment)
        #expect(left.statusSince == rested.statusSince)
        scene.turn(to: left.id)
        scene.now = moment
        let timer = RequestTimer(request: left.id, version: moment.milliseconds)
        try scene.run(.wake(timer), by: .desk)
        #expect(scene.status == "in_progress")
    }

    @Test("A request whose moment passed while it was awake wakes as soon as the desk looks")
    func splitPastMoment() throws {
        let (rest, moment) = try sleeping(for: .seconds(90))
        var (scene, _, left) = try splitAfterRest(rest)
        #expect(left.status == "snoozed")
        #expect(left.details.wakeAt == moment && moment < scene.now)
        scene.turn(to: left.id)
        let timer = RequestTimer(request: left.id, version: moment.milliseconds)
        try scene.run(.wake(timer), by: .desk)
        #expect(scene.status == "in_progress")
    }

    /// Lets a chat sleep for some time and ends it.
    private func sleeping(
        for span: Duration
    ) throws -> (rest: (inout Scene) throws -> Void, until: Timestamp) {
        let moment = try Scene().now + .seconds(60) + span
        let rest = { (scene: inout Scene) in
            try scene.set("snoozed", by: scene.agent, until: moment)
            try scene.finish("snoozed", by: scene.agent)
        }
        return (rest, moment)
    }

    @Test(
        "A request that was over is over as before when what reopened it is split off",
        arguments: ["resolved", "waiting"]
    )
    func splitOfResting(status: StatusKey) throws {
        let (_, rested, left) = try splitAfterRest { scene in
            try scene.finish(status, by: scene.agent)
        }
        #expect(left.status == status && left.session == nil)
        #expect(left.statusSince == rested.statusSince)
        #expect(left.details.resolvedAt == rested.details.resolvedAt)
        #expect(left.details.closedAt == rested.details.closedAt)
        #expect(left.details.reopenings == 0)
    }

    @Test("A chat that came to rest in the status it has again rests there since the first time")
    func splitAfterReturn() throws {
        var scene = try Scene()
        try scene.post("first", by: scene.contact)
        try scene.post("answer", by: scene.agent)
        try scene.finish("waiting", by: scene.agent)
        let rested = try #require(scene.situation.request)
        scene.now = scene.now + .seconds(60)
        try scene.post("another matter", by: scene.contact)
        try scene.set("waiting", by: scene.agent)
        try #require(scene.situation.request?.statusSince == scene.now)
        try scene.run(.splitNewMessages(rested.id), by: scene.agent)
        let left = try #require(scene.situation.request(rested.id))
        #expect(left.status == "waiting" && left.statusSince == rested.statusSince)
    }

    @Test("Where a store of before has not kept until when a request slept, it wakes")
    func splitOfUnknownRest() throws {
        var scene = try Scene()
        try scene.post("first", by: scene.contact)
        try scene.post("answer", by: scene.agent)
        try scene.set("snoozed", by: scene.agent, until: scene.now + .seconds(900))
        try scene.finish("snoozed", by: scene.agent)
        scene.now = scene.now + .seconds(60)
        try scene.post("another matter", by: scene.contact)
        let known = try #require(scene.details?.reactivation)
        scene.situation.request?.details.reactivation = Reactivation(
            firstSequence: known.firstSequence,
            statusBefore: known.statusBefore,
            rest: nil
        )
        scene.now = scene.now + .seconds(60)
        let source = scene.requestID
        try scene.run(.splitNewMessages(source), by: scene.agent)
        let left = try #require(scene.situation.request(source))
        #expect(left.status == "in_progress" && left.session == nil)
        #expect(left.details.wakeAt == nil)
    }

    @Test("New messages are split off while the chat that was begun anew is live, and not before")
    func splitOffered() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        try scene.take(by: scene.agent)
        #expect(throws: Rejection.splitNotOffered) {
            try scene.run(.splitNewMessages(scene.requestID), by: scene.agent)
        }
        scene = try reactivated()
        #expect(throws: Rejection.notPermitted) {
            try scene.run(.splitNewMessages(scene.requestID), by: scene.contact)
        }
        try scene.finish("waiting", by: scene.agent)
        #expect(throws: Rejection.splitNotOffered) {
            try scene.run(.splitNewMessages(scene.requestID), by: scene.agent)
        }
    }

    // MARK: Chosen messages

    @Test("Chosen messages become a request of their own, in the order in which they were said")
    func splitChosen() throws {
        var scene = try reactivated()
        let source = scene.requestID
        let messages = try #require(scene.said[source]).map(\.id)
        let split = { (chosen: [MessageID]) in
            Command.splitMessages(SplitMessages(request: source, messages: chosen))
        }
        for chosen in [[], messages] {
            #expect(throws: Rejection.splitLeavesNothing) {
                try scene.run(split(chosen), by: scene.agent)
            }
        }
        #expect(throws: Rejection.notFound) {
            try scene.run(split([messages[0], scene.id()]), by: scene.agent)
        }
        let events = try scene.run(split([messages[3], messages[0]]), by: scene.agent)
        let made = try #require(scene.situation.request)
        #expect(made.sequence == 2)
        #expect(made.description == "first")
        #expect(made.session == nil)
        #expect(scene.said[made.id]?.map(\.id) == [messages[0], messages[3]])
        #expect(scene.said[source]?.map(\.id) == [messages[1], messages[2]])
        #expect(scene.situation.request(source)?.session != nil)
        #expect(events.allSatisfy { $0.actor.kind == .agent })
    }

    @Test("Whoever loses the message that described it is described by the first that stays")
    func descriptionAfterSplit() throws {
        var scene = try reactivated()
        let source = scene.requestID
        let messages = try #require(scene.said[source]).map(\.id)
        let split = { (chosen: MessageID) in
            Command.splitMessages(SplitMessages(request: source, messages: [chosen]))
        }
        let remaining = { (events: [Event]) in
            events.compactMap { event -> MovedMessages? in
                if case .messagesGiven(let moved) = event.fact { moved } else { nil }
            }.map(\.remaining)
        }
        let second = try scene.run(split(messages[1]), by: scene.agent)
        #expect(remaining(second) == [nil], "the first message stays")
        #expect(scene.situation.request(source)?.description == "first")
        scene.turn(to: source)
        let first = try scene.run(split(messages[0]), by: scene.agent)
        #expect(remaining(first) == ["another matter"])
        #expect(scene.situation.request?.description == "first")
        let left = try #require(scene.situation.request(source))
        #expect(left.description == "another matter" && left.title == "another matter")
    }

    // MARK: Merging

    /// A closed chat, and a live one after it.
    private func followed() throws -> (scene: Scene, older: RequestID, newer: RequestID) {
        var scene = try Scene()
        try scene.post("first", by: scene.contact)
        try scene.take(by: scene.agent)
        try scene.finish("closed", by: scene.agent)
        let older = scene.requestID
        try scene.post("again", by: scene.contact)
        try scene.post("and again", by: scene.contact)
        return (scene, older, scene.requestID)
    }

    @Test("A chat is merged back into the one before it, which opens and goes on live")
    func merge() throws {
        var (scene, older, newer) = try followed()
        let messages = try #require(scene.said[newer]).map(\.id)
        scene.situation.nextNewest = older
        try scene.run(.merge(MergeRequests(request: newer, other: nil)), by: scene.agent)
        let survivor = try #require(scene.situation.request(older))
        let source = try #require(scene.situation.request(newer))
        #expect(survivor.status == "in_progress")
        #expect(survivor.session?.lastAuthor == .contact)
        #expect(survivor.session?.ordinal == 2)
        #expect(survivor.sequence == 3)
        #expect(survivor.details.sources.map(\.id) == [newer])
        #expect(survivor.details.reopenings == 1)
        #expect(scene.said[older]?.suffix(2).map(\.id) == messages)
        #expect(scene.said[older]?.map(\.sequence) == [1, 2, 3])
        #expect(source.category == .merged)
        #expect(source.session == nil)
        #expect(source.assignee == nil)
        #expect(source.details.mergedInto == survivor.reference)
        #expect(scene.situation.conversation?.newestRequest == older)
    }

    @Test("Whichever of two requests is named, the older survives")
    func survivor() throws {
        var (scene, older, newer) = try followed()
        scene.turn(to: older)
        scene.situation.messages = scene.said[newer] ?? []
        scene.situation.nextNewest = older
        try scene.run(.merge(MergeRequests(request: older, other: newer)), by: scene.supervisor)
        #expect(scene.situation.request(older)?.category == .open)
        #expect(scene.situation.request(newer)?.category == .merged)
        #expect(scene.situation.conversation?.newestRequest == older)
    }

    @Test("What was merged before points at the last survivor, and no circle arises")
    func compression() throws {
        var (scene, older, middle) = try followed()
        try scene.take(by: scene.agent)
        try scene.finish("closed", by: scene.agent)
        try scene.post("third", by: scene.contact)
        let newest = scene.requestID
        let requests = [older, middle, newest].compactMap(scene.situation.request)
        let load = { (named: Int, others: [Int], scene: inout Scene, all: [SupportRequest]) in
            scene.situation.request = all[named]
            scene.situation.others = others.map { all[$0] }
            scene.situation.messages = scene.said[all[named].id] ?? []
        }
        load(2, [1], &scene, requests)
        try scene.run(.merge(MergeRequests(request: newest, other: middle)), by: scene.agent)
        let merged = try #require(scene.situation.request(newest))
        let kept = try #require(scene.situation.request(middle))
        load(1, [0, 2], &scene, [requests[0], kept, merged])
        try scene.run(.merge(MergeRequests(request: middle, other: older)), by: scene.agent)
        let survivor = try #require(scene.situation.request(older))
        #expect(scene.situation.request(middle)?.details.mergedInto == survivor.reference)
        #expect(scene.situation.request(newest)?.details.mergedInto == survivor.reference)
        let merge = Command.merge(MergeRequests(request: middle, other: older))
        #expect(throws: Rejection.notMergeable) { try scene.run(merge, by: scene.agent) }
    }

    @Test("Two requests that cannot be one are refused")
    func notMergeable() throws {
        var (scene, older, newer) = try followed()
        let itself = Command.merge(MergeRequests(request: newer, other: newer))
        #expect(throws: Rejection.notMergeable) { try scene.run(itself, by: scene.agent) }
        let absent = Command.merge(MergeRequests(request: newer, other: scene.id()))
        #expect(throws: Rejection.notMergeable) { try scene.run(absent, by: scene.agent) }
        let merge = Command.merge(MergeRequests(request: newer, other: older))
        #expect(throws: Rejection.notPermitted) { try scene.run(merge, by: scene.contact) }
        try scene.run(.delete(newer), by: scene.supervisor)
        #expect(throws: Rejection.notMergeable) { try scene.run(merge, by: scene.supervisor) }
        scene.forgetOthers()
        #expect(throws: Rejection.notMergeable) { try scene.run(merge, by: scene.supervisor) }
    }

    // MARK: Linking

    @Test("A link stands on both sides, and is taken away from both")
    func link() throws {
        var (scene, older, newer) = try followed()
        let link = LinkRequests(request: newer, kind: .child, other: older)
        try scene.run(.link(link), by: scene.agent)
        #expect(scene.situation.request(newer)?.details.links.map(\.kind) == [.followUp, .child])
        #expect(
            scene.situation.request(older)?.details.links.map(\.kind) == [.followedUp, .parent]
        )
        #expect(throws: Rejection.noChange) { try scene.run(.link(link), by: scene.agent) }
        try scene.run(.unlink(link), by: scene.agent)
        #expect(scene.situation.request(older)?.details.links.map(\.kind) == [.followedUp])
        #expect(throws: Rejection.noChange) { try scene.run(.unlink(link), by: scene.agent) }
    }

    @Test("People link what is there, in the ways that are theirs")
    func linkRefusals() throws {
        var (scene, older, newer) = try followed()
        let kinds = ["related", "duplicate", "parent", "child"]
        for kind in LinkKind.allCases where !kind.isMadeByPeople {
            let link = LinkRequests(request: newer, kind: kind, other: older)
            #expect(throws: Rejection.invalidValue(field: "kind", allowed: kinds)) {
                try scene.run(.link(link), by: scene.agent)
            }
        }
        let itself = LinkRequests(request: newer, kind: .related, other: newer)
        #expect(throws: Rejection.invalidValue(field: "other_id", allowed: ["another request"])) {
            try scene.run(.link(itself), by: scene.agent)
        }
        let absent = LinkRequests(request: newer, kind: .related, other: scene.id())
        #expect(throws: Rejection.notFound) { try scene.run(.link(absent), by: scene.agent) }
        #expect(throws: Rejection.notPermitted) { try scene.run(.link(absent), by: scene.contact) }
    }

    @Test("A request has at most 100 links")
    func linkLimit() throws {
        var (scene, older, newer) = try followed()
        let others = (0..<99).map { number in
            Link(
                kind: .related,
                other: RequestReference(id: scene.id(), number: 100 + UInt64(number))
            )
        }
        scene.situation.request?.details.links += others
        let link = Command.link(LinkRequests(request: newer, kind: .related, other: older))
        #expect(throws: Rejection.tooMany(field: "links", limit: 100)) {
            try scene.run(link, by: scene.agent)
        }
        scene.situation.request?.details.links.removeLast()
        try scene.run(link, by: scene.agent)
        #expect(scene.details?.links.count == 100)
    }

    // MARK: Deleting

    @Test("A deleted request comes back as it was, and meanwhile a message opens a new one")
    func delete() throws {
        var scene = try Scene()
        try scene.post(by: scene.contact)
        try scene.post(by: scene.agent)
        let id = scene.requestID
        #expect(throws: Rejection.notAssignee) { try scene.run(.delete(id), by: scene.colleague) }
        #expect(throws: Rejection.noChange) { try scene.run(.restore(id), by: scene.agent) }
        try scene.run(.delete(id), by: scene.agent)
        #expect(scene.situation.request?.category == .deleted)
        #expect(scene.situation.request?.session == nil)
        #expect(throws: Rejection.requestNotOpen) { try scene.run(.delete(id), by: scene.agent) }
        #expect(throws: Rejection.requestNotOpen) { try scene.post(by: scene.agent) }
        let deleted = scene
        try scene.run(.restore(id), by: scene.agent)
        #expect(scene.status == "in_progress")
        #expect(scene.situation.request?.assignee?.name == "Bo")
        scene = deleted
        try scene.post(by: scene.contact)
        #expect(scene.situation.request?.number == 2)
        #expect(scene.status == "new")
    }
}
