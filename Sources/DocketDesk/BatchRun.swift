internal import DocketDomain
internal import DocketMessages
internal import DocketStore
internal import Foundation
internal import SwiftProtobuf

/// One transaction in the making: decides and writes each submission in turn.
struct BatchRun {
    let transaction: any StoreTransaction
    let parts: DeskParts
    let now: Timestamp
    var outcome = BatchOutcome()
    /// The offset of the log's last entry.
    private var head: UInt64

    init(
        _ transaction: any StoreTransaction,
        parts: DeskParts,
        now: Timestamp
    ) throws(StoreError) {
        self.transaction = transaction
        self.parts = parts
        self.now = now
        head = try transaction.position().head
    }

    /// Decides one submission, writes what follows, and notes the answer.
    mutating func execute(_ submission: Submission) throws(StoreError) {
        if let key = submission.key, let record = try transaction.record(of: key.id) {
            outcome.replies.append(try answerAgain(submission, key: key, record: record))
            return
        }
        let reply: Reply
        do throws(Interruption) {
            reply = .accepted(try perform(submission))
        } catch {
            switch error {
            case .rejected(let rejection):
                try keepRefusal(rejection, of: submission)
                reply = .refused(rejection)
            case .store(let failure): throw failure
            }
        }
        outcome.replies.append(reply)
    }

    private mutating func perform(
        _ submission: Submission
    ) throws(Interruption) -> Acceptance {
        switch submission.change {
        case .command(let command):
            guard let principal = submission.principal else {
                throw .rejected(.notPermitted)
            }
            return try perform(command, of: submission, by: principal)
        case .identity(let change): return try perform(change, of: submission)
        case .attachment(let upload): return try register(upload, of: submission)
        }
    }

    private func keepRefusal(
        _ rejection: Rejection,
        of submission: Submission
    ) throws(StoreError) {
        guard let key = submission.key else { return }
        let record = CommandRecord(
            principal: submission.principal?.id,
            digest: key.digest,
            answer: .refused(rejection)
        )
        try transaction.keep(record, of: key.id, at: now)
    }

    /// Keeps the answer of a submission that took effect.
    func keep(
        _ answer: CommandRecord.Answer,
        of submission: Submission
    ) throws(StoreError) {
        guard let key = submission.key else { return }
        let record = CommandRecord(
            principal: submission.principal?.id,
            digest: key.digest,
            answer: answer
        )
        try transaction.keep(record, of: key.id, at: now)
    }

    // MARK: Commands

    private mutating func perform(
        _ command: Command,
        of submission: Submission,
        by principal: Principal
    ) throws(Interruption) -> Acceptance {
        let before: Situation
        let decision: Decision
        let circumstances: Circumstances
        do throws(StoreError) {
            before = try situation(for: command, by: principal)
            circumstances = try self.circumstances(of: command, submission, by: principal)
        } catch {
            throw .store(error)
        }
        do throws(Rejection) {
            decision = try decide(command, in: before, under: circumstances)
        } catch {
            throw .rejected(error)
        }
        do throws(StoreError) {
            let first = head + 1
            try write(decision, from: before, by: principal)
            return try accept(command, decision, from: first, of: submission)
        } catch {
            throw .store(error)
        }
    }

    /// Loads the state that a command touches.
    private func situation(
        for command: Command,
        by principal: Principal
    ) throws(StoreError) -> Situation {
        switch command {
        case .openConversation(let opening):
            guard let contact = opening.contact ?? principal.id.map(ContactID.init) else {
                return Situation()
            }
            return try transaction.situation(of: contact, on: opening.channel)
        case .post(let post): return try transaction.situation(of: post.conversation)
        case .markRead(let mark):
            var situation = try transaction.situation(of: mark.conversation)
            if let reader = principal.id {
                situation.readUpTo =
                    try transaction.readMark(of: reader, in: mark.conversation)?.upTo ?? 0
            }
            return situation
        case .take(let request): return try transaction.situation(ofRequest: request)
        case .assign(let assign): return try transaction.situation(ofRequest: assign.request)
        case .postNote(let note): return try transaction.situation(ofRequest: note.request)
        case .finish(let finish): return try transaction.situation(ofRequest: finish.request)
        case .endInactiveSession(let ending):
            return try transaction.situation(ofRequest: ending.request)
        }
    }

    private func circumstances(
        of command: Command,
        _ submission: Submission,
        by principal: Principal
    ) throws(StoreError) -> Circumstances {
        var agent: Agent?
        var contact: Contact?
        if case .assign(let assign) = command, let id = assign.agent {
            agent = try transaction.principal(PrincipalID(id))?.agent
        }
        if case .openConversation(let opening) = command, let id = opening.contact {
            contact = try ownContact(id, of: principal)
        }
        var attachments: [Attachment] = []
        if case .post(let post) = command, !post.attachments.isEmpty {
            attachments = try usableAttachments(of: post, by: principal)
        }
        return Circumstances(
            principal: principal,
            expectedVersion: submission.expectedVersion,
            policy: parts.policy,
            now: now,
            head: head,
            newRequestID: parts.random.nextID(at: now),
            newRequestNumber: try transaction.nextRequestNumber(),
            agent: agent,
            contact: contact,
            attachments: attachments,
            attachmentLimits: parts.limits.attachments
        )
    }

