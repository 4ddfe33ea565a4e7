internal import DocketDomain
internal import DocketMessages
internal import DocketStore
internal import Foundation

/// One submission on its way: what it reads, and what follows from it.
///
/// It is a value, and taking it is a function of that alone: of the submission, the workspace, the
/// moment, the rules and the chance. It reads no store and no clock, so that it can be taken again.
struct Step {
    /// What a step depends on beside the submission and the workspace.
    struct Conditions: Sendable {
        /// The moment of the decision.
        let now: Timestamp
        /// The rules in force.
        let policy: Policy
        /// Every bound of the desk.
        let limits: DeskLimits
        /// The chance of the ids that a step makes.
        let chance: RequestID
    }

    /// What is asked, and by whom.
    let submission: Submission
    /// When, by which rules and by which chance.
    let conditions: Conditions
    /// The state on which it is decided.
    var workspace: Workspace
    /// What follows from it.
    private(set) var effects = StepEffects()
    /// How many events follow from it so far.
    private var eventCount: UInt64 = 0
    /// Whether it is known that the submission took effect before, whatever else cannot be read.
    private(set) var isRepetition = false

    init(_ submission: Submission, on workspace: Workspace, under conditions: Conditions) {
        self.submission = submission
        self.workspace = workspace
        self.conditions = conditions
    }

    var now: Timestamp { conditions.now }
    var policy: Policy { conditions.policy }
    /// The offset of the next event that follows from it.
    var nextOffset: UInt64 { workspace.head + eventCount + 1 }

    /// Decides the submission, or answers it as before where it is a repetition.
    ///
    /// It begins anew each time.
    ///
    /// - Returns: The answer.
    /// - Throws: What the workspace lacks; nothing has been decided then.
    mutating func take() throws(Missing) -> Reply {
        forgetEffects()
        do throws(Interruption) {
            if let key = submission.key, let record = try workspace.find(RecordNeed(key.id)) {
                return try answerAgain(key, record)
            }
            return .accepted(try perform())
        } catch {
            forgetEffects()
            switch error {
            case .missing(let missing): throw missing
            case .keyReused: return .keyReused
            case .unavailable(let reason): return .unavailable(reason)
            case .rejected(let rejection):
                if !isRepetition { keep(.refused(rejection)) }
                return .refused(rejection)
            }
        }
    }

    private mutating func forgetEffects() {
        effects = StepEffects()
        eventCount = 0
    }

    private mutating func perform() throws(Interruption) -> Acceptance {
        if !submission.command.hasVersion, submission.expectedVersion ?? 0 != 0 {
            throw .rejected(.versionConflict(current: 0, of: .nothing))
        }
        return try submission.command.perform(in: &self)
    }

    /// Answers a submission whose id is known: the same again gets the same answer, anything else
    /// learns only that the id is used.
    private mutating func answerAgain(
        _ key: Submission.Key,
        _ record: CommandRecord
    ) throws(Interruption) -> Reply {
        isRepetition = true
        guard record.principal == submission.principal?.id, record.digest == key.digest else {
            return .keyReused
        }
        let command = submission.command
        let found: (offset: UInt64, result: Acceptance.Result?)
        switch record.answer {
        case .refused(let rejection): return .refused(rejection)
        case .created(let offset):
            found = (offset, try command.earlierResult(at: offset, nil, in: self))
        case .accepted(let offset, let payload):
            found = (offset, try command.earlierResult(at: offset, payload, in: self))
        }
        // What cannot be read any more leaves the outcome unknown to the caller.
        guard let result = found.result else { return .unavailable(.outcomeUnknown) }
        return .accepted(Acceptance(offset: found.offset, result: result, isRepetition: true))
    }
}

// MARK: What follows

extension Step {
    /// Notes something for the store to keep.
    mutating func change(_ change: StoreChange) { effects.durable.append(.keep(change)) }

