import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import Synchronization
import Testing

@testable import DocketDesk

@Suite("What a desk remembers", .timeLimit(.minutes(5)))
struct MemoryChangeTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A desk with somebody of each kind, and what its listeners hear of sessions.
    private struct Scene {
        let fixture: DeskFixture
        let identities: Identities

        init(_ store: any Store, limits: DeskLimits = DeskLimits()) throws {
            fixture = try DeskFixture(store: store, limits: limits)
            identities = fixture.identities()
        }

        func open(_ principal: Principal) async throws -> OpenSession {
            fixture.clock.advance(by: .seconds(1))
            return try await identities.open(principal)
        }

        func accept(_ change: IdentityChange, as principal: Principal) async {
            let reply = await fixture.ask(change, as: principal, id: fixture.id())
            #expect(reply.acceptance != nil, "\(change): \(reply)")
        }

        /// What each entry of the log changes, in words.
        func changesInLog() throws -> [String] {
            let policy = fixture.desk.policy
            return try fixture.log().compactMap { item in
                MemoryChange(item.event.fact, rules: policy).map(Self.words)
            }
        }

        static func words(_ change: MemoryChange) -> String {
            switch change {
            case .rules(let policy): "rules \(policy.name)"
            case .sessionsEnd(let ends): "\(ends)"
            case .renamed(let principal, let name): "\([principal: name])"
            }
        }
    }

    @Test(
        "What becomes of sessions in use follows from the log's entries alone",
        arguments: StoreKind.allCases
    )
    func log(kind: StoreKind) async throws {
        var limits = DeskLimits()
        limits.sessionsOfContact = 2
        let scene = try Scene(kind.open(in: directory), limits: limits)
        let (fixture, identities) = (scene.fixture, scene.identities)
        let heard = Mutex<[String]>([])
        identities.listen { news in
            heard.withLock { heard in
                switch news {
                case .ended(let ends): heard.append("\(ends)")
                case .renamed(let names): heard.append("\(names)")
                }
            }
        }
        let administrator = await fixture.agent("ad", .administrator)
        let agent = await fixture.agent("bo")
        let bridge = await fixture.integration("bridge")
        let (agentID, bridgeID) = (try #require(agent.id), try #require(bridge.id))
        let ana = await fixture.guest("Ana")
        let contact = try #require(ana.id.map { ContactID($0) })
        // The third session of a contact who may have two ends the first.
        for _ in 0..<3 { _ = try await scene.open(ana) }
        let last = try await scene.open(ana)
        await scene.accept(.endSession(last.record.token), as: ana)
        let (kept, other) = (try await scene.open(agent), try await scene.open(agent))
        let old = "hash of bo"
        let change = IdentityChange.changePassword(
            from: old,
            to: "hash of new",
            keeping: kept.record.token
        )
        await scene.accept(change, as: agent)
        #expect(try await identities.session(token: kept.token) != nil)
        #expect(try await identities.session(token: other.token) == nil)
        _ = try await scene.open(bridge)
        let key = try identities.record(ofKey: identities.makeKey(), for: bridgeID)
        await scene.accept(.addKey(key, grace: .seconds(60)), as: administrator)
        await scene.accept(.revokeKey(key.keyID), as: administrator)
        await scene.accept(.lockAgent(AgentID(agentID)), as: administrator)
        var edit = ContactEdit()
        try edit.set(name: "Anna")
        let renaming = Submission(
            key: Submission.Key(id: fixture.id(), digest: fixture.digest("rename")),
            principal: administrator,
            change: .directory(.contact(.update(contact, edit)))
        )
        #expect(await fixture.desk.submit(renaming).acceptance != nil)
        let ends = heard.withLock { $0 }
        #expect(ends.count == 8, "two too many, a sign-out, a password, two keys, a lock, a name")
        #expect(try scene.changesInLog() == ends)
        await fixture.desk.stop()
    }

    @Test(
        "Who signs out, and whose oldest sessions end, is in the audit and in nobody's feed",
        arguments: StoreKind.allCases
    )
    func audience(kind: StoreKind) async throws {
        let scene = try Scene(kind.open(in: directory))
        let fixture = scene.fixture
        let agent = await fixture.agent("bo", .administrator)
        let ana = await fixture.guest("Ana")
        var live = try fixture.desk.subscribe(as: agent, from: .now, on: fixture.hub)
        _ = try await live.next(limit: 10)
        let session = try await scene.open(ana)
        await scene.accept(.endSession(session.record.token), as: ana)
        let entry = try #require(try fixture.log().last)
        guard case .administered(let change) = entry.event.fact else {
            Issue.record("\(entry.event)")
            return
        }
        #expect(entry.entry.audience == .audit && entry.event.actor == ana.party)
        #expect(change.action == .signedOut && change.name == "Ana")
        #expect(change.sessionEnds == [SessionEnd(session.record.id)])
        #expect(entry.entry.event.range(of: session.record.token.data) == nil)
        #expect(entry.entry.event.range(of: session.token) == nil)
        // Behind it something that everybody of the staff hears.
        _ = await fixture.agent("cy")
        for principal in [agent, ana] {
            var late = try fixture.desk.subscribe(
                as: principal,
                from: .beginning,
                on: fixture.hub
            )
            #expect(try await Self.signOuts(in: &late) == 0)
        }
        #expect(try await Self.signOuts(in: &live) == 0)
        let audited = try await fixture.desk.auditEntries(of: .everything, after: 0, limit: 50)
        #expect(audited.entries.map(\.offset).contains(entry.entry.offset))
        await fixture.desk.stop()
    }

    @Test("A repeated sign-out ends nothing more, and a feed passes what only the audit tells")
    func repetition() async throws {
        let scene = try Scene(MemoryStore(epoch: Epoch(1)))
        let fixture = scene.fixture
        let ana = await fixture.guest("Ana")
        let agent = await fixture.agent("bo", .administrator)
        var live = try fixture.desk.subscribe(as: agent, from: .now, on: fixture.hub)
        _ = try await live.next(limit: 10)
        let session = try await scene.open(ana)
        let news = Mutex(0)
        scene.identities.listen { _ in news.withLock { $0 += 1 } }
        let id = fixture.id(Command.self)
        for _ in 0..<2 {
            let reply = await fixture.ask(.endSession(session.record.token), as: ana, id: id)
            guard case .sessionsEnded(1)? = reply.acceptance?.result else {
                Issue.record("\(reply)")
                return
            }
        }
        #expect(news.withLock { $0 } == 1)
        let head = fixture.desk.position.head
        #expect(try fixture.log().filter { $0.entry.audience == .audit }.count == 1)
        let page = try await live.next(limit: 10)
        #expect(page.entries.isEmpty && page.isLevel)
        #expect(live.heartbeat().offset == head)
        await fixture.desk.stop()
    }

    @Test("More sessions than an entry may name end with further entries")
    func many() async throws {
        var limits = DeskLimits()
        limits.sessionsOfStaff = 1_200
        let scene = try Scene(MemoryStore(epoch: Epoch(1)), limits: limits)
        let bridge = await scene.fixture.integration("bridge")
        for _ in 0..<1_001 { _ = try await scene.open(bridge) }
        await scene.accept(.endSessions(try #require(bridge.id)), as: .desk)
        let ends = try scene.fixture.log().suffix(2).map { item in
            guard case .administered(let change) = item.event.fact else { return 0 }
            return change.sessionEnds.count
        }
        #expect(ends == [1_000, 1])
        await scene.fixture.desk.stop()
    }

    /// How many entries of a feed tell of the end of a session.
    private static func signOuts(in subscription: inout FeedSubscription) async throws -> Int {
        var found = 0
        while true {
            let page = try await subscription.next(limit: 2)
            for case .event(let bytes) in page.entries.map(\.content) {
                guard case .administered(let change)? = Event(encoded: bytes)?.fact else {
                    continue
                }
                if !change.sessionEnds.isEmpty { found += 1 }
            }
            if page.isLevel { return found }
        }
    }
}
