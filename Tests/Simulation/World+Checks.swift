import DocketClient
import DocketTesting

extension World {
    // MARK: Watching

    /// Looks at a conversation on a device as long as its client runs, and at whether what it shows
    /// keeps the guarantees of each view.
    func watch(_ conversation: Int, on device: Device) {
        guard let client = device.client else { return }
        let life = device.life
        let chat = client.conversation(conversations[conversation])
        Task {
            do {
                for try await view in chat.timeline(limit: 10_000) {
                    guard !life.isOver else { return }
                    check(view, of: conversation, on: device)
                }
            } catch {
                if !life.isOver { report("device \(device.number) shows nothing: \(error)") }
            }
        }
    }

    private func check(_ view: TimelineView, of conversation: Int, on device: Device) {
        let place = "device \(device.number), \(Script.channels[conversation])"
        tell("\(place): \(view.summary)")
        checkOwn(view, of: conversation, on: device, place)
        let earlier = device.views[conversation]
        var restores = earlier?.restores ?? self.restores
        if let earlier {
            if let fault = view.step(back: earlier.view) {
                if restores == self.restores { report("\(place): \(fault)") }
                // What is not loaded yet may still take back what was of another life of the log.
                if view.missing.isEmpty { restores = self.restores }
            }
        }
        device.views[conversation] = ViewRecord(view: view, restores: restores)
    }

    /// G7: each own message that waits or is delivered is shown exactly once.
    private func checkOwn(
        _ view: TimelineView,
        of conversation: Int,
        on device: Device,
        _ place: String
    ) {
        var shown: [String: Int] = [:]
        for text in view.texts + view.queued.map(\.text) { shown[text, default: 0] += 1 }
        for (text, count) in shown.sorted(by: { $0.key < $1.key }) where count > 1 {
            report("\(place): \(text) is shown \(count) times")
        }
        let isWhole = view.conversation != nil && view.missing.isEmpty
        let stored = isWhole ? [] : Set(server.texts)
        for message in messages
        where message.device == device.number && message.conversation == conversation {
            guard message.standing == .kept, !message.isLost, shown[message.text] == nil,
                !stored.contains(message.text)
            else { continue }
            report("\(place): \(message.text) is not shown")
        }
    }

    // MARK: The end

    /// Ends all faults, lets everything become quiet, and checks what has become of it.
    func end() async throws {
        tell("the end")
        for device in devices {
            device.network.heal()
            device.network.disturb(0, using: random)
            device.isFull = false
            device.life.commitsLeft = nil
        }
        try await waitForClients()
        for device in devices { try await bringLevel(device) }
        for device in devices {
            var decisions = 0
            while await settle(on: device, retries: Bool.random(using: &random)) {
                decisions += 1
                guard decisions < 200 else { throw Fault(description: "the outbox stays stopped") }
                try await bringLevel(device)
            }
        }
        for device in devices { try await bringLevel(device) }
        try checkServer()
        try await checkDevices()
    }

    private func waitForClients() async throws {
        for _ in 0..<600 {
            guard devices.contains(where: { $0.client == nil }) else { return }
            try await clock.sleep(until: clock.now + .seconds(1))
        }
        throw Fault(description: "a device does not start again")
    }

    /// G11: with a server that can be reached, a device becomes level by itself.
    private func bringLevel(_ device: Device) async throws {
        let failure = await synchronise(device, within: .seconds(1_800))
        guard let failure else { return }
        throw Fault(description: "device \(device.number) does not become level: \(failure)")
    }

    /// Brings a device level, and looks whether it is; gives why that fails.
    @discardableResult
    func synchronise(_ device: Device, within limit: Duration) async -> DocketClientError? {
        guard let client = device.client else { return nil }
        let life = device.life
        let restoresBefore = restores
        // What happens in this moment may be on its way.
        let heads = conversations.map { conversation in
            visible(conversation).last { $0.at < serverMoment }?.offset ?? 0
        }
        do throws(DocketClientError) {
            try await client.sync(within: limit)
        } catch {
            tell("device \(device.number) is not level: \(error.code)")
            return error
        }
        tell("device \(device.number) is level")
        // A feed that lacks an entry is found out with the next one.
        guard !life.isOver, restores == restoresBefore, !device.lacksEntries else { return nil }
        for (number, conversation) in conversations.enumerated() {
            var views = client.conversation(conversation).timeline(limit: 1).makeAsyncIterator()
            guard let view = try? await views.next(), restores == restoresBefore, !life.isOver
            else { return nil }
            let known = max(view.offsets.last ?? 0, view.missing.last?.upperBound ?? 0)
            guard known < heads[number] else { continue }
            report("device \(device.number) is level with \(known), not \(heads[number])")
        }
        return nil
    }

