package import DocketDesk
package import DocketDomain
import DocketStore

/// A desk full of people who do what a script says, allowed or not.
///
/// It follows the log as it grows, and notes every event and every answer that breaks an
/// invariant.
package struct Play: Sendable {
    /// What somebody has asked for.
    private struct Asked {
        let submission: Submission
        /// The command; `nil` where it was another policy.
        let command: Command?
        /// The policy, where it was one.
        let policy: Policy?
        /// Whether it was submitted before.
        var wasSubmitted = false
        /// The answer that decided it, once it has come.
        var reply: Reply?
    }

    /// A line of the transcript, which is put into words when somebody reads it.
    private enum Line {
        case step(PlayStep, Reply?, head: UInt64)
        case remark(String)

        var text: String {
            switch self {
            case .step(let step, let reply, let head):
                let summary = reply.map { ": \($0.summary)" } ?? ""
                return "\(step)\(summary) [to \(head)]"
            case .remark(let text): return text
            }
        }
    }

    /// The desk at which it is played.
    package private(set) var fixture: DeskFixture
    let policies: [Policy]
    /// Who takes part.
    private(set) var cast = PlayCast()
    /// The state that the log alone gives.
    package private(set) var model: PlayModel
    /// The answers.
    package private(set) var replies: [Reply] = []
    /// What was found wrong.
    package private(set) var findings: [PlayFinding] = []
    /// Whether the store may take nothing at the moment, as on a full disk.
    package var mayBeUnavailable = false
    private var asked: [Asked] = []
    private var lines: [Line] = []
    /// What waits to be asked for together with what the next step asks for, by its place among all
    /// that was asked.
    private var waiting: [(index: Int, step: PlayStep)] = []
    /// The places of what was asked for last, together.
    private var newest: [Int] = []

    /// Prepares a play under the first of some policies; the others are there to be applied.
    package init(fixture: DeskFixture, policies: [Policy]) {
        self.fixture = fixture
        self.policies = policies
        model = PlayModel(policy: fixture.desk.policy)
    }

    /// Prepares to go on, at another desk on the same store, with a play that began with a seed.
    ///
    /// Who takes part follows from the seed; everything else is in the store.
    package init(fixture: DeskFixture, policies: [Policy], begunWith seed: UInt64) async throws {
        self.init(fixture: fixture, policies: policies)
        let first = try DeskFixture(
            store: MemoryStore(epoch: Epoch(7)),
            seed: seed,
            policy: policies.first,
            isDrivenByHand: true
        )
        model = PlayModel(policy: first.desk.policy)
        cast = await PlayCast(fixture: first, policy: first.desk.policy)
        let store = fixture.store
        let entries = try store.readLog { reading throws(StoreError) in
            try reading.entries(after: 0, limit: .max)
        }
        for entry in entries {
            guard let event = Event(encoded: entry.event) else { continue }
            if case .policyApplied(let version, _) = event.fact {
                let record = try store.readLog { reading throws(StoreError) in
                    try reading.policy(version: version)
                }
                model.nextPolicy = record.flatMap { PlayPolicies.policy($0, in: policies) }
            }
            model.apply(entry, event)
        }
    }

    /// What was asked, by whom, and the answer, as people read it.
    package var transcript: [String] { lines.map(\.text) }

    /// How many submissions were made.
    package var submissionCount: Int { replies.count }

    /// The answers to what was asked for last, together; none to what was not decided.
    package var newestReplies: [Reply?] { newest.map { asked[$0].reply } }

    /// Everybody with a feed.
    package var everybody: [Principal] { cast.contacts + cast.agents + [cast.integration] }

    /// Brings everybody in, each contact with a conversation.
    package mutating func begin() async {
        cast = await PlayCast(fixture: fixture, policy: model.policy)
        for contact in cast.contacts.indices {
            await perform(.ask(.open(channel: 0), by: .contact(contact), atVersion: nil))
        }
        await perform(.ask(.open(channel: 0), by: .integration, atVersion: nil))
        await perform(.ask(.open(channel: 2), by: .contact(0), atVersion: nil))
    }

    /// Performs all steps of a script.
    package mutating func perform(_ script: [PlayStep]) async {
        for step in script { await perform(step) }
    }

    /// Performs a step; one that finds nothing to be about does nothing.
    ///
    /// - Parameters:
    ///   - step: The step.
    ///   - waits: Whether a command waits for the next, so that the desk is asked for both at once.
    package mutating func perform(_ step: PlayStep, waits: Bool = false) async {
        newest = []
        switch step {
        case .wait(let seconds):
            fixture.clock.advance(by: .seconds(seconds))
            await askWaiting()
            await settle()
            note(step)
        case .again(let back):
            guard back < asked.count else { return }
            let index = asked.count - 1 - back
            await ask(index, step, waits: waits && asked[index].policy == nil)
        case .apply(let index):
            let policy = policies[index % policies.count]
            let text = PlayPolicies.text(index % policies.count)
            let change = PolicyChange(text: text, policy: policy)
            let submission = Submission(
                key: Submission.Key(id: fixture.id(), digest: nextDigest),
                principal: .desk,
                change: .policy(change)
            )
            asked.append(Asked(submission: submission, command: nil, policy: policy))
            await ask(asked.count - 1, step, waits: false)
            // Timers that are due by the new rules fire before anything else is asked.
            await settle()
        case .ask(let command, let actor, let version):
            guard let resolved = resolved(command, by: actor) else { return }
            let submission = submission(resolved, atVersion: version)
            asked.append(Asked(submission: submission, command: resolved.command, policy: nil))
            await ask(asked.count - 1, step, waits: waits)
        }
    }

    private mutating func ask(_ index: Int, _ step: PlayStep, waits: Bool) async {
        waiting.append((index, step))
        if !waits { await askWaiting() }
    }

    /// The command that a step means; nothing else holds the play's memory afterwards, which would
    /// have to be copied then.
    private func resolved(
        _ command: PlayCommand,
        by actor: PlayActor
    ) -> PlayResolver.Resolved? {
        PlayResolver(play: self).resolve(command, by: actor)
    }

    /// Lets timers fire that are due, and takes what they did.
    package mutating func settle() async {
        await fixture.settle()
        follow()
    }

    /// Goes on at another desk, on a store as a kill has left it, with the memory of a play that
    /// the kill has ended.
    ///
    /// - Parameters:
    ///   - fixture: The other desk.
    ///   - ended: The play as it went on from here, until the kill.
    ///   - hasHeard: Whether the answers to what it asked for last came before the kill.
    package mutating func resume(
        at fixture: DeskFixture,
        after ended: Play,
        hasHeard: Bool
    ) {
        let known = asked
        self.fixture = fixture
        (asked, replies, lines, newest) = (ended.asked, ended.replies, ended.lines, ended.newest)
        (findings, waiting) = (ended.findings, [])
        model.nextPolicy = ended.model.nextPolicy
        for index in newest where !hasHeard {
            asked[index].reply = index < known.count ? known[index].reply : nil
        }
        follow()
    }

    /// Asks again, one after the other, for what was asked for last; gives the answers.
    package mutating func repeatNewest() async -> [Reply] {
        let indices = newest
        var replies: [Reply] = []
        for index in indices {
            waiting = [(index, .again(asked.count - 1 - index))]
            await askWaiting()
            replies += self.replies.suffix(1)
        }
        newest = indices
        return replies
    }

    /// What stands for the content of the next submission.
    private var nextDigest: Digest { fixture.digest("\(asked.count)") }

    private func submission(
        _ resolved: PlayResolver.Resolved,
        atVersion version: Int?
    ) -> Submission {
        let current = resolved.request?.version ?? 0
        return Submission(
            key: Submission.Key(
                id: resolved.command.creationID ?? fixture.id(),
                digest: nextDigest
            ),
            principal: resolved.principal,
            expectedVersion: version.map { current + UInt64($0) },
            change: .command(resolved.command)
        )
    }

    /// Asks for everything that waits, at once.
    package mutating func askWaiting() async {
        guard !waiting.isEmpty else { return }
        let (batch, before) = (waiting, model)
        waiting = []
        newest = batch.map(\.index).reduce(into: []) { all, index in
            if !all.contains(index) { all.append(index) }
        }
        if let policy = newest.compactMap({ asked[$0].policy }).last { model.nextPolicy = policy }
        let answers = await fixture.submit(batch.map { asked[$0.index].submission })
        let events = follow()
        for ((index, step), reply) in zip(batch, answers) {
            let earlier = asked[index]
            replies.append(reply)
            note(step, reply)
            let answer = PlayAnswer(
                command: earlier.command,
                reply: reply,
                earlierReply: earlier.reply,
                wasSubmitted: earlier.wasSubmitted,
                mayBeUnavailable: mayBeUnavailable,
                before: before,
                after: model,
                events: batch.count == 1 ? events : []
            )
            let invariants = batch.count == 1 ? AnswerInvariant.all : AnswerInvariant.ofSeveral
            findings += invariants.compactMap { $0.finding(in: answer) }
            asked[index].wasSubmitted = true
            guard earlier.reply == nil, reply.unavailability == nil else { continue }
            asked[index].reply = reply
        }
    }

    private mutating func note(_ step: PlayStep, _ reply: Reply? = nil) {
        lines.append(.step(step, reply, head: fixture.desk.position.head))
    }

    /// Adds a line to the transcript.
    package mutating func note(_ remark: String) { lines.append(.remark(remark)) }

    /// Takes what is new in the log.
    @discardableResult
    private mutating func follow() -> [Event] {
        let known = UInt64(model.entries.count)
        // Where a commit may have failed, the log may have what nobody was told of.
        guard fixture.desk.position.head > known || mayBeUnavailable else { return [] }
        let entries = try? fixture.store.readLog { reading throws(StoreError) in
            try reading.entries(after: known, limit: .max)
        }
        var events: [Event] = []
        for entry in entries ?? [] {
            guard let event = Event(encoded: entry.event) else {
                findings.append(PlayFinding("I34 log", offset: entry.offset, "it cannot be read"))
                continue
            }
            events.append(event)
            meet(entry, event)
        }
        let touched = Set(events.compactMap { $0.request?.id })
        for request in touched.compactMap(model.request).sorted(by: { $0.number < $1.number }) {
            findings += RequestInvariant.all.compactMap { $0.finding(in: request, model) }
        }
        return events
    }

    private mutating func meet(_ entry: LogEntry, _ event: Event) {
        let before = model
        model.apply(entry, event)
        let moment = PlayMoment(
            entry: entry,
            event: event,
            before: before,
            after: model,
            now: fixture.clock.now()
        )
        findings += EventInvariant.all.compactMap { $0.finding(at: moment) }
    }

    /// An event as a principal's feed has it; `nil` where it has nothing of it.
    package func view(of event: Event, for principal: Principal) -> Event? {
        switch principal.identity {
        case .agent, .desk: return event
        case .partner: return nil
        case .contact, .integration:
            guard let conversation = event.conversation.flatMap(model.conversation),
                principal.maySee(
                    contact: conversation.contact.id,
                    channel: conversation.channel
                )
            else { return nil }
            return ContactView(event, under: model.policy)?.value
        }
    }
}

extension Reply {
    /// The answer in a few words.
    fileprivate var summary: String {
        switch self {
        case .accepted(let acceptance):
            acceptance.isRepetition ? "the same answer" : "accepted at \(acceptance.offset)"
        case .refused(let rejection): "refused, \(rejection)"
        case .keyReused: "the id was used"
        case .unavailable(let reason): "unavailable, \(reason)"
        }
    }
}
