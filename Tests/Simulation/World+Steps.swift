import DocketClient
import DocketTesting

extension World {
    /// Lets a step happen.
    func perform(_ step: Step) async {
        tell("\(step)")
        switch step {
        case .send(let number, let conversation, let count):
            for _ in 0..<count { await send(from: number, in: conversation) }
        case .wait(let milliseconds):
            try? await clock.sleep(until: clock.now + .milliseconds(milliseconds))
        case .answer(let conversation):
            let text = "answer \(server.log.count)"
            _ = try? server.answer(text, in: conversations[conversation], as: "Bo")
        case .markRead(let number, let conversation): markRead(number, conversation)
        case .openDevice(let number):
            guard devices.count == number, devices[0].client?.guestKey != nil else { return }
            await openAnother(number)
        case .takeBack, .retry, .discard, .reconnect, .sync: await performByPerson(step)
        case .kill, .fillDisk, .freeDisk, .jumpClock: await performOnDevice(step)
        case .refusePosts, .restartServer, .expireSessions, .backUp, .restore, .forget:
            performOnServer(step)
        default: performOnNetwork(step)
        }
    }

    /// A device by its number, where it is there.
    private func device(_ number: Int) -> Device? {
        devices.indices.contains(number) ? devices[number] : nil
    }

    private func openAnother(_ number: Int) async {
        do {
            let device = try await open(number)
            for conversation in conversations.indices { watch(conversation, on: device) }
        } catch {
            report("device \(number) does not start: \(error)")
        }
    }

    // MARK: People

    /// Says something.
    private func send(from number: Int, in conversation: Int) async {
        guard let device = device(number), let client = device.client else { return }
        let id = MessageID(at: moment(on: device), random: &random)
        let text = "m\(messages.count)"
        let message = SentMessage(text, device: number, conversation: conversation, id: id)
        messages.append(message)
        let life = device.life
        do throws(EnqueueError) {
            let chat = client.conversation(conversations[conversation])
            let pending = try await chat.send(text, id: id)
            guard !life.isOver else { return }
            message.standing = .kept
            tell("\(text) is kept")
            follow(pending, message)
        } catch {
            guard !life.isOver else { return }
            message.standing = .notKept
            tell("\(text) is not kept: \(error)")
            switch error {
            case .outboxFull, .storageFull: break
            default: report("\(text) is not kept: \(error)")
            }
        }
    }

    /// Waits for a message's verdict, and looks whether it is true.
    func follow(_ pending: PendingMessage, _ message: SentMessage) {
        let device = devices[message.device]
        let life = device.life
        Task {
            let outcome = await pending.outcome()
            tell("\(message.text): \(outcome.word)")
            switch outcome {
            case .delivered(let receipt):
                let entry = server.log.first { $0.offset == receipt.offset }
                guard case .message(let logged)? = entry?.fact, logged.text == message.text else {
                    if !message.isLost { report("\(message.text) is not where its receipt says") }
                    return
                }
            case .refused(let refusal):
                switch refusal.reason {
                // A restored server forgets a verdict that a client had no chance to keep.
                case "contact_blocked" where life.isOver || device.isFull: break
                case "contact_blocked": message.refused.append(pending.id)
                case "server_error": break
                default: report("\(message.text) is refused for no reason: \(refusal.reason)")
                }
            default: break
            }
        }
    }

    private func markRead(_ number: Int, _ conversation: Int) {
        guard let device = device(number), let client = device.client,
            let view = device.views[conversation]?.view, let offset = view.offsets.last
        else { return }
        let life = device.life
        let index = marks.count
        marks.append(
            MadeMark(
                device: number,
                conversation: conversation,
                offset: view.messages(notOf: view.conversation?.contact?.id).max() ?? 0,
                texts: Set(view.texts),
                isWhole: view.isComplete && view.missing.isEmpty,
                restores: restores
            )
        )
        Task {
            do throws(DocketClientError) {
                try await client.conversation(conversations[conversation]).markRead(upTo: offset)
                guard !life.isOver else { return }
                keptMarks.insert(index)
                tell("device \(number) keeps the mark at \(offset)")
            } catch {
                tell("device \(number) has not marked: \(error.code)")
                if error.code != .storage, !life.isOver { report("no mark is kept: \(error)") }
            }
        }
    }

    private func performByPerson(_ step: Step) async {
        switch step {
        case .takeBack(let number):
            guard let device = device(number), let client = device.client,
                let last = try? client.outbox.messages().last,
                let message = messages.first(where: { $0.text == last.text })
            else { return }
            let life = device.life
            let isTaken = try? await client.outbox.message(last.id)?.cancel()
            guard isTaken == true else { return }
            message.standing = life.isOver ? .discarded : .gone
            tell("\(message.text) is taken back")
        case .retry(let number):
            if let device = device(number) { await settle(on: device, retries: true) }
        case .discard(let number):
            if let device = device(number) { await settle(on: device, retries: false) }
        case .reconnect(let number): device(number)?.client?.reconnectNow()
        case .sync(let number, let seconds):
            guard let device = device(number) else { return }
            Task { await synchronise(device, within: .seconds(seconds)) }
        default: break
        }
    }