    /// What the guest sees of a conversation, without marks.
    private func visible(_ conversation: ConversationID) -> [LoggedEvent] {
        server.log.filter {
            $0.conversationID == conversation && !$0.isForStaffAlone && $0.isShown
        }
    }

    /// G1 to G5: what the server has is what was sent, once and in order.
    private func checkServer() throws {
        for device in devices {
            let left = try device.client?.outbox.messages() ?? []
            for message in left { report("\(message.text) is left in the outbox") }
        }
        let log = server.texts
        var counts: [String: Int] = [:]
        for text in log { counts[text, default: 0] += 1 }
        for message in messages {
            let count = counts[message.text] ?? 0
            if count > 1 { report("\(message.text) is stored \(count) times") }
            switch message.standing {
            case .kept where count == 0 && !message.isLost: report("\(message.text) is lost")
            case .notKept where count > 0, .gone where count > 0:
                report("\(message.text) is \(message.standing), and stored")
            default: break
            }
        }
        for event in server.log {
            guard case .message(let logged) = event.fact else { continue }
            if messages.contains(where: { $0.refused.contains(logged.id) }) {
                report("\(logged.text) was refused, and is stored")
            }
        }
        checkOrder()
        checkMarks()
    }

    /// G8: the guest has marked what it was shown, and no mark that was kept is lost in silence.
    private func checkMarks() {
        let guest = devices.first?.client?.identity?.party.id
        for (number, conversation) in conversations.enumerated() {
            let told = server.log.compactMap { event -> UInt64? in
                guard event.conversationID == conversation, event.author.id == guest,
                    case .read(let offset) = event.fact
                else { return nil }
                return offset
            }
            let made = marks.indices.filter { marks[$0].conversation == number }
            for index in made where keptMarks.contains(index) {
                let mark = marks[index]
                let isDropped = droppedMarks.contains {
                    $0.conversationID == conversation && $0.offset >= mark.offset
                }
                guard mark.restores == restores, !isDropped, told.max() ?? 0 < mark.offset else {
                    continue
                }
                report("device \(mark.device): the mark at \(mark.offset) is lost")
            }
            guard made.allSatisfy({ marks[$0].isWhole }) else { continue }
            let shown = made.reduce(into: Set<String>()) { $0.formUnion(marks[$1].texts) }
            let covered = server.log.compactMap { event -> String? in
                guard event.conversationID == conversation, event.offset <= told.max() ?? 0,
                    case .message(let message) = event.fact
                else { return nil }
                return message.text
            }
            for text in covered where !shown.contains(text) {
                report("\(text) is marked as read, and was never shown")
            }
        }
    }

    /// G4: in each conversation a device's messages stand in the order in which they were sent.
    private func checkOrder() {
        for (number, conversation) in conversations.enumerated() {
            let texts = server.messages(of: conversation).map(\.text)
            for device in devices {
                let sent = messages.filter {
                    $0.device == device.number && $0.conversation == number
                }
                let order = sent.compactMap { texts.firstIndex(of: $0.text) }
                guard order != order.sorted() else { continue }
                report("device \(device.number), conversation \(number): out of order, \(texts)")
            }
        }
    }

    /// G6 and G9: what each device shows is what the server has.
    private func checkDevices() async throws {
        var differences: [String] = []
        for _ in 0..<300 {
            differences = devices.flatMap { device in
                conversations.indices.compactMap { difference(on: device, $0) }
            }
            if differences.isEmpty { return }
            try await clock.sleep(until: clock.now + .seconds(1))
        }
        for difference in differences { report(difference) }
    }

