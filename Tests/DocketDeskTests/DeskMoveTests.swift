import DeskSupport
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketStore
import Foundation
import Testing

@Suite("Merges and splits at the desk")
struct DeskMoveTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A chat after the first, which the agent has finished as closed.
    private func followUp(_ scene: ChatScene) async throws -> RequestID {
        let finish = Finish(request: scene.request, status: "closed")
        _ = await scene.fixture.ask(.finish(finish), as: scene.bo)
        return try #require(
            await scene.fixture.request(byPosting: "again", in: scene.conversation, as: scene.ada)
        )
    }

    @Test(
        "What a contact writes to a merged request goes on in the one that has its content",
        arguments: StoreKind.allCases
    )
    func forwarded(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
        let fixture = scene.fixture
        let newer = try await followUp(scene)
        let merge = MergeRequests(request: newer, other: nil)
        #expect(await fixture.ask(.merge(merge), as: scene.bo).acceptance != nil)
        let post = { (text: String) in
            Command.post(
                Post(
                    id: fixture.id(),
                    conversation: scene.conversation,
                    text: text,
                    request: newer
                )
            )
        }
        let reply = await fixture.ask(post("and more"), as: scene.ada)
        guard case .message(let posted)? = reply.acceptance?.result else {
            Issue.record("\(reply)")
            return
        }
        #expect(posted.request == scene.request && posted.sequence == 3)
        #expect(await fixture.ask(post("no"), as: scene.bo).rejection == .requestNotOpen)
        let page = try await fixture.desk.messages(of: scene.request, after: 0, limit: 9)
        #expect(page.messages.map(\.message.beginning) == ["hello", "again", "and more"])
        await fixture.desk.stop()
    }

    @Test(
        "A live chat is merged into a topic for members only by whoever has it, if they belong",
        arguments: StoreKind.allCases
    )
    func mergeForMembers(kind: StoreKind) async throws {
        var content = try Policy.shippedDefault().content
        content.topics = [
            Topic(key: "till", name: "Till", members: ["Bo", "Di"], isForMembersOnly: true)
        ]
        let policy = try Policy(content)
        let scene = try await ChatScene(store: kind.open(in: directory), policy: policy)
        let fixture = scene.fixture
        let edit = EditRequest(request: scene.request, edits: [.topic("till")])
        _ = await fixture.ask(.edit(edit), as: scene.bo)
        let newer = try await followUp(scene)
        let cy = await fixture.agent("Cy")
        let di = await fixture.agent("Di")
        let merge = Command.merge(MergeRequests(request: newer, other: nil))
        _ = await fixture.ask(.take(newer), as: cy)
        #expect(await fixture.ask(merge, as: scene.bo).rejection == .notMember)
        let give = Assign(request: newer, agent: di.agent?.agent.id)
        #expect(await fixture.ask(.assign(give), as: cy).acceptance != nil)
        #expect(await fixture.ask(merge, as: scene.bo).acceptance != nil)
        #expect(try await fixture.desk.request(scene.request).assignee?.name == "Di")
        await fixture.desk.stop()
    }

    @Test(
        "A request that a split lets sleep on wakes at the moment that it had",
        arguments: StoreKind.allCases
    )
    func wakeAfterSplit(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
        let fixture = scene.fixture
        try await scene.wakeBefore(5_000)
        #expect(try await scene.status() == "in_progress")
        let split = Command.splitNewMessages(scene.request)
        #expect(await fixture.ask(split, as: scene.bo).acceptance != nil)
        #expect(try await scene.status() == "snoozed")
        await scene.wait(4_899)
        #expect(try await scene.status() == "snoozed")
        await scene.wait(1)
        #expect(try await scene.status() == "in_progress")
        await fixture.desk.stop()
    }

    @Test(
        "A request whose moment passed while it was awake is awake once it was split",
        arguments: StoreKind.allCases
    )
    func wakeAfterLateSplit(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
        let fixture = scene.fixture
        try await scene.wakeBefore(200)
        await scene.wait(101)
        let split = Command.splitNewMessages(scene.request)
        #expect(await fixture.ask(split, as: scene.bo).acceptance != nil)
        #expect(try await scene.status() == "in_progress")
        await fixture.settle()
        let causes = try fixture.log().compactMap { _, event -> StatusCause? in
            guard case .statusChanged(let change) = event.fact,
                event.request?.id == scene.request
            else { return nil }
            return change.cause
        }
        #expect(causes.suffix(2) == [.contactReplied, .split], "no timer has to wake it")
        await fixture.desk.stop()
    }

    @Test(
        "A request whose first message was split off is described by the first that stays",
        arguments: StoreKind.allCases
    )
    func descriptionAfterSplit(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
        let fixture = scene.fixture
        _ = await fixture.post("and the till", in: scene.conversation, as: scene.ada)
        let page = try await fixture.desk.messages(of: scene.request, after: 0, limit: 1)
        let first = page.messages.map(\.message.id)
        let split = SplitMessages(request: scene.request, messages: first)
        #expect(await fixture.ask(.splitMessages(split), as: scene.bo).acceptance != nil)
        let left = try await fixture.desk.request(scene.request)
        #expect(left.description == "and the till" && left.title == "and the till")
        await fixture.desk.stop()
    }

    @Test(
        "However often a survivor is merged itself, whoever follows takes one step",
        arguments: StoreKind.allCases
    )
    func merges(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
        let fixture = scene.fixture
        var requests = [scene.request]
        for text in ["two", "three", "four"] {
            let finish = Finish(request: requests[requests.count - 1], status: "closed")
            _ = await fixture.ask(.finish(finish), as: scene.bo)
            let opened = await fixture.request(
                byPosting: text,
                in: scene.conversation,
                as: scene.ada
            )
            requests.append(try #require(opened))
            _ = await fixture.ask(.take(requests[requests.count - 1]), as: scene.bo)
        }
        for newer in requests.dropFirst().reversed() {
            let merge = MergeRequests(request: newer, other: nil)
            #expect(await fixture.ask(.merge(merge), as: scene.bo).acceptance != nil)
        }
        for request in requests.dropFirst() {
            let merged = try await fixture.desk.request(request)
            #expect(merged.details.mergedInto?.id == scene.request)
        }
        let survivor = try await fixture.desk.request(scene.request)
        #expect(Set(survivor.details.sources.map(\.id)) == Set(requests.dropFirst()))
        let messages = try await fixture.desk.messages(of: scene.request, after: 0, limit: 99)
        #expect(messages.messages.map(\.message.beginning) == ["hello", "two", "three", "four"])
        await fixture.desk.stop()
    }

    @Test(
        "The messages of a request are looked up to a limit, and refused beyond it",
        arguments: StoreKind.allCases
    )
    func tooManyEntries(kind: StoreKind) async throws {
        let probe = try await talk(kind, DeskLimits(), in: directory)
        let own = try probe.fixture.log().filter { $0.event.request?.id == probe.request }
        let last = own.last { _, event in
            if case .messagePosted = event.fact { true } else { false }
        }
        let needed = Int(try #require(last).entry.offset - (try #require(own.first)).entry.offset)
        await probe.fixture.desk.stop()
        for (limit, isEnough) in [(needed, true), (needed - 1, false)] {
            let folder = try TemporaryDirectory()
            var limits = DeskLimits()
            limits.examinedEntries = limit
            limits.examinedForMove = limit
            let scene = try await talk(kind, limits, in: folder)
            let fixture = scene.fixture
            if isEnough {
                let page = try await fixture.desk.messages(of: scene.request, after: 1, limit: 1)
                #expect(page.messages.map(\.sequence) == [2] && page.hasMore)
            } else {
                await #expect(throws: QueryError.tooMany(field: "entries", limit: limit)) {
                    try await fixture.desk.messages(of: scene.request, after: 1, limit: 1)
                }
            }
            let split = SplitMessages(request: scene.request, messages: [fixture.id()])
            let answer = await fixture.ask(.splitMessages(split), as: scene.bo).rejection
            let tooMany = Rejection.tooMany(field: "entries", limit: UInt64(limit))
            #expect(answer == (isEnough ? .notFound : tooMany))
            await fixture.desk.stop()
        }
    }

    /// A chat of three messages.
    private func talk(
        _ kind: StoreKind,
        _ limits: DeskLimits,
        in directory: TemporaryDirectory
    ) async throws -> ChatScene {
        let scene = try await ChatScene(store: kind.open(in: directory), limits: limits)
        for text in ["two", "three"] {
            _ = await scene.fixture.post(text, in: scene.conversation, as: scene.ada)
        }
        return scene
    }

    @Test("A split of new messages leaves some", arguments: StoreKind.allCases)
    func splitLeavesNothing(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
        let fixture = scene.fixture
        _ = await fixture.ask(.finish(Finish(request: scene.request)), as: scene.bo)
        _ = await fixture.post("again", in: scene.conversation, as: scene.ada)
        let first = try await fixture.desk.messages(of: scene.request, after: 0, limit: 1)
        let ids = first.messages.map(\.message.id)
        let split = SplitMessages(request: scene.request, messages: ids)
        #expect(await fixture.ask(.splitMessages(split), as: scene.bo).acceptance != nil)
        let reply = await fixture.ask(.splitNewMessages(scene.request), as: scene.bo)
        #expect(reply.rejection == .splitLeavesNothing)
        await fixture.desk.stop()
    }
}
