import DeskSupport
import DocketDesk
import DocketDomain
import DocketMessages
import DocketStore
import Foundation
import Synchronization
import Testing

@Suite("The desk's commands")
struct DeskTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("A chat runs from the first message to its end", arguments: StoreKind.allCases)
    func chat(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let ada = await fixture.guest("Ada")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        let request = try #require(
            await fixture.request(byPosting: "hello", in: conversation, as: ada)
        )
        let taken = try #require(await fixture.ask(.take(request), as: bo).acceptance)
        guard case .request(let message) = taken.result else {
            Issue.record("\(taken)")
            return
        }
        #expect(message.status == "assigned")
        #expect(message.assignee.name == "Bo")
        #expect(taken.offset == fixture.desk.position.head)
        #expect(await fixture.post("hi", in: conversation, as: bo).acceptance?.offset == 7)
        let finish = Command.finish(Finish(request: request))
        #expect(await fixture.ask(finish, as: bo).acceptance != nil)
        let kinds = try fixture.log().map { $0.event.fact }
        #expect(kinds.count == 9)
        let after = try await fixture.desk.request(request)
        #expect(after.status == "resolved")
        #expect(after.sequence == 2)
        await fixture.desk.stop()
    }

    @Test(
        "The same command again gets the same answer and no second effect",
        arguments: StoreKind.allCases
    )
    func repetition(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let ada = await fixture.guest("Ada")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        let post = Command.post(Post(id: fixture.id(), conversation: conversation, text: "1"))
        let first = try #require(await fixture.ask(post, as: ada).acceptance)
        guard case .message(let posted) = first.result else { return }
        let take = fixture.id(Command.self)
        let taken = try #require(
            await fixture.ask(.take(posted.request), as: bo, id: take).acceptance
        )
        let head = fixture.desk.position.head
        fixture.clock.advance(by: .seconds(60))
        let again = try #require(await fixture.ask(post, as: ada).acceptance)
        guard case .message(let postedAgain) = again.result else { return }
        #expect(postedAgain == posted)
        #expect(again.offset == first.offset && again.isRepetition)
        let takenAgain = try #require(
            await fixture.ask(.take(posted.request), as: bo, id: take).acceptance
        )
        guard case .request(let one) = taken.result, case .request(let two) = takenAgain.result
        else { return }
        #expect(one == two)
        #expect(taken.offset == takenAgain.offset)
        #expect(fixture.desk.position.head == head)
        await fixture.desk.stop()
    }

    @Test(
        "An id used for other content or by somebody else says only that it is used",
        arguments: StoreKind.allCases
    )
    func keyReused(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let ada = await fixture.guest("Ada")
        let eve = await fixture.guest("Eve")
        let conversation = await fixture.conversation(of: ada)
        let id: MessageID = fixture.id()
        let post = Command.post(Post(id: id, conversation: conversation, text: "1"))
        _ = await fixture.ask(post, as: ada)
        let other = Command.post(Post(id: id, conversation: conversation, text: "2"))
        for (command, principal) in [(other, ada), (post, eve), (other, eve)] {
            guard case .keyReused = await fixture.ask(command, as: principal) else {
                Issue.record("answered \(command)")
                continue
            }
        }
        #expect(fixture.desk.position.head == 3)
        await fixture.desk.stop()
    }

    @Test(
        "A refusal is remembered: the same command stays refused when it would succeed now",
        arguments: StoreKind.allCases
    )
    func storedRefusal(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let ada = await fixture.guest("Ada")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        let post = Command.post(Post(id: fixture.id(), conversation: conversation, text: "1"))
        #expect(await fixture.ask(post, as: bo).rejection == .requestNotOpen)
        _ = await fixture.post("hello", in: conversation, as: ada)
        #expect(await fixture.ask(post, as: bo).rejection == .requestNotOpen)
        #expect(await fixture.post("1", in: conversation, as: bo).acceptance != nil)
        await fixture.desk.stop()
    }

    @Test("A second opening gives the conversation that is there", arguments: StoreKind.allCases)
    func opening(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let ada = await fixture.guest("Ada")
        let first = await fixture.conversation(of: ada)
        let command = Command.openConversation(
            OpenConversation(id: fixture.id(), channel: "chat")
        )
        for _ in 0..<2 {
            let reply = await fixture.ask(command, as: ada)
            guard case .conversation(let found)? = reply.acceptance?.result else {
                Issue.record("\(reply)")
                return
            }
            #expect(found.id == first.data)
            #expect(reply.acceptance?.offset == 1)
        }
        #expect(fixture.desk.position.head == 1)
        await fixture.desk.stop()
    }

    @Test(
        "An integration opens and posts for its own contacts, and nobody else's",
        arguments: StoreKind.allCases
    )
    func integration(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let bridge = await fixture.integration("bridge-1")
        let stranger = await fixture.integration("bridge-2")
        let contact: ContactID = fixture.id()
        let ensure = IdentityChange.ensureContact(contact, externalID: "+49", name: "Max")
        _ = await fixture.ask(ensure, as: bridge, id: CommandID(contact))
        let second = IdentityChange.ensureContact(fixture.id(), externalID: "+49", name: "Max")
        let found = await fixture.ask(second, as: bridge, id: fixture.id()).acceptance
        guard case .principal(let party)? = found?.result else { return }
        #expect(party.id == PrincipalID(contact))
        let opening = Command.openConversation(
            OpenConversation(id: fixture.id(), channel: "bridge", contact: contact)
        )
        #expect(await fixture.ask(opening, as: stranger).rejection == .notFound)
        let open = OpenConversation(id: fixture.id(), channel: "bridge", contact: contact)
        #expect(await fixture.ask(.openConversation(open), as: bridge).acceptance != nil)
        #expect(await fixture.post("hi", in: open.id, as: bridge).acceptance != nil)
        let author = try fixture.log().last?.event.actor
        #expect(author?.kind == .contact)
        #expect(author?.name == "Max")
        await fixture.desk.stop()
    }

    @Test("Commands of one caller are decided in the order of their submission, many in one commit")
    func order() async throws {
        let fixture = try DeskFixture(store: StoreKind.sqlite.open(in: directory))
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        let count = 500
        let replies = Mutex<[UInt64]>([])
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            for index in 0..<count {
                let post = Post(
                    id: fixture.id(),
                    conversation: conversation,
                    text: "\(index)"
                )
                let submission = Submission(
                    key: Submission.Key(id: CommandID(post.id), digest: fixture.digest("d")),
                    principal: ada,
                    change: .command(.post(post))
                )
                fixture.desk.submit(submission) { reply in
                    let isLast = replies.withLock { replies in
                        replies.append(reply.acceptance?.offset ?? 0)
                        return replies.count == count
                    }
                    if isLast { continuation.resume() }
                }
            }
        }
        #expect(replies.withLock { $0 } == (0..<count).map { UInt64($0) + 3 })
        let texts = try fixture.log().compactMap { item -> String? in
            guard case .messagePosted(let message) = item.event.fact else { return nil }
            return message.text
        }
        #expect(texts == (0..<count).map(String.init))
        await fixture.desk.stop()
    }

    @Test("A queue at its limit refuses one more as transient")
    func overload() async throws {
        let blocked = BlockedStore(MemoryStore(epoch: Epoch(1)))
        var limits = DeskLimits()
        limits.waitingCommands = 3
        let fixture = try DeskFixture(store: blocked, limits: limits)
        let replies = Mutex<[Unavailability?]>([])
        let done = AsyncStream<Void>.makeStream()
        let submit = {
            let contact: ContactID = fixture.id()
            let change = IdentityChange.createGuest(
                contact,
                name: "x",
                secret: fixture.digest("x")
            )
            let key = Submission.Key(id: CommandID(contact), digest: fixture.digest("x"))
            fixture.desk.submit(
                Submission(key: key, principal: nil, change: .identity(change))
            ) { reply in
                replies.withLock { $0.append(reply.unavailability) }
                done.continuation.yield()
            }
        }
        await blocked.waitUntilBlocked()
        for _ in 0..<4 { submit() }
        #expect(replies.withLock { $0 } == [.overloaded])
        blocked.release()
        var answered = done.stream.makeAsyncIterator()
        for _ in 0..<4 { await answered.next() }
        #expect(replies.withLock { $0 } == [.overloaded, nil, nil, nil])
        await fixture.desk.stop()
    }

    @Test(
        "A failed commit leaves every outcome of its batch unknown, and the desk stops",
        arguments: StoreKind.allCases
    )
    func failedCommit(kind: StoreKind) async throws {
        let store = try kind.open(in: directory)
        let failing = FailingStore(store)
        let fixture = try DeskFixture(store: failing)
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        let post = Command.post(Post(id: fixture.id(), conversation: conversation, text: "1"))
        failing.fail(.afterCommit(.commitFailed("fsync")))
        #expect(await fixture.ask(post, as: ada).unavailability == .outcomeUnknown)
        #expect(await fixture.ask(post, as: ada).unavailability == .stopped)
        await fixture.desk.stop()
        #expect(fixture.fatalErrors == [.commitFailed("fsync")])
        #expect(fixture.desk.condition == .stopped("the disk fails: fsync"))
        let again = try DeskFixture(store: store)
        let reply = try #require(await again.ask(post, as: ada).acceptance)
        #expect(reply.isRepetition)
        #expect(try again.log().count == 3)
        await again.desk.stop()
    }

    @Test("A failing read or write stops the desk, and nothing of the batch took effect")
    func failedWrite() async throws {
        let failing = FailingStore(MemoryStore(epoch: Epoch(1)))
        let fixture = try DeskFixture(store: failing)
        failing.fail(.atBegin(.ioFailure("disk")))
        let contact: ContactID = fixture.id()
        let change = IdentityChange.createGuest(
            contact,
            name: "x",
            secret: fixture.digest("x")
        )
        let reply = await fixture.ask(change, as: nil, id: CommandID(contact))
        #expect(reply.unavailability == .stopped)
        #expect(reply.unavailability?.isNotProcessed == true)
        await fixture.desk.stop()
        #expect(fixture.fatalErrors == [.ioFailure("disk")])
    }

    @Test("A full disk refuses as transient and stops nothing")
    func fullDisk() async throws {
        let failing = FailingStore(MemoryStore(epoch: Epoch(1)))
        let fixture = try DeskFixture(store: failing)
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        let post = Command.post(Post(id: fixture.id(), conversation: conversation, text: "1"))
        failing.fail(.atBegin(.full))
        #expect(await fixture.ask(post, as: ada).unavailability == .diskFull)
        #expect(fixture.desk.condition == .readOnly(.full))
        fixture.clock.advance(by: .seconds(5))
        #expect(fixture.desk.condition == .serving)
        failing.fail(nil)
        #expect(await fixture.ask(post, as: ada).acceptance?.isRepetition == false)
        #expect(fixture.fatalErrors.isEmpty)
        await fixture.desk.stop()
    }

    @Test("A store that another process holds refuses as transient and stops nothing")
    func lockedStore() async throws {
        let failing = FailingStore(MemoryStore(epoch: Epoch(1)))
        let fixture = try DeskFixture(store: failing)
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        let post = Command.post(Post(id: fixture.id(), conversation: conversation, text: "1"))
        failing.fail(.atBegin(.locked))
        let refused = await fixture.ask(post, as: ada).unavailability
        #expect(refused == .busy && refused?.isNotProcessed == true)
        #expect(fixture.desk.condition == .readOnly(.locked))
        failing.fail(nil)
        #expect(await fixture.ask(post, as: ada).acceptance?.isRepetition == false)
        #expect(fixture.desk.condition == .serving)
        #expect(fixture.fatalErrors.isEmpty)
        await fixture.desk.stop()
    }

    @Test("A stopped desk takes nothing and has answered everything")
    func stop() async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(1)))
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        async let reply = fixture.post("hello", in: conversation, as: ada)
        _ = await reply
        await fixture.desk.stop()
        #expect(
            await fixture.post("late", in: conversation, as: ada).unavailability == .stopped
        )
        await fixture.desk.stop()
    }
}