    /// Notes an event, and gives its offset.
    @discardableResult
    mutating func append(_ event: Event, concerning concern: Concern = Concern()) -> UInt64 {
        let offset = nextOffset
        effects.durable.append(.event(event, concern))
        eventCount += 1
        return offset
    }

    /// Notes what a repetition of the submission is answered with.
    mutating func keep(_ answer: CommandRecord.Answer) {
        guard let key = submission.key else { return }
        let record = CommandRecord(
            principal: submission.principal?.id,
            digest: key.digest,
            answer: answer
        )
        change(.record(record, of: key.id))
    }

    /// How many sessions one entry ends at most, so that an entry stays short beside the others.
    private static let sessionsInEntry = 1_000

    /// Notes an event of administration with the sessions that end with it, at once or at a moment,
    /// and gives its offset.
    ///
    /// More sessions than an entry may name end with further entries behind it.
    mutating func note(
        _ reason: AdministrativeChange,
        ending sessions: [Digest],
        at moment: Timestamp? = nil
    ) -> UInt64 {
        for token in sessions { change(.endSession(token, at: moment)) }
        let ends = sessions.map { SessionEnd($0.sessionID, at: moment) }
        let offset = note(reason.ending(Array(ends.prefix(Self.sessionsInEntry))))
        var rest = ends.dropFirst(Self.sessionsInEntry)
        while !rest.isEmpty {
            let more = AdministrativeChange(reason.subject, name: reason.name, .sessionsEnded)
            _ = note(more.ending(Array(rest.prefix(Self.sessionsInEntry))))
            rest = rest.dropFirst(Self.sessionsInEntry)
        }
        return offset
    }

    /// Notes that other rules are in force.
    mutating func apply(_ policy: Policy) { effects.policy = policy }

    /// Notes that what is asked took effect before, under whatever id.
    mutating func noteRepetition() { isRepetition = true }

    /// Notes that the chance was used for an id.
    mutating func useChance() { effects.usesChance = true }

    /// Notes whether requests are left whose timers follow the previous rules.
    mutating func noteRevision(isUnfinished: Bool) { effects.hasMoreToRevise = isUnfinished }

    /// Notes an event of administration, and gives its offset.
    ///
    /// A change without an author was made by its subject, as by a guest who enters.
    mutating func note(_ change: AdministrativeChange) -> UInt64 {
        append(
            Event(
                at: now,
                actor: submission.principal?.party ?? change.party,
                conversation: nil,
                request: nil,
                way: Way(of: submission.principal),
                fact: .administered(change)
            )
        )
    }
}

// MARK: Who asks

extension Step {
    /// Who asks; refuses whoever is not signed in.
    func principal() throws(Interruption) -> Principal {
        guard let principal = submission.principal else { throw .rejected(.notPermitted) }
        return principal
    }

    /// Refuses whoever is no administrator.
    func requireAdministrator() throws(Interruption) {
        guard submission.principal?.isAdministrator == true else {
            throw .rejected(.notPermitted)
        }
    }

    /// Refuses a text in which nobody would see anything, or that has more than so many bytes.
    func check(
        _ text: String,
        _ field: TextField,
        bytes limit: Int = TextLimits.nameBytes
    ) throws(Interruption) {
        guard text.isVisible else { throw .rejected(.textEmpty(field)) }
        guard text.utf8.count <= limit else {
            throw .rejected(.textTooLong(field, limit: UInt64(limit)))
        }
    }

    /// A request as whoever asks sees it.
    func message(of request: SupportRequest?) -> Docket_V1_Request {
        request.map { Docket_V1_Request($0, for: view) } ?? Docket_V1_Request()
    }

    /// How whoever asks sees requests.
    var view: RequestView { RequestView(policy: policy, audience: audience) }

    /// Whom whoever asks belongs to.
    var audience: Audience { submission.principal?.audience ?? .conversation }
}

extension Way {
    /// By which way a principal administers.
    fileprivate init(of principal: Principal?) {
        switch principal?.identity {
        case .contact, .agent, .desk, nil: self = .call
        case .integration: self = .channel
        case .partner: self = .partner
        }
    }
}
