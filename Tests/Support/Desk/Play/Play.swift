import DocketDesk
package import DocketDomain
import DocketStore

/// A desk full of people who do what a script says, allowed or not.
///
/// It follows the log as it grows, and notes every event and every answer that breaks an
/// invariant.
package struct Play: Sendable {
    let fixture: DeskFixture
    let policies: [Policy]
    /// Who takes part.
    private(set) var cast = PlayCast()
    /// The state that the log alone gives.
    package private(set) var model: PlayModel
    /// What was asked, by whom, and the answer, as people read it.
    package private(set) var transcript: [String] = []
    /// The answers.
    package private(set) var replies: [String] = []
    /// What was found wrong.
    package private(set) var findings: [PlayFinding] = []
    private var asked: [(submission: Submission, command: Command?)] = []

    /// Prepares a play under the first of some policies; the others are there to be applied.
    package init(fixture: DeskFixture, policies: [Policy]) {
        self.fixture = fixture
        self.policies = policies
        model = PlayModel(policy: fixture.desk.policy)
    }

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
    package mutating func perform(_ step: PlayStep) async {
        switch step {
        case .wait(let seconds):
            fixture.clock.advance(by: .seconds(seconds))
            await fixture.settle()
            note("\(step)")
            follow()
        case .again(let back):
            guard back < asked.count else { return }
            let (submission, command) = asked[asked.count - 1 - back]
            await submit(submission, command, step, isRepetition: true)
        case .apply(let index):
            let policy = policies[index % policies.count]
            model.nextPolicy = policy
            let change = PolicyChange(text: "policy \(index % policies.count)", policy: policy)
            let submission = Submission(
                key: Submission.Key(id: fixture.id(), digest: fixture.digest(change.text)),
                principal: .desk,
                change: .policy(change)
            )
            await submit(submission, nil, step)
            // Timers that are due by the new rules fire before anything else is asked.
            await fixture.settle()
            follow()
        case .ask(let command, let actor, let version):
            let resolver = PlayResolver(play: self)
            guard let resolved = resolver.resolve(command, by: actor) else { return }
            await submit(submission(resolved, atVersion: version), resolved.command, step)
        }
    }

    private func submission(
        _ resolved: PlayResolver.Resolved,
        atVersion version: Int?
    ) -> Submission {
        let current = resolved.request?.version ?? 0
        return Submission(
            key: Submission.Key(
                id: resolved.command.creationID ?? fixture.id(),
                digest: fixture.digest("\(resolved.command)")
            ),
            principal: resolved.principal,
            expectedVersion: version.map { current + UInt64($0) },
            change: .command(resolved.command)
        )
    }

    private mutating func submit(
        _ submission: Submission,
        _ command: Command?,
        _ step: PlayStep,
        isRepetition: Bool = false
    ) async {
        if !isRepetition { asked.append((submission, command)) }
        let before = model
        let reply = await fixture.desk.submit(submission)
        replies.append("\(reply)")
        note("\(step): \(reply.summary)")
        let events = follow()
        let answer = PlayAnswer(
            command: command,
            reply: reply,
            isRepetition: isRepetition,
            before: before,
            after: model,
            events: events
        )
        findings += AnswerInvariant.all.compactMap { $0.finding(in: answer) }
    }

    private mutating func note(_ line: String) {
        transcript.append("\(line) [to \(fixture.desk.position.head)]")
    }

    /// Takes what is new in the log.
    @discardableResult
    private mutating func follow() -> [Event] {
        let known = UInt64(model.entries.count)
        let entries = try? fixture.store.read { reading throws(StoreError) in
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
