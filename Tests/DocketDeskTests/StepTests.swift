import DeskSupport
import DocketDomain
import DocketPolicy
import DocketStore
import Foundation
import Testing

@testable import DocketDesk

@Suite("A step, without a store")
struct StepTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)
    private let ada: Contact
    private let conversation: Conversation
    private let post: Post
    private let conditions: Step.Conditions

    init() throws {
        var random = SeededGenerator(seed: 5)
        ada = Contact(id: Identifier(at: now, random: &random), name: "Ada")
        conversation = Conversation(
            id: Identifier(at: now, random: &random),
            contact: ada,
            channel: "chat",
            newestRequest: nil
        )
        post = Post(
            id: Identifier(at: now, random: &random),
            conversation: conversation.id,
            text: "hello"
        )
        conditions = Step.Conditions(
            now: now,
            policy: try Policy.shippedDefault(),
            limits: DeskLimits(),
            chance: Identifier(at: now, random: &random)
        )
    }

    private var submission: Submission {
        Submission(
            key: Submission.Key(id: CommandID(post.id), digest: .zero),
            principal: Principal(.contact(ada.id), name: ada.name),
            change: .command(.post(post))
        )
    }

    /// All that the message needs, of a contact whom the company blocks or not.
    private func workspace(isBlocked: Bool = false) -> Workspace {
        var workspace = Workspace()
        workspace.head = 41
        workspace.nextRequestNumber = 7
        workspace.hasTimersSetBack = false
        workspace.records.updateValue(nil, forKey: CommandID(post.id))
        workspace.keep(Situation(conversation: conversation))
        workspace.blocks[ada.id] = isBlocked
        return workspace
    }

    /// Takes the message's step, and gives its answer with what follows.
    private func taken(
        on workspace: Workspace,
        _ submission: Submission? = nil
    ) throws -> (reply: Reply, effects: StepEffects) {
        var step = Step(submission ?? self.submission, on: workspace, under: conditions)
        return (try step.take(), step.effects)
    }

    private func lacking(_ workspace: Workspace) throws -> any Need {
        try #require(
            #expect(throws: Missing.self) { try taken(on: workspace) }
        ).need
    }

    @Test("It names what it lacks, one thing after the other, and decides once it has all")
    func needs() throws {
        var workspace = Workspace()
        #expect(try lacking(workspace) as? RecordNeed == RecordNeed(CommandID(post.id)))
        workspace.records.updateValue(nil, forKey: CommandID(post.id))
        #expect(try lacking(workspace) as? ConversationNeed == ConversationNeed(conversation.id))
        workspace.keep(Situation(conversation: conversation))
        #expect(try lacking(workspace) as? BlockNeed == BlockNeed(ada.id))
        workspace.blocks[ada.id] = false
        #expect(try lacking(workspace) is TimersSetBackNeed)
        workspace.hasTimersSetBack = false
        let taken = try self.taken(on: workspace)
        #expect(taken.reply.isAcceptance)
    }

    @Test("It says where everything will stand: the first events behind the head, the next number")
    func places() throws {
        let taken = try self.taken(on: workspace())
        guard case .message(let posted)? = taken.reply.acceptance?.result else {
            Issue.record("no message: \(taken.reply)")
            return
        }
        #expect(posted.requestNumber == 7)
        #expect(posted.request == conditions.chance)
        #expect(taken.reply.acceptance?.offset == 43, "behind the request that it opens at 42")
        #expect(taken.effects.usesChance)
        let kinds = taken.effects.durable.map { effect in
            switch effect {
            case .event(let event, let concern):
                #expect(concern.contact == ada.id && concern.channel == "chat")
                return if case .messagePosted = event.fact { "message" } else { "opening" }
            case .keep(.openRequest(let request, let offset)):
                return "\(request.number) at \(offset)"
            case .keep(.timer): return "timer"
            case .keep(.record(let record, let id)):
                #expect(id == CommandID(post.id) && record.answer == .created(offset: 43))
                return "record"
            case .keep(let change): return "\(change)"
            }
        }
        #expect(kinds == ["opening", "message", "7 at 42", "timer", "record"])
    }

    @Test("The same step gives the same, however often it is taken")
    func repeatable() throws {
        let workspace = workspace()
        let first = try taken(on: workspace)
        let second = try taken(on: workspace)
        #expect("\(first)" == "\(second)")
    }

    @Test("A refused step leaves its verdict, and nothing else")
    func refusal() throws {
        let taken = try self.taken(on: workspace(isBlocked: true))
        #expect(taken.reply.rejection == .contactBlocked)
        guard taken.effects.durable.count == 1,
            case .keep(.record(let record, let id))? = taken.effects.durable.first
        else {
            Issue.record("more than a verdict: \(taken.effects.durable)")
            return
        }
        #expect(id == CommandID(post.id))
        #expect(record.answer == .refused(.contactBlocked))
        #expect(!taken.effects.usesChance)
    }

    @Test("A repetition changes nothing, and another content under its id learns nothing")
    func repetition() throws {
        let kept = CommandRecord(
            principal: PrincipalID(ada.id),
            digest: .zero,
            answer: .refused(.contactBlocked)
        )
        var workspace = workspace()
        workspace.records[CommandID(post.id)] = kept
        let again = try taken(on: workspace)
        #expect(again.reply.rejection == .contactBlocked)
        #expect(again.effects.durable.isEmpty)
        workspace.records[CommandID(post.id)] = CommandRecord(
            principal: PrincipalID(ada.id),
            digest: DeskFixture.digest(Data([1])),
            answer: .created(offset: 3)
        )
        let other = try taken(on: workspace)
        guard case .keyReused = other.reply else {
            Issue.record("\(other.reply)")
            return
        }
        #expect(other.effects.durable.isEmpty)
    }

    @Test("A timer that the domain has no use for is removed, and not set anew")
    func idleTimer() throws {
        let timer = TimerRecord(
            request: conditions.chance,
            kind: .inactivity,
            version: 1,
            due: now
        )
        var workspace = Workspace()
        workspace.requests.updateValue(nil, forKey: timer.request)
        let submission = Submission(ofDesk: FireTimer(timer: timer))
        let taken = try self.taken(on: workspace, submission)
        #expect(taken.reply.isAcceptance)
        guard taken.effects.durable.count == 1,
            case .keep(.noTimer(let request, .inactivity))? = taken.effects.durable.first
        else {
            Issue.record("\(taken.effects.durable)")
            return
        }
        #expect(request == timer.request)
    }

    @Test("A rejection of a repetition is not kept again")
    func rejectedRepetition() throws {
        var random = SeededGenerator(seed: 6)
        let company: CompanyID = Identifier(at: now, random: &random)
        let agent = Principal(.agent(Identifier(at: now, random: &random), .supervisor), name: "Bo")
        let submission = Submission(
            key: Submission.Key(id: CommandID(company), digest: .zero),
            principal: agent,
            change: .directory(.company(.create(company, CompanyEdit())))
        )
        var workspace = Workspace()
        workspace.records[CommandID(company)] = CommandRecord(
            principal: agent.id,
            digest: .zero,
            answer: .created(offset: 3)
        )
        workspace.keep(nil, for: CompanyNeed(id: company))
        let taken = try self.taken(on: workspace, submission)
        #expect(taken.reply.rejection == .notFound)
        #expect(taken.effects.durable.isEmpty)
    }
}

@Suite("What is told of a damaged store")
struct DamageLogTests {
    @Test("Each damage is told once an hour, so many in all, also after the clock was set back")
    func limits() {
        var log = DamageLog()
        var told: [String] = []
        var now = Timestamp(milliseconds: 1_800_000_000_000)
        let tell = { (damage: String) in if log.isNew(damage, at: now) { told.append(damage) } }
        for _ in 0..<3 { tell("one") }
        #expect(told == ["one"])
        for number in 0..<200 { tell("\(number)") }
        #expect(told.count == DamageLog.limit)
        now = now + .seconds(-7_200)
        tell("one")
        #expect(told.last == "one" && told.count == DamageLog.limit + 1)
        now = now + .seconds(3_599)
        tell("one")
        now = now + .seconds(1)
        tell("one")
        #expect(told.count == DamageLog.limit + 2)
    }
}
