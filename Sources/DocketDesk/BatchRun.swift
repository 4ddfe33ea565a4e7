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
    /// The rules for what is decided next.
    var policy: Policy
    /// The log, to which events are added.
    var log: LogWriter
    /// Whether timers wait that were set back with the clock; `nil` until somebody has looked.
    var readsTimersSetBack: Bool?
    /// The offset of the log's last entry.
    var head: UInt64 { log.head }

    init(
        _ transaction: any StoreTransaction,
        parts: DeskParts,
        now: Timestamp
    ) throws(StoreError) {
        self.transaction = transaction
        self.parts = parts
        self.now = now
        policy = parts.policy.current
        log = try LogWriter(transaction, hash: parts.hash)
    }

    /// Decides what waits, writes what follows, and notes an answer to each submission.
    mutating func execute(_ waiting: Waiting) throws(StoreError) {
        switch waiting {
        case .submission(let submission, _): try execute(submission)
        case .group(let group, _):
            var isBroken = false
            for submission in group.submissions {
                guard !isBroken else {
                    outcome.replies.append(.unavailable(.notReached))
                    continue
                }
                try execute(submission)
                isBroken = group.bond == .lane && outcome.replies.last?.isAcceptance != true
            }
        }
    }

    /// Decides one submission, writes what follows, and notes the answer.
    private mutating func execute(_ submission: Submission) throws(StoreError) {
        if let key = submission.key, let record = try transaction.record(of: key.id) {
            outcome.replies.append(try answerAgain(submission, key: key, record: record))
            return
        }
        let reply: Reply
        do throws(Interruption) {
            reply = .accepted(try perform(submission))
        } catch {
            switch error {
            case .keyReused: reply = .keyReused
            case .rejected(let rejection):
                try keepRefusal(rejection, of: submission)
                reply = .refused(rejection)
            case .unavailable(let reason): reply = .unavailable(reason)
            case .store(let failure): throw failure
            }
        }
        outcome.replies.append(reply)
    }

    mutating func perform(
        _ submission: Submission
    ) throws(Interruption) -> Acceptance {
        if !submission.change.hasVersion, submission.expectedVersion ?? 0 != 0 {
            throw .rejected(.versionConflict(current: 0, of: .nothing))
        }
        switch submission.change {
        case .command(let command):
            guard let principal = submission.principal else {
                throw .rejected(.notPermitted)
            }
            return try perform(command, of: submission, by: principal)
        case .ticket(let push): return try perform(push, of: submission)
        case .identity(let change): return try perform(change, of: submission)
        case .policy(let change): return try perform(change, of: submission)
        case .directory(let change): return try perform(change, of: submission)
        case .attachment(let upload): return try register(upload, of: submission)
        case .contentRemoval(let removal): return try forget(removal)
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

    /// Decides a command and writes what follows, with the contact for whom it is, who is made now.
    mutating func perform(
        _ command: Command,
        of submission: Submission,
        by principal: Principal,
        for newContact: PrincipalRecord? = nil
    ) throws(Interruption) -> Acceptance {
        let command = try namingRequest(command, by: principal)
        var before = try situation(for: command, by: principal)
        before.isContactBlocked = try isContactBlocked(command, in: before, by: principal)
        let decision: Decision
        let circumstances = try read { _ throws(StoreError) in
            try self.circumstances(
                of: command,
                submission,
                by: principal,
                for: newContact?.contact,
                in: before
            )
        }
        do throws(Rejection) {
            decision = try decide(command, in: before, under: circumstances)
        } catch {
            throw .rejected(error)
        }
        do throws(StoreError) {
            if let newContact { try transaction.insert(newContact, at: now) }
            let first = head + 1
            try write(decision, from: before, by: principal)
            return try accept(command, decision, from: first, of: submission)
        } catch {
            throw .store(error)
        }
    }

    /// Writes what a decision has made true.
    private mutating func write(
        _ decision: Decision,
        from before: Situation,
        by principal: Principal
    ) throws(StoreError) {
        guard !decision.events.isEmpty else { return }
        let after = decision.after
        if let conversation = after.conversation, conversation.id != before.conversation?.id {
            try transaction.insert(conversation, openedAt: head + 1)
        }
        let first = head + 1
        for event in decision.events { try append(event, in: after) }
        try writeMark(after, over: before, by: principal)
        let opening = first + UInt64(decision.events.firstIndex(where: \.opensRequest) ?? 0)
        if let request = after.request { try write(request, from: before, openedAt: opening) }
        for request in after.others { try write(request, from: before, openedAt: opening) }
        for event in decision.events { try keepPlaces(of: event, from: before) }
        if decision.usesChance { parts.random.useID() }
        try writeNewest(after, over: before)
    }

    private func writeMark(
        _ after: Situation,
        over before: Situation,
        by principal: Principal
    ) throws(StoreError) {
        guard after.readUpTo > before.readUpTo || after.receivedUpTo > before.receivedUpTo,
            let reader = principal.id, let conversation = after.conversation
        else { return }
        let mark = ReadMark(
            upTo: after.readUpTo,
            receivedUpTo: after.receivedUpTo,
            offset: head
        )
        try transaction.keep(mark, of: reader, in: conversation.id)
    }

    private mutating func write(
        _ request: SupportRequest,
        from before: Situation,
        openedAt opening: UInt64
    ) throws(StoreError) {
        guard let earlier = before.request(request.id) else {
            try transaction.insert(request, openedAt: opening)
            try setTimers(of: request, from: nil)
            return
        }
        guard request != earlier else { return }
        try transaction.update(request, from: earlier)
        try setTimers(of: request, from: earlier)
    }

    /// Keeps where the messages stand that an event has moved.
    private func keepPlaces(of event: Event, from before: Situation) throws(StoreError) {
        guard case .messagesTaken(let moved) = event.fact, let request = event.request else {
            return
        }
        let known = before.messages + before.laterMessages
        let offsets = Dictionary(known.map { ($0.id, $0.offset) }) { first, _ in first }
        for (index, id) in moved.messages.enumerated() {
            guard let offset = offsets[id] else { throw .corrupted("a moved message is missing") }
            let place = MessagePlace(
                request: RequestReference(id: request.id, number: request.number),
                sequence: moved.firstSequence + UInt64(index)
            )
            try transaction.move(messageAt: offset, to: place)
        }
    }

    /// Keeps which request of a conversation is the newest, where a merge has ended the one that
    /// was; a new request has made itself the newest.
    private func writeNewest(
        _ after: Situation,
        over before: Situation
    ) throws(StoreError) {
        guard let conversation = after.conversation, let earlier = before.conversation,
            conversation.newestRequest != earlier.newestRequest
        else { return }
        if let newest = conversation.newestRequest, before.request(newest) == nil,
            after.request(newest) != nil
        {
            return
        }
        try transaction.setNewest(conversation.newestRequest, of: conversation.id)
    }

    /// Appends an event to the log and to what is announced after the commit.
    mutating func append(
        _ event: Event,
        in situation: Situation
    ) throws(StoreError) {
        let entry = try log.append(event)
        if case .messagePosted(let message) = event.fact {
            if event.actor.kind == .desk { try reserve(message.id, at: entry.offset) }
            if !message.attachments.isEmpty {
                try transaction.attach(
                    message.attachments.map(\.id),
                    to: message.id,
                    isInternal: event.isInternal
                )
            }
        }
        let request = event.request.flatMap { situation.request($0.id) }
        announce(
            PublishedEntry(
                entry: entry,
                contact: request?.contact.id ?? situation.conversation?.contact.id,
                channel: request?.channel ?? situation.conversation?.channel,
                partner: request?.partner
            )
        )
    }

    /// Keeps the id of a message that the desk itself wrote from being given to another: who reads
    /// it in a feed could write under it.
    private func reserve(_ message: MessageID, at offset: UInt64) throws(StoreError) {
        let record = CommandRecord(
            principal: nil,
            digest: .zero,
            answer: .created(offset: offset)
        )
        try transaction.keep(record, of: CommandID(message), at: now)
    }

    /// Notes an entry that is at the log's end, to be announced after the commit.
    mutating func announce(_ entry: PublishedEntry) {
        outcome.entries.append(entry)
    }

    /// Ends the transaction's part of the log.
    func finish() throws(StoreError) { try log.finish() }

    /// Forgets verdicts, sessions and unused files that have outlived their time, so many of each,
    /// and notes whether there may be more.
    mutating func keepHouse() throws(StoreError) {
        let limit = parts.limits.purgedRows
        let verdicts = try transaction.purgeVerdicts(
            before: now + (.zero - DeskTimes.verdicts),
            limit: limit
        )
        let sessions = try transaction.purgeSessions(before: now, limit: limit)
        let files = try transaction.purgeUnusedAttachments(
            before: now + (.zero - DeskTimes.unusedFiles),
            at: now,
            limit: limit
        )
        outcome.hasMoreToForget = max(verdicts, sessions, files) >= limit
    }
}

extension Event {
    /// Whether a request begins with it.
    fileprivate var opensRequest: Bool {
        if case .requestOpened = fact { true } else { false }
    }
}

/// Why a submission is not performed.
enum Interruption: Error {
    /// The id of what it would make is another thing's.
    case keyReused
    /// The domain refuses it.
    case rejected(Rejection)
    /// It may be performed later: nothing is kept of it.
    case unavailable(Unavailability)
    /// The store failed.
    case store(StoreError)
}