    /// What a device shows otherwise than the server has it.
    private func difference(on device: Device, _ conversation: Int) -> String? {
        let place = "device \(device.number), \(Script.channels[conversation])"
        guard let view = device.views[conversation]?.view else { return "\(place): no view" }
        let entries = server.log.filter {
            $0.conversationID == conversations[conversation] && !$0.isForStaffAlone
        }
        let shown = entries.filter(\.isShown)
        let offsets = shown.map(\.offset)
        guard view.isComplete, view.missing.isEmpty else { return "\(place): not complete" }
        guard view.offsets == offsets else {
            return "\(place): shows \(view.offsets), not \(offsets)"
        }
        let texts = entries.compactMap { entry in
            if case .message(let message) = entry.fact { message.text } else { nil }
        }
        guard view.texts == texts else { return "\(place): shows \(view.texts), not \(texts)" }
        let owner = device.client?.identity?.party.id
        let marks = entries.filter { $0.author.id == owner }.compactMap { entry in
            if case .read(let offset) = entry.fact { offset } else { nil }
        }
        let mark = marks.max() ?? 0
        guard view.conversation?.readUpTo == mark else {
            return "\(place): read up to \(view.conversation?.readUpTo ?? 0), not \(mark)"
        }
        let unread = entries.count { entry in
            if case .message = entry.fact {
                entry.offset > mark && entry.author.id != owner
            } else {
                false
            }
        }
        guard view.conversation?.unread == unread else {
            return "\(place): \(view.conversation?.unread ?? 0) unread, not \(unread)"
        }
        return view.queued.isEmpty ? nil : "\(place): something is left to be sent"
    }
}

extension LoggedEvent {
    /// Whether a timeline has a line for it.
    fileprivate var isShown: Bool {
        switch fact {
        case .read, .received: false
        default: true
        }
    }
}

extension TimelineView {
    /// What was said, in order.
    var texts: [String] {
        events.compactMap { event in
            if case .messagePosted(let message) = event.fact { message.text } else { nil }
        }
    }

    /// What happened, in order.
    private var events: [Event] {
        items.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    /// Where it happened.
    var offsets: [UInt64] { events.map(\.offset) }

    /// What waits to be sent.
    var queued: [QueuedMessage] {
        items.compactMap { if case .queued(let message) = $0 { message } else { nil } }
    }

    /// What is not loaded.
    var missing: [ClosedRange<UInt64>] {
        items.compactMap { if case .missing(let range) = $0 { range } else { nil } }
    }

    /// The messages of others by their offsets.
    func messages(notOf owner: PartyID?) -> Set<UInt64> {
        Set(
            events.compactMap { event in
                guard case .messagePosted = event.fact, event.actor?.id != owner else { return nil }
                return event.offset
            }
        )
    }

    /// G8: what goes back in comparison with an earlier view; nil where nothing does.
    func step(back earlier: TimelineView) -> String? {
        if let last = earlier.offsets.last, offsets.last ?? 0 < last {
            return "the newest event was \(last), and is \(offsets.last ?? 0)"
        }
        guard let old = earlier.conversation else { return nil }
        guard let new = conversation else { return "the conversation was known" }
        if new.readUpTo < old.readUpTo {
            return "read up to \(old.readUpTo), then to \(new.readUpTo)"
        }
        let owner = old.contact?.id
        let others = messages(notOf: owner).subtracting(earlier.messages(notOf: owner))
        if new.unread > old.unread + others.count {
            return "\(old.unread) unread, then \(new.unread), with \(others.count) new messages"
        }
        return nil
    }

    /// The view in a line.
    var summary: String {
        let waiting = queued.map { "\($0.text) \($0.state.word)" }.joined(separator: ", ")
        let read = "\(conversation?.readUpTo ?? 0) read, \(conversation?.unread ?? 0) unread"
        return "\(offsets) \(missing) [\(waiting)] \(read)"
    }
}

extension QueueState {
    /// Where it stands, in a word.
    fileprivate var word: String {
        switch self {
        case .waiting: "waits"
        case .sending: "is being sent"
        case .refused: "is refused"
        case .failed: "has failed"
        case .expired: "has expired"
        case .blocked: "is blocked"
        }
    }
}