@Suite("The desk's timers")
struct DeskTimerTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(
        "A silent chat ends once, ten minutes after the last message",
        arguments: StoreKind.allCases
    )
    func inactivity(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let ada = await fixture.guest("Ada")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        _ = await fixture.post("hello", in: conversation, as: ada)
        fixture.clock.advance(by: .seconds(300))
        _ = await fixture.post("hi", in: conversation, as: bo)
        fixture.clock.advance(by: .seconds(300))
        await fixture.settle()
        #expect(try await fixture.desk.request(number: 1).session != nil)
        fixture.clock.advance(by: .milliseconds(299_999))
        await fixture.settle()
        #expect(try await fixture.desk.request(number: 1).session != nil)
        fixture.clock.advance(by: .milliseconds(1))
        await fixture.settle()
        let ended = try await fixture.desk.request(number: 1)
        #expect(ended.session == nil)
        #expect(ended.status == "waiting")
        let head = fixture.desk.position.head
        fixture.clock.advance(by: .seconds(6_000))
        await fixture.settle()
        #expect(fixture.desk.position.head == head)
        await fixture.desk.stop()
    }

    @Test("A timer survives the desk and fires after its return")
    func survives() async throws {
        let store = try StoreKind.sqlite.open(in: directory)
        let clock = ManualClock()
        let first = try DeskFixture(store: store, clock: clock)
        let ada = await first.guest("Ada")
        let conversation = await first.conversation(of: ada)
        _ = await first.post("hello", in: conversation, as: ada)
        await first.desk.stop()
        clock.advance(by: .seconds(601))
        let second = try DeskFixture(store: store, seed: 2, clock: clock)
        await second.settle()
        #expect(try await second.desk.request(number: 1).session == nil)
        #expect(
            try store.read { reading throws(StoreError) in try reading.nextTimer() } == nil
        )
        await second.desk.stop()
    }

    @Test("Finishing a chat removes its timer", arguments: StoreKind.allCases)
    func finish(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let ada = await fixture.guest("Ada")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        let request = try #require(
            await fixture.request(byPosting: "hello", in: conversation, as: ada)
        )
        let timer = { () throws(StoreError) in
            try fixture.store.read { reading throws(StoreError) in try reading.nextTimer() }
        }
        #expect(try timer()?.request == request)
        _ = await fixture.ask(.take(request), as: bo)
        _ = await fixture.ask(.finish(Finish(request: request)), as: bo)
        #expect(try timer() == nil)
        await fixture.desk.stop()
    }
}
