internal import DocketClient

/// Takes what the desk says to the mail server.
struct OutgoingAnswers: Sendable {
    let client: DocketClient
    let relay: Relay
    let maildir: Maildir
    let records: MailRecords
    let own: Mailbox
    let server: SMTPDelivery
    let patience: DeliveryPatience
    let report: BridgeReport

    /// How many answers are under way at once, so that a server that hangs holds up few others.
    static let readers = 4
    /// How long an answer waits after the desk could not be asked about it.
    private static let pause = Duration.seconds(5)
    /// How many events of a conversation are looked through at once for the mail that is answered.
    private static let page = 200
    /// How many times so many, at most: whoever has not written for so long begins a new thread.
    private static let mostPages = 50

    /// Delivers answers until the relay ends.
    func run() async throws {
        for try await delivery in relay.outbound() {
            do {
                try await deliver(delivery)
            } catch let error as DocketClientError {
                switch error.code {
                case .refused where error.refusal?.reason == "not_found":
                    try await fail(delivery, "the desk no longer has what belongs to it")
                case .unreachable, .outcomeUnknown, .blocked, .resyncRequired, .refused:
                    try await wait(delivery, for: Self.pause, "\(error.message)")
                case .storage, .needsLogin, .otherPrincipal, .profileBusy, .incompatible,
                    .invalidInput, .cancelled, .closed:
                    throw error
                }
            } catch let fault as FolderFault where fault.isForLackOfRoom {
                try await wait(delivery, for: patience.firstWait, "\(fault)")
            } catch let fault as FileNotFetched {
                try await wait(delivery, for: patience.firstWait, fault.reason)
            }
        }
    }

    /// Delivers one answer as far as that goes now.
    ///
    /// - Throws: `DocketClientError`, `FolderFault` and `FileNotFetched`.
    private func deliver(_ delivery: Delivery) async throws {
        guard let contact = Mailbox(reading: delivery.to.name, delivery.to.id) else {
            return try await fail(delivery, "\(delivery.to.id) is no mail address")
        }
        let names = OwnName(for: own)
        let name = try await delivery.reserveExternalID { names.name(of: $0).text }
        let thread = try await thread(of: delivery)
        let answer = Answer(
            message: delivery.message.id,
            at: delivery.at,
            text: delivery.message.text,
            isAutomatic: delivery.author?.kind != .agent,
            contact: contact,
            title: thread.title,
            answered: thread.answered
        )
        switch answer.decision(from: own, as: MessageName(name)) {
        case .keepSilent:
            report.tell("answer \(delivery.message.id) is not sent: a program wrote the mail")
            try await delivery.confirm()
        case .refuse(let reason):
            try await fail(delivery, reason)
        case .send(var mail):
            mail.files = try await files(of: delivery.message)
            try await send(mail, delivery)
        }
    }

    private func wait(
        _ delivery: Delivery,
        for wait: Duration,
        _ reason: String
    ) async throws(DocketClientError) {
        report.tell("answer \(delivery.message.id) waits \(wait.components.seconds) s: \(reason)")
        try await delivery.retry(after: wait)
    }

    private func fail(_ delivery: Delivery, _ reason: String) async throws(DocketClientError) {
        report.tell("answer \(delivery.message.id) cannot be delivered: \(reason)")
        try await delivery.fail(reason)
    }

    // MARK: Sending

    private func send(_ mail: OutgoingMail, _ delivery: Delivery) async throws {
        let id = delivery.message.id
        let earlier = try records.recipients(id)
        let waiting = mail.recipients.map(\.address).filter { !earlier.contains($0) }
        guard !waiting.isEmpty else {
            return try await carryOut(.confirm(refused: [:]), delivery)
        }
        // Whoever takes it now must not get it again because nobody could note it.
        let room = try records.reserve(for: earlier + waiting, of: id)
        // Whoever answers a program's mail must not be answered by one (RFC 3834, section 3.3).
        let sender = mail.isAutomatic ? "" : own.address
        let verdict = await server.deliver(mail.encoded, from: sender, to: waiting)
        let fault =
            verdict.accepted.isEmpty ? nil : await keep(earlier + verdict.accepted, in: room, id)
        let decision = patience.decision(
            verdict,
            earlier: earlier,
            attempt: delivery.attempt,
            age: delivery.at.age(at: .now)
        )
        // What the profile keeps of it may be all that is kept.
        try await carryOut(decision, delivery)
        if let fault { throw fault }
    }

