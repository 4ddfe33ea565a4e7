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

    @Test("A request whose moment passed while it was awake is awake when it is left")
    func splitPastMoment() throws {
        let (rest, moment) = try sleeping(for: .seconds(90))
        let (scene, _, left) = try splitAfterRest(rest)
        #expect(moment < scene.now)
        #expect(left.status == "in_progress" && left.session == nil)
        #expect(left.details.wakeAt == nil)
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

    @Test("Where an older store has not kept until when a request slept, it wakes")
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
    private func followed(
        _ change: (inout PolicyContent) -> Void = { _ in }
    ) throws -> (scene: Scene, older: RequestID, newer: RequestID) {
        var scene = try Scene(change)
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
            scene.situation.nextNewest = all[others[0]].id
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

    @Test("The newest chat is merged into the one before it alone, and older ones into any")
    func mergePast() throws {
        var (scene, older, middle) = try followed()
        try scene.take(by: scene.agent)
        try scene.finish("closed", by: scene.agent)
        try scene.post("third", by: scene.contact)
        let newest = scene.requestID
        let all = [older, middle, newest].compactMap(scene.situation.request)
        scene.situation.others = [all[0]]
        scene.situation.nextNewest = middle
        let past = Command.merge(MergeRequests(request: newest, other: older))
        #expect(throws: Rejection.notMergeable) { try scene.run(past, by: scene.agent) }
        let said = scene.said[middle] ?? []
        (scene.situation.request, scene.situation.others) = (all[1], [all[0]])
        scene.situation.messages = said
        try scene.run(.merge(MergeRequests(request: middle, other: older)), by: scene.agent)
        #expect(scene.situation.request?.category == .merged)
        #expect(scene.situation.conversation?.newestRequest == newest)
        (scene.situation.request, scene.situation.others) = (all[2], [all[0]])
        scene.situation.nextNewest = older
        scene.situation.messages = scene.said[newest] ?? []
        try scene.run(past, by: scene.agent)
        #expect(scene.situation.conversation?.newestRequest == older)
    }

    @Test("Who may merge is asked of the request that ends, whoever has the survivor")
    func mergeByAssignee() throws {
        var (scene, older, newer) = try followed { content in
            content.permissions[.merge] = [.assignee, .supervisor]
        }
        scene.situation.nextNewest = older
        try scene.take(by: scene.colleague)
        let merge = Command.merge(MergeRequests(request: newer, other: nil))
        #expect(throws: Rejection.notAssignee) { try scene.run(merge, by: scene.agent) }
        let live = scene
        try scene.run(merge, by: scene.colleague)
        let survivor = try #require(scene.situation.request(older))
        #expect(survivor.assignee?.name == "Cy", "the chat goes on with the agent who has it")
        #expect(survivor.status == "in_progress")
        #expect(survivor.session != nil)
        scene = live
        try scene.run(merge, by: scene.supervisor)
        #expect(scene.situation.request(older)?.assignee?.name == "Cy")
    }

    @Test("A live chat that is merged into one that nobody has is its agent's still")
    func mergeIntoNobodys() throws {
        var (scene, older, newer) = try followed()
        try scene.take(by: scene.colleague)
        scene.situation.nextNewest = older
        let place = try #require(scene.situation.others.firstIndex { $0.id == older })
        scene.situation.others[place].assignee = nil
        try scene.run(.merge(MergeRequests(request: newer, other: nil)), by: scene.colleague)
        let survivor = try #require(scene.situation.request(older))
        #expect(survivor.assignee?.name == "Cy" && survivor.status == "in_progress")
    }

    @Test("What rests is merged without changing hands, and so is a live chat that nobody has")
    func mergeKeepsAgent() throws {
        var (scene, older, newer) = try followed()
        scene.situation.nextNewest = older
        let merge = Command.merge(MergeRequests(request: newer, other: nil))
        let nobodys = scene
        try scene.run(merge, by: scene.colleague)
        #expect(scene.situation.request(older)?.assignee?.name == "Bo")
        #expect(scene.situation.request(older)?.session != nil)
        scene = nobodys
        try scene.take(by: scene.colleague)
        try scene.finish("waiting", by: scene.colleague)
        try scene.run(merge, by: scene.colleague)
        let survivor = try #require(scene.situation.request(older))
        #expect(survivor.assignee?.name == "Bo" && survivor.session == nil)
    }

    @Test("A live chat goes to no agent who may not have the survivor")
    func mergeForMembers() throws {
        var (scene, older, newer) = try followed { content in
            content.topics = [
                Topic(key: "till", name: "Till", members: ["di"], isForMembersOnly: true)
            ]
        }
        try scene.take(by: scene.colleague)
        scene.situation.nextNewest = older
        let place = try #require(scene.situation.others.firstIndex { $0.id == older })
        scene.situation.others[place].details.topic = "till"
        let merge = Command.merge(MergeRequests(request: newer, other: nil))
        #expect(throws: Rejection.notMember) {
            try scene.run(merge, by: scene.colleague, login: "cy")
        }
        try scene.run(merge, by: scene.colleague, login: "di")
        #expect(scene.situation.request(older)?.assignee?.name == "Cy")
    }

    @Test("Open work opens what is over, though no transition on merged says how")
    func mergeWithoutTransition() throws {
        var (scene, older, newer) = try followed { content in
            content.transitions.removeAll { $0.trigger == .merged }
        }
        scene.situation.nextNewest = older
        let merge = Command.merge(MergeRequests(request: newer, other: nil))
        let nobodys = scene
        try scene.run(merge, by: scene.agent)
        let survivor = try #require(scene.situation.request(older))
        #expect(survivor.status == "in_progress" && survivor.session?.ordinal == 2)
        scene = nobodys
        let place = try #require(scene.situation.others.firstIndex { $0.id == older })
        scene.situation.others[place].assignee = nil
        try scene.run(merge, by: scene.agent)
        #expect(scene.situation.request(older)?.status == "new", "nobody has it")
    }

    @Test("What moves only forward and is over takes no open work, and keeps what it had")
    func mergeForward() throws {
        var (scene, older, newer) = try followed { content in
            content.kinds = [
                KindRules(
                    kind: .chat,
                    initialStatus: "new",
                    finishStatus: "closed",
                    isForwardOnly: true
                )
            ]
            content.channels = content.channels.filter { $0.opens == .chat }
            content.statuses = content.statuses.filter { ["new", "closed"].contains($0.key) }
            content.transitions = [Transition(on: .finished, from: ["new"], to: "closed")]
        }
        scene.situation.nextNewest = older
        let before = scene.situation
        let merge = Command.merge(MergeRequests(request: newer, other: nil))
        #expect(throws: Rejection.notMergeable) { try scene.run(merge, by: scene.agent) }
        #expect(scene.situation == before)
        try scene.take(by: scene.agent)
        try scene.finish("closed", by: scene.agent)
        try scene.run(merge, by: scene.agent)
        #expect(scene.situation.request(older)?.status == "closed", "neither was open")
    }

    // MARK: Messages to what was merged

    /// A chat that was merged back into the one before it, with some reply to merged requests.
    private func merged(
        _ reply: ReplyPolicy = .append
    ) throws -> (scene: Scene, survivor: RequestID, merged: RequestID) {
        var (scene, older, newer) = try followed { content in
            content.statuses.removeAll { $0.category == .merged }
            content.statuses.append(
                Status(key: "gone", name: "Gone", category: .merged, rank: 100, reply: reply)
            )
        }
        scene.situation.nextNewest = older
        try scene.run(.merge(MergeRequests(request: newer, other: nil)), by: scene.agent)
        return (scene, older, newer)
    }

    private func post(_ text: String, to request: RequestID, _ scene: inout Scene) -> Command {
        .post(Post(id: scene.id(), conversation: scene.conversation, text: text, request: request))
    }

    @Test("What a contact writes to a merged request goes on in the one that has its content")
    func forwarded() throws {
        var (scene, survivor, merged) = try merged()
        let before = try #require(scene.situation.request(survivor))
        let events = try scene.run(post("and more", to: merged, &scene), by: scene.contact)
        #expect(events.compactMap(\.request?.id) == [survivor])
        let after = try #require(scene.situation.request(survivor))
        #expect(after.sequence == before.sequence + 1)
        #expect(after.session?.lastMessageAt == scene.now)
        #expect(scene.situation.request(merged)?.category == .merged)
        #expect(throws: Rejection.requestNotOpen) {
            try scene.run(post("answer", to: merged, &scene), by: scene.agent)
        }
    }

    @Test("The status of the survivor decides what comes of a message that is passed on")
    func forwardedToClosed() throws {
        var (scene, survivor, merged) = try merged()
        scene.turn(to: survivor)
        try scene.finish("waiting", by: scene.agent)
        scene.turn(to: merged)
        let waiting = scene
        try scene.run(post("and more", to: merged, &scene), by: scene.contact)
        #expect(scene.situation.request(survivor)?.status == "in_progress")
        scene = waiting
        scene.turn(to: survivor)
        try scene.set("closed", by: scene.agent)
        scene.turn(to: merged)
        try scene.run(post("and more", to: merged, &scene), by: scene.contact)
        let opened = try #require(scene.situation.request)
        #expect(opened.number == 3)
        #expect(opened.details.links.map(\.other.id) == [survivor])
    }

    @Test("A policy may let what is written to a merged request open a new one, or refuse it")
    func notForwarded() throws {
        var (scene, _, gone) = try merged(.newRequest)
        try scene.run(post("and more", to: gone, &scene), by: scene.contact)
        #expect(scene.situation.request?.number == 3)
        #expect(scene.details?.links.map(\.other.id) == [gone])
        var (strict, _, barred) = try merged(.refuse)
        let refused = post("and more", to: barred, &strict)
        #expect(throws: Rejection.repliesRefused) { try strict.run(refused, by: strict.contact) }
    }

    @Test("A policy may pass messages to a merged request on for a while after the merge")
    func forwardedWithin() throws {
        var (scene, survivor, gone) = try merged(.appendWithin(.seconds(60)))
        scene.now = scene.now + .seconds(60)
        let last = scene
        try scene.run(post("and more", to: gone, &scene), by: scene.contact)
        #expect(scene.situation.request(survivor)?.sequence == 4)
        scene = last
        scene.now = scene.now + .milliseconds(1)
        try scene.run(post("and more", to: gone, &scene), by: scene.contact)
        #expect(scene.situation.request?.number == 3)
    }

    // MARK: What cannot be one

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
