import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Testing

/// A desk with a contact, an agent and a chat.
struct ChatScene {
    let fixture: DeskFixture
    let ada: Principal
    let bo: Principal
    let conversation: ConversationID
    let request: RequestID

    /// Begins with a chat that the agent has taken, unless nobody is to have it.
    init(
        store: any Store,
        policy: Policy? = nil,
        limits: DeskLimits = DeskLimits(),
        isTaken: Bool = true
    ) async throws {
        fixture = try DeskFixture(store: store, policy: policy, limits: limits)
        ada = await fixture.guest("Ada")
        bo = await fixture.agent("Bo")
        conversation = await fixture.conversation(of: ada)
        let opened = await fixture.request(byPosting: "hello", in: conversation, as: ada)
        request = try #require(opened)
        if isTaken { _ = await fixture.ask(.take(request), as: bo) }
    }

    func status() async throws -> StatusKey { try await fixture.desk.request(request).status }

    func wait(_ seconds: Int) async {
        fixture.clock.advance(by: .seconds(seconds))
        await fixture.settle()
    }

    /// Lets the request sleep for so many seconds and its chat end, and the contact write after a
    /// hundred.
    func wakeBefore(_ seconds: Int) async throws {
        let moment = fixture.clock.now() + .seconds(seconds)
        let sleep = SetStatus(request: request, status: "snoozed", wakeAt: moment)
        _ = await fixture.ask(.setStatus(sleep), as: bo)
        let finish = Finish(request: request, status: "snoozed")
        _ = await fixture.ask(.finish(finish), as: bo)
        await wait(100)
        _ = await fixture.post("another matter", in: conversation, as: ada)
    }
}

extension DeskFixture {
    /// What a principal's feed has told from the beginning.
    func facts(of principal: Principal) async throws -> [Event] {
        var feed = try desk.subscribe(as: principal, from: .beginning, on: hub)
        defer { feed.close() }
        let page = try await feed.next(limit: 200)
        return page.entries.compactMap { entry -> Event? in
            guard case .event(let bytes) = entry.content else { return nil }
            return Event(encoded: bytes)
        }
    }
}
