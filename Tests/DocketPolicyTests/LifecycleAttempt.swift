import DocketDomain

/// What is tried with a request.
enum LifecycleAttempt: Hashable {
    case take
    case give
    case giveToNobody
    case view
    case post
    case postLate
    case postNamed(isNewest: Bool)
    case note
    case edit
    case set(StatusKey)
    case finish(StatusKey?)
    case splitNewMessages
    case splitMessages(Int)
    case mergeNewer
    case mergeIntoOlder(isNext: Bool)
    case link
    case unlink
    case delete
    case restore
    case silence(after: LiveSession.Author)
    case wake
    case elapse
    case elapseEarly

    /// Everything that is tried with requests of a kind.
    static func all(of table: StateTable, _ kind: RequestKind) -> [LifecycleAttempt] {
        let keys = table.statuses(of: kind).map(\.key) + ["no_such_status"]
        return [
            .take, .give, .giveToNobody, .view, .post, .postLate, .postNamed(isNewest: true),
            .postNamed(isNewest: false), .note, .edit, .finish(nil), .splitNewMessages,
            .splitMessages(1), .splitMessages(3), .mergeNewer, .mergeIntoOlder(isNext: true),
            .mergeIntoOlder(isNext: false), .link, .unlink, .delete, .restore,
            .silence(after: .contact), .silence(after: .agent), .wake, .elapse, .elapseEarly,
        ] + keys.map { .set($0) } + keys.map { .finish($0) }
    }
}

extension LifecycleCell {
    /// The longest time after which a request in the status moves on by itself.
    var elapsingSpan: Duration {
        table.lines(.elapsed, status.key, kind).compactMap(\.after).max() ?? .seconds(60)
    }

    /// When an attempt is made.
    func moment(of attempt: LifecycleAttempt) -> Timestamp {
        switch attempt {
        case .postLate:
            guard case .appendWithin(let span) = status.reply else { return now }
            return Names.began + span + .milliseconds(1)
        case .silence: return Names.began + (channel.inactiveAfter ?? .seconds(600))
        case .elapse: return Names.began + elapsingSpan
        case .elapseEarly: return Names.began + elapsingSpan + .milliseconds(-1)
        case .take, .give, .giveToNobody, .view, .post, .postNamed, .note, .edit, .set, .finish,
            .splitNewMessages, .splitMessages, .mergeNewer, .mergeIntoOlder, .link, .unlink,
            .delete, .restore, .wake:
            return now
        }
    }

    /// The state in which an attempt is made.
    func situation(for attempt: LifecycleAttempt) -> Situation {
        var request = request
        switch attempt {
        case .mergeNewer:
            var situation = situation(newer)
            situation.others = [request]
            situation.nextNewest = request.id
            return situation
        case .mergeIntoOlder(let isNext):
            var situation = situation(request)
            situation.others = [older]
            situation.nextNewest = isNext ? older.id : Names.between
            return situation
        case .link, .unlink: return situation(linking: attempt == .unlink)
        case .post, .postLate: return situationForPost()
        case .postNamed(let isNewest):
            var situation = situationForPost()
            if !isNewest { situation.conversation?.newestRequest = Names.between }
            return situation
        case .silence(let author): request.session?.lastAuthor = author
        case .take, .give, .giveToNobody, .view, .note, .edit, .set, .finish, .splitNewMessages,
            .splitMessages, .delete, .restore, .wake, .elapse, .elapseEarly:
            break
        }
        return situation(request)
    }

    /// The request, with the one that has its content where it was merged.
    private func situationForPost() -> Situation {
        var situation = situation(request)
        if status.category == .merged { situation.others = [survivor] }
        return situation
    }

    /// The request beside an older one, with which it is linked already or not.
    private func situation(linking isLinked: Bool) -> Situation {
        var (request, other) = (request, older)
        if isLinked {
            request.details.links = [Link(kind: .parent, other: other.reference)]
            other.details.links = [Link(kind: .child, other: request.reference)]
        }
        var situation = situation(request)
        situation.others = [other]
        return situation
    }