    /// Retries or discards the first message that is stopped; false where none is.
    @discardableResult
    func settle(on device: Device, retries: Bool) async -> Bool {
        guard let client = device.client, let queued = try? client.outbox.messages(),
            let stopped = queued.first(where: \.isStopped),
            let message = messages.first(where: { $0.text == stopped.text })
        else { return false }
        let life = device.life
        if retries {
            do throws(EnqueueError) {
                guard let pending = try await client.outbox.retry(stopped.id) else { return true }
                guard !life.isOver else { return true }
                message.id = pending.id
                tell("\(message.text) is retried")
                follow(pending, message)
            } catch {
                tell("\(message.text) is not retried: \(error)")
            }
            return true
        }
        let isRefused = stopped.isRefusedForGood
        do throws(EnqueueError) {
            try await client.outbox.discard(stopped.id)
        } catch {
            tell("\(message.text) is not discarded: \(error)")
            return true
        }
        message.standing = isRefused && !life.isOver ? .gone : .discarded
        tell("\(message.text) is discarded")
        return true
    }

    // MARK: Devices

    private func performOnDevice(_ step: Step) async {
        switch step {
        case .kill(let number, let commits, let rest):
            guard let device = device(number), device.client != nil else { return }
            device.rest = .milliseconds(rest)
            if commits == 0 { device.life.isOver = true } else { device.life.commitsLeft = commits }
            await Task.yield()
        case .fillDisk(let number): device(number)?.isFull = true
        case .freeDisk(let number): device(number)?.isFull = false
        case .jumpClock(let number, let seconds):
            device(number)?.clockOffset = .seconds(seconds)
        default: break
        }
    }

    // MARK: The server

    private func performOnServer(_ step: Step) {
        switch step {
        case .refusePosts(let count):
            let refusal = Refusal(reason: "contact_blocked", message: "no", particulars: "")
            server.refuse(.post, next: count, with: refusal)
        case .restartServer(let isKeeping): server.restart(keepingSessions: isKeeping)
        case .expireSessions: server.expireSessions()
        case .backUp: backup = server.backup()
        case .restore:
            let before = Set(server.texts)
            restores += 1
            server.restore(backup)
            let lost = before.subtracting(server.texts)
            for message in messages where lost.contains(message.text) { message.isLost = true }
        case .forget: server.forget(upTo: server.log.last?.offset ?? 0)
        default: break
        }
    }

    // MARK: The network

    private func performOnNetwork(_ step: Step) {
        guard let number = step.networkDevice, let device = device(number) else { return }
        let network = device.network
        switch step {
        case .cut: network.cut()
        case .cutAfterCalls(_, let count): network.cut(afterCalls: count)
        case .cutAfterMessages(_, let count): network.cut(afterMessages: count)
        case .partition: network.partition()
        case .heal: network.heal()
        case .refuseConnections(_, let count): network.refuseConnections(next: count)
        case .dropEntries(_, let count):
            device.lacksEntries = true
            network.dropEntries(next: count)
        case .doubleEntries(_, let count): network.doubleEntries(next: count)
        case .disturb(_, let percent):
            let chance = SeededGenerator(seed: random.next())
            network.disturb(Double(percent) / 100, using: chance)
        case .meet(_, let accident, let method, let count):
            network.plan(accident, of: method, count)
        default: break
        }
    }
}

extension Step {
    /// Whose network a fault is of.
    fileprivate var networkDevice: Int? {
        switch self {
        case .cut(let device), .cutAfterCalls(let device, _), .cutAfterMessages(let device, _),
            .partition(let device), .heal(let device), .refuseConnections(let device, _),
            .meet(let device, _, _, _), .dropEntries(let device, _),
            .doubleEntries(let device, _), .disturb(let device, _):
            device
        default: nil
        }
    }
}

extension ModelNetwork {
    /// Lets the next calls of a method meet with an accident.
    fileprivate func plan(_ accident: Step.Accident, of method: MethodName, _ count: Int) {
        switch accident {
        case .losesCalls: loseCalls(of: method, next: count)
        case .losesReplies: loseReplies(of: method, next: count)
        case .comesTwice: doubleCalls(of: method, next: count)
        case .comesLate(let milliseconds):
            delayCalls(of: method, next: count, by: .milliseconds(milliseconds))
        case .isRefused(let reason, let seconds):
            refuseCalls(
                of: method,
                next: count,
                with: Refusal(reason: reason, message: "no", particulars: ""),
                retryAfter: seconds.map { .seconds($0) }
            )
        }
    }
}

extension ModelServer {
    /// What was said, in order.
    var texts: [String] {
        log.compactMap { if case .message(let message) = $0.fact { message.text } else { nil } }
    }
}

extension QueuedMessage {
    /// Whether it leaves no more by itself.
    var isStopped: Bool {
        switch state {
        case .refused, .failed, .expired: true
        case .waiting, .sending, .blocked: false
        }
    }

    /// Whether it is the server's word that it is never stored.
    fileprivate var isRefusedForGood: Bool {
        if case .refused(let refusal) = state { refusal.reason == "contact_blocked" } else { false }
    }
}

extension SendOutcome {
    /// What became of it, in a word.
    fileprivate var word: String {
        switch self {
        case .delivered(let receipt): "delivered at \(receipt.offset)"
        case .refused(let refusal): "refused, \(refusal.reason)"
        case .failed(let refusal): "failed, \(refusal.reason)"
        case .expired: "expired"
        case .waiting(let obstacle): "waiting behind \(obstacle)"
        case .discarded: "discarded"
        case .queued(let cause): "queued, \(cause.map { "\($0.code)" } ?? "no cause")"
        }
    }
}