    /// The contact, where it is one that the integration brought itself.
    private func ownContact(
        _ id: ContactID,
        of principal: Principal
    ) throws(StoreError) -> Contact? {
        guard let record = try transaction.principal(PrincipalID(id)),
            case .external(let integration, _) = record.details, integration == principal.id
        else { return nil }
        return record.contact
    }

    /// Writes what a decision has made true.
    private mutating func write(
        _ decision: Decision,
        from before: Situation,
        by principal: Principal
    ) throws(StoreError) {
        guard !decision.events.isEmpty else { return }
        let after = decision.after
        if before.conversation == nil, let conversation = after.conversation {
            try transaction.insert(conversation, openedAt: head + 1)
        }
        for event in decision.events { try append(event, in: after) }
        if after.readUpTo > before.readUpTo, let reader = principal.id,
            let conversation = after.conversation
        {
            let mark = ReadMark(upTo: after.readUpTo, offset: head)
            try transaction.keep(mark, of: reader, in: conversation.id)
        }
        guard let request = after.request, request != before.request else { return }
        if let earlier = before.request, earlier.id == request.id {
            try transaction.update(request, from: earlier)
            try setTimers(of: request, from: earlier)
        } else {
            try transaction.insert(request)
            try setTimers(of: request, from: nil)
            parts.random.useID()
        }
    }

    private mutating func append(
        _ event: Event,
        in situation: Situation
    ) throws(StoreError) {
        guard let conversation = situation.conversation else { return }
        let encoded = event.encoded()
        let audience = event.fact.audience
        head = try transaction.append(encoded, to: conversation.id, audience: audience)
        if case .messagePosted(let message) = event.fact, !message.attachments.isEmpty {
            try transaction.attach(message.attachments.map(\.id), to: message.id)
        }
        outcome.entries.append(
            PublishedEntry(
                entry: LogEntry(offset: head, audience: audience, event: encoded),
                contact: conversation.contact.id,
                channel: conversation.channel
            )
        )
    }

    // MARK: Timers

    /// Sets or removes the timer of a live chat where one has begun or ended.
    ///
    /// A message moves no timer: when it fires, it looks at the last message and is set anew.
    private mutating func setTimers(
        of request: SupportRequest,
        from before: SupportRequest?
    ) throws(StoreError) {
        guard request.session?.ordinal != before?.session?.ordinal else { return }
        if request.inactivityDue(under: parts.policy) != nil {
            try setInactivityTimer(of: request)
        } else if before?.session != nil {
            try transaction.removeTimer(of: request.id, kind: .inactivity)
        }
    }

    private mutating func setInactivityTimer(
        of request: SupportRequest
    ) throws(StoreError) {
        guard let due = request.inactivityDue(under: parts.policy),
            let ordinal = request.session?.ordinal
        else { return }
        try transaction.set(
            TimerRecord(request: request.id, kind: .inactivity, version: ordinal, due: due)
        )
        outcome.earliestTimer = min(outcome.earliestTimer ?? due, due)
    }

    /// Fires the timers that are due, as commands of the desk itself.
    mutating func fireTimers() throws(StoreError) {
        for _ in 0..<parts.limits.timersInTransaction {
            guard let timer = try transaction.nextTimer(), timer.due <= now else { break }
            switch timer.kind {
            case .inactivity: try fireInactivity(timer)
            }
        }
        outcome.knownTimer = try transaction.nextTimer()?.due
        outcome.hasReadTimers = true
    }

    private mutating func fireInactivity(_ timer: TimerRecord) throws(StoreError) {
        let ending = EndInactiveSession(request: timer.request, ordinal: timer.version)
        let submission = Submission(
            key: nil,
            principal: .desk,
            change: .command(.endInactiveSession(ending))
        )
        try transaction.removeTimer(of: timer.request, kind: timer.kind)
        do throws(Interruption) {
            _ = try perform(submission)
        } catch {
            guard case .store(let failure) = error else { return }
            throw failure
        }
        let request = try transaction.situation(ofRequest: timer.request).request
        guard let request, request.session != nil else { return }
        try setInactivityTimer(of: request)
    }

    /// Forgets verdicts and sessions that have outlived their time, so many of each, and notes
    /// whether there may be more.
    mutating func keepHouse() throws(StoreError) {
        let limit = parts.limits.purgedRows
        let verdicts = try transaction.purgeVerdicts(
            before: now + (.zero - DeskTimes.verdicts),
            limit: limit
        )
        let sessions = try transaction.purgeSessions(before: now, limit: limit)
        outcome.hasMoreToForget = max(verdicts, sessions) >= limit
    }
}

/// Why a submission is not performed.
enum Interruption: Error {
    /// The domain refuses it.
    case rejected(Rejection)
    /// The store failed.
    case store(StoreError)
}