    /// Keeps for whom the server has taken an answer over, and tries again as long as there is no
    /// room; gives why that is not possible.
    private func keep(
        _ addresses: [String],
        in room: MailRecords.Reservation,
        _ id: MessageID
    ) async -> FolderFault? {
        var isTold = false
        while true {
            do throws(FolderFault) {
                try records.keep(addresses, in: room)
                return nil
            } catch {
                guard error.isForLackOfRoom, !Task.isCancelled else { return error }
                if !isTold { report.tell("answer \(id) is delivered and not noted: \(error)") }
                isTold = true
            }
            // Where the bridge is to end it is tried once more.
            try? await Task.sleep(for: patience.firstWait)
        }
    }

    private func carryOut(_ decision: DeliveryDecision, _ delivery: Delivery) async throws {
        let id = delivery.message.id
        switch decision {
        case .confirm(let refused):
            try await delivery.confirm()
            if !refused.isEmpty {
                let words = DeliveryPatience.words(for: refused)
                report.tell("answer \(id) was delivered, but not to \(words)")
            }
        case .retry(let wait, let reason):
            return try await self.wait(delivery, for: wait, reason)
        case .fail(let reason):
            try await fail(delivery, reason)
        }
        try records.forgetRecipients(id)
    }

    // MARK: What it needs

    /// What came before an answer in its request.
    private struct Thread {
        /// The mail that it answers: the last that came.
        var answered: Correspondence?
        /// The title that the request was given.
        var title = ""
    }

    /// Looks for what came before an answer, from the newest event of the conversation back.
    private func thread(of delivery: Delivery) async throws -> Thread {
        var thread = Thread()
        var place = HistoryPlace.newest
        let conversation = client.conversation(delivery.conversationID)
        for _ in 0..<Self.mostPages {
            let page = try await conversation.history(place, limit: Self.page)
            for event in page.events.reversed() where event.request?.id == delivery.request.id {
                if case .requestOpened(let opening) = event.fact {
                    thread.title = opening.title ?? ""
                }
                guard case .messagePosted(let message) = event.fact,
                    message.sequence < delivery.message.sequence
                else { continue }
                thread.answered = try records.correspondence(message.id)
                if thread.answered != nil { return thread }
            }
            guard page.hasMore else { break }
            place = .before(page.range.lowerBound)
        }
        return thread
    }

    /// A file of an answer's could not be brought to this machine: its disk is full, as a rule.
    private struct FileNotFetched: Error {
        let reason: String
    }

    private func files(of message: Message) async throws -> [OutgoingMail.File] {
        var files: [OutgoingMail.File] = []
        for attachment in message.attachments {
            let path = "\(maildir.ownFolder)/\(attachment.id).part"
            try DurableFile.remove(path)
            do throws(DocketClientError) {
                try await client.download(attachment, to: path)
            } catch {
                guard error.code == .invalidInput else { throw error }
                throw FileNotFetched(reason: error.message)
            }
            let bytes = try DurableFile.read(path, atMost: Int(clamping: attachment.size))
            try DurableFile.remove(path)
            files.append(
                OutgoingMail.File(
                    name: OneLine.text(from: attachment.name),
                    mediaType: attachment.mediaType,
                    bytes: bytes ?? []
                )
            )
        }
        return files
    }
}

extension Timestamp {
    /// How old something of this moment is; nothing where it lies ahead.
    fileprivate func age(at now: Timestamp) -> Duration {
        guard now > self else { return .zero }
        let milliseconds = now.millisecondsSinceEpoch - millisecondsSinceEpoch
        return .milliseconds(Int64(clamping: milliseconds))
    }
}