    /// The command of an attempt.
    func command(_ attempt: LifecycleAttempt) -> Command {
        let id = Names.request
        switch attempt {
        case .take: return .take(id)
        case .give: return .assign(Assign(request: id, agent: Names.colleague.id))
        case .giveToNobody: return .assign(Assign(request: id, agent: nil))
        case .view: return .view(id)
        case .post, .postLate: return .post(post(in: nil))
        case .postNamed: return .post(post(in: id))
        case .note: return .postNote(PostNote(id: Names.id(201), request: id, text: "careful"))
        case .edit: return .edit(EditRequest(request: id, edits: [.addTag("tried")]))
        case .set(let key):
            let sleeps = table.status(key).waitingFor == .time
            let wakeAt = sleeps ? now + .seconds(60) : nil
            return .setStatus(SetStatus(request: id, status: key, wakeAt: wakeAt))
        case .finish(let key): return .finish(Finish(request: id, status: key))
        case .splitNewMessages: return .splitNewMessages(id)
        case .splitMessages(let count):
            let messages = situation(request).messages.prefix(count).map(\.id)
            return .splitMessages(SplitMessages(request: id, messages: messages))
        case .mergeNewer: return .merge(MergeRequests(request: Names.newer, other: nil))
        case .mergeIntoOlder: return .merge(MergeRequests(request: id, other: Names.older))
        case .link: return .link(LinkRequests(request: id, kind: .parent, other: Names.older))
        case .unlink: return .unlink(LinkRequests(request: id, kind: .parent, other: Names.older))
        case .delete: return .delete(id)
        case .restore: return .restore(id)
        case .silence:
            return .endInactiveSession(
                EndInactiveSession(request: id, ordinal: live == .again ? 2 : 1)
            )
        case .wake:
            let moment = Names.began + .seconds(60)
            return .wake(RequestTimer(request: id, version: moment.milliseconds))
        case .elapse, .elapseEarly:
            return .elapse(RequestTimer(request: id, version: Names.began.milliseconds))
        }
    }

    private func post(in request: RequestID?) -> Post {
        Post(
            id: Names.id(200),
            conversation: Names.conversation,
            text: "more",
            request: request,
            title: "A title"
        )
    }
}

/// What became of a request.
struct LifecycleState: Hashable {
    var status: StatusKey
    var assignee: AgentID?
    var isLive: Bool
    var wakeAt: Timestamp?
    var tags: [String] = []
    /// How many things the desk told the contact in it.
    var told = 0
}

/// What an attempt led to.
enum LifecycleOutcome: Hashable {
    /// It was refused.
    case refused(Rejection)
    /// Nothing had to be done.
    case nothing
    /// It was done: what became of the request, and of the other one that was opened or merged.
    case done(LifecycleState, other: LifecycleState?)
}

extension LifecycleCell {
    /// Makes an attempt.
    func outcome(
        of attempt: LifecycleAttempt,
        by visitor: Visitor,
        under policy: Policy
    ) -> LifecycleOutcome {
        let circumstances = Circumstances(
            principal: visitor.principal(on: channel.key),
            policy: policy,
            now: moment(of: attempt),
            head: 1_000,
            newRequestID: Names.opened,
            newRequestNumber: 4,
            agent: Names.colleague,
            login: "ed"
        )
        do {
            let situation = situation(for: attempt)
            let decision = try decide(command(attempt), in: situation, under: circumstances)
            guard !decision.events.isEmpty else { return .nothing }
            let after = decision.after
            let others = ([after.request].compactMap(\.self) + after.others).filter {
                $0.id != Names.request
            }
            guard let request = after.request(Names.request) else { return .nothing }
            return .done(
                state(request, decision.events),
                other: others.first.map { state($0, decision.events) }
            )
        } catch {
            return .refused(error)
        }
    }

    private func state(_ request: SupportRequest, _ events: [Event]) -> LifecycleState {
        let told = events.count { event in
            guard case .messagePosted = event.fact else { return false }
            return event.actor == .desk && event.request?.id == request.id
        }
        return LifecycleState(
            status: request.status,
            assignee: request.assignee?.id,
            isLive: request.session != nil,
            wakeAt: request.details.wakeAt,
            tags: request.details.tags,
            told: told
        )
    }
}
