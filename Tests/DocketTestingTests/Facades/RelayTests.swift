import DeskSupport
import DocketTestSupport
import Testing

@testable import DocketClient

@Suite("A relay carries messages both ways, none lost and none doubled", .timeLimit(.minutes(5)))
struct RelayTests {
    @Test("What a new contact says makes the contact, the conversation and the request")
    func newContact() async throws {
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        let said = try await scene.relay { relay in
            let kept = try await relay.ingest(scene.message("1"))
            #expect(kept == .kept(relay.messageID(of: "1")))
            return try await scene.said(1, to: agent)
        }
        #expect(said.map(\.1) == ["It does not print"])
        let request = try await agent.requests.list().items[0]
        #expect(request.contact?.name == "Contact ana" && request.channel == "bridge")
    }

    @Test("Messages of one contact keep their order, also of one whom nobody knows yet")
    func order() async throws {
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        let texts = (1...20).map { "message \($0)" }
        let said = try await scene.relay { relay in
            for text in texts { try await relay.ingest(scene.message(text, text)) }
            return try await scene.said(20, to: agent)
        }
        #expect(said.map(\.1) == texts)
    }

    @Test("A message that comes again, even with another text, is the same message")
    func redelivery() async throws {
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        let said = try await scene.relay { relay in
            try await relay.ingest(scene.message("1", "one"))
            _ = try await scene.said(1, to: agent)
            try await relay.ingest(scene.message("1", "one"))
            try await relay.ingest(scene.message("1", "changed on the way"))
            try await relay.ingest(scene.message("2", "two"))
            return try await scene.said(2, to: agent)
        }
        #expect(said.map(\.1) == ["one", "two"])
        let again = try await scene.relay { relay in
            try await relay.ingest(scene.message("1", "one"))
            try await relay.ingest(scene.message("3", "three"))
            return try await scene.said(3, to: agent)
        }
        #expect(again.map(\.1) == ["one", "two", "three"])
    }

    @Test("What was taken in offline is posted by the next process")
    func offline() async throws {
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        try await scene.relay { relay in
            // The first connection says from where the feed is read.
            for await condition in relay.conditions where condition.isLevel { break }
            scene.network.goDown()
            for number in 1...3 {
                let kept = try await relay.ingest(scene.message("\(number)", "\(number)"))
                #expect(kept == .kept(relay.messageID(of: "\(number)")))
            }
            let known = try await relay.ingest(scene.message("3", "3"))
            #expect(known == .known(relay.messageID(of: "3")))
        }
        scene.network.comeBack()
        let said = try await scene.relay { relay in
            #expect(try await !relay.ingest(scene.message("2", "2")).isEcho)
            try await relay.ingest(scene.message("4", "4"))
            return try await scene.said(4, to: agent)
        }
        #expect(said.map(\.1) == ["1", "2", "3", "4"])
    }

    @Test("A mail continues the request of the first message that it answers, and opens one else")
    func threads() async throws {
        let scene = try await RelayScene(channel: "email")
        let agent = try await scene.scene.agent()
        let said = try await scene.relay { relay in
            try await relay.ingest(scene.message("a", "a", title: "Printer"))
            try await relay.ingest(scene.message("b", "b", title: "Invoice"))
            let toUnknown = [IncomingMessage.Reference.externalID("x"), .externalID("a")]
            try await relay.ingest(
                scene.message("c", "c", title: "Re: Printer", inReplyTo: toUnknown)
            )
            try await relay.ingest(
                scene.message("d", "d", title: "Other", inReplyTo: [.externalID("x")])
            )
            try await relay.ingest(
                scene.message("e", from: "bo", "e", title: "Mine", inReplyTo: [.externalID("a")])
            )
            return try await scene.said(5, to: agent)
        }
        let numbers = Dictionary(uniqueKeysWithValues: said.map { ($0.1, $0.0) })
        #expect(numbers["c"] == numbers["a"])
        #expect(Set(["a", "b", "d", "e"].map { numbers[$0] }).count == 4)
    }

    @Test("An answer comes with whom it is for, until it is confirmed")
    func answer() async throws {
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        try await scene.relay { relay in
            try await relay.ingest(scene.message("1"))
            _ = try await scene.said(1, to: agent)
            try await Self.answer("Which printer?", by: agent)
            var deliveries = relay.outbound().makeAsyncIterator()
            let first = try #require(try await deliveries.next())
            #expect(first.message.text == "Which printer?" && first.to.id == "ana")
            #expect(first.to.name == "Contact ana" && first.attempt == 1 && first.externalID == nil)
            #expect(first.author?.kind == .agent && first.request.number == 1)
            #expect(try await first.reserveExternalID { _ in "out-1" } == "out-1")
            #expect(try await first.reserveExternalID { _ in "out-2" } == "out-1")
        }
        try await scene.relay { relay in
            var deliveries = relay.outbound().makeAsyncIterator()
            let again = try #require(try await deliveries.next())
            #expect(again.message.text == "Which printer?" && again.externalID == "out-1")
            try await again.confirm()
            try await Self.answer("Are you there?", by: agent)
            let next = try #require(try await deliveries.next())
            #expect(next.message.text == "Are you there?")
            try await next.confirm()
        }
        try await scene.relay { relay in
            for await condition in relay.conditions where condition.isLevel {
                #expect(condition.outgoing == 0)
                break
            }
        }
    }

    @Test("What comes back under a reserved id is no message, and confirms the delivery")
    func echo() async throws {
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        try await scene.relay { relay in
            try await relay.ingest(scene.message("1"))
            _ = try await scene.said(1, to: agent)
            try await Self.answer("Which printer?", by: agent)
            var deliveries = relay.outbound().makeAsyncIterator()
            let delivery = try #require(try await deliveries.next())
            _ = try await delivery.reserveExternalID { _ in "out-1" }
            let echo = try await relay.ingest(scene.message("out-1", "Which printer?"))
            #expect(echo == .echo(delivery.message.id))
            for await condition in relay.conditions where condition.outgoing == 0 { break }
            #expect(try await relay.ingest(scene.message("out-1")) == .echo(delivery.message.id))
            try await relay.ingest(scene.message("2", "The blue one"))
            #expect(try await scene.said(2, to: agent).last?.1 == "The blue one")
        }
    }

    @Test("A delivery that fails holds up its conversation alone, until somebody decides")
    func poison() async throws {
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        try await scene.relay { relay in
            try await relay.ingest(scene.message("1", from: "ana"))
            _ = try await scene.said(1, to: agent)
            try await relay.ingest(scene.message("2", from: "bo"))
            _ = try await scene.said(2, to: agent)
            for text in ["first", "second"] { try await Self.answer(text, by: agent) }
            var deliveries = relay.outbound().makeAsyncIterator()
            var found: [String: String] = [:]
            for _ in 1...3 {
                let delivery = try #require(try await deliveries.next())
                guard delivery.to.id == "bo" else {
                    try await delivery.fail("no such address")
                    continue
                }
                found[delivery.message.text] = delivery.to.id
                try await delivery.confirm()
            }
            #expect(found == ["first": "bo", "second": "bo"])
            let parked = try relay.parked()
            #expect(parked.map(\.reason) == ["no such address"])
            #expect(parked.map(\.behind) == [1] && parked[0].contact?.id == "ana")
            #expect(try await relay.retry(parked[0].message))
            let again = try #require(try await deliveries.next())
            #expect(again.message.text == "first" && again.attempt == 2)
            try await again.fail("still none")
            #expect(try await relay.discard(again.message.id))
            let second = try #require(try await deliveries.next())
            #expect(second.message.text == "second")
            try await second.confirm()
            #expect(try relay.parked().isEmpty)
        }
    }

    @Test("A delivery that is put off comes again, and one that is let go of too")
    func later() async throws {
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        var limits = RelayLimits()
        limits.letGo = .milliseconds(1)
        try await scene.relay(limits: limits) { relay in
            try await relay.ingest(scene.message("1"))
            _ = try await scene.said(1, to: agent)
            try await Self.answer("Which printer?", by: agent)
            var deliveries = relay.outbound().makeAsyncIterator()
            try await deliveries.next()?.retry(after: .milliseconds(1))
            #expect(try await deliveries.next()?.attempt == 2)
            let again = try #require(try await deliveries.next())
            #expect(again.attempt == 2)
            try await again.confirm()
        }
    }

    @Test("What was delivered while the disk is full is confirmed when there is room")
    func confirmedWithoutRoom() async throws {
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        var limits = RelayLimits()
        limits.room = .milliseconds(1)
        try await scene.relay(limits: limits) { relay in
            try await relay.ingest(scene.message("1"))
            _ = try await scene.said(1, to: agent)
            try await Self.answer("Which printer?", by: agent)
            var deliveries = relay.outbound().makeAsyncIterator()
            let delivery = try #require(try await deliveries.next())
            scene.isFull.fill(true)
            let confirming = Task { try await delivery.confirm() }
            while scene.isFull.refusals < 3 { await Task.yield() }
            scene.isFull.fill(false)
            try await confirming.value
            for await condition in relay.conditions where condition.outgoing == 0 { break }
        }
    }

    @Test("A message that the desk refuses holds up its contact alone, until somebody decides")
    func refused() async throws {
        let scene = try await RelayScene(channel: "email")
        let agent = try await scene.scene.agent()
        try await scene.relay { relay in
            try await relay.ingest(scene.message("1"))
            try await relay.ingest(scene.message("2", "behind", title: "Toner"))
            try await relay.ingest(scene.message("3", from: "bo", "beside", title: "Paper"))
            #expect(try await scene.said(1, to: agent).map(\.1) == ["beside"])
            var parked = try relay.parked()
            while parked.isEmpty {
                await Task.yield()
                parked = try relay.parked()
            }
            #expect(parked.map(\.direction) == [.incoming])
            #expect(parked[0].message == relay.messageID(of: "1"))
            #expect(parked[0].contact?.id == "ana")
            #expect(try await relay.discard(parked[0].message))
            #expect(try await scene.said(2, to: agent).map(\.1) == ["beside", "behind"])
        }
    }

    @Test("A refused message that is tried again is brought again as the same, and stays parked")
    func retriedRefusal() async throws {
        let scene = try await RelayScene(channel: "email")
        let agent = try await scene.scene.agent()
        let message = scene.message("1")
        let retried = try await scene.relay { relay in
            try await relay.ingest(message)
            let first = try await Self.refusal(in: relay)
            #expect(first == relay.messageID(of: "1"))
            #expect(try await relay.retry(first))
            let second = try await Self.refusal(in: relay)
            #expect(second != first)
            #expect(try await relay.retry(second))
            let third = try await Self.refusal(in: relay)
            #expect(third != second)
            #expect(try await relay.ingest(message) == .known(third))
            return third
        }
        try await scene.relay { relay in
            #expect(try await relay.ingest(message) == .known(retried))
            #expect(try await relay.discard(retried))
            #expect(try relay.parked().isEmpty)
            try await relay.ingest(scene.message("2", "behind", title: "Toner"))
            #expect(try await scene.said(1, to: agent).map(\.1) == ["behind"])
        }
    }

    /// The message that is parked, once there is one.
    private static func refusal(in relay: Relay) async throws -> MessageID {
        while true {
            if let parked = try relay.parked().first { return parked.message }
            await Task.yield()
        }
    }

    @Test("A contact whom the desk will not have is parked, and what is said behind waits")
    func refusedContact() async throws {
        let scene = try await RelayScene()
        try await scene.relay { relay in
            // The desk takes no name of control characters.
            let contact = ExternalContact(id: "bell", name: "\u{7}")
            try await relay.ingest(IncomingMessage(externalID: "1", from: contact, text: "one"))
            for await condition in relay.conditions where condition.parked == 1 { break }
            let parked = try relay.parked()
            #expect(parked.map(\.contact) == [contact])
            #expect(try await relay.discard(parked[0].message))
            for await condition in relay.conditions where condition.incoming == 0 { break }
            #expect(try await !relay.discard(parked[0].message))
        }
    }

    @Test("Files come with the message, once however often it is brought")
    func files() async throws {
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        func files() -> [AttachmentDraft] {
            [AttachmentDraft(.bytes(Array("blank".utf8)), name: "page.txt")]
        }
        try await scene.relay { relay in
            try await relay.ingest(scene.message("1", "look", attachments: files()))
            try await relay.ingest(scene.message("1", "look", attachments: files()))
            _ = try await scene.said(1, to: agent)
            try await relay.ingest(scene.message("1", "look", attachments: files()))
            try await relay.ingest(scene.message("2", "and"))
            #expect(try await scene.said(2, to: agent).map(\.1) == ["look", "and"])
        }
        var names: [String] = []
        for try await update in agent.feed(from: .beginning) {
            if case .event(let event) = update.content,
                case .messagePosted(let message) = event.fact
            {
                names += message.attachments.map(\.name)
            }
            if case .caughtUp = update.content { break }
        }
        #expect(names == ["page.txt"])
    }

    @Test("After another life of the log everything is delivered that was not, and nothing twice")
    func resync() async throws {
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        try await scene.relay { relay in
            try await relay.ingest(scene.message("1"))
            _ = try await scene.said(1, to: agent)
            try await Self.answer("delivered", by: agent)
            var deliveries = relay.outbound().makeAsyncIterator()
            try await deliveries.next()?.confirm()
            try await Self.answer("taken in", by: agent)
            _ = try await deliveries.next()
        }
        try await Self.answer("missed", by: agent)
        let store = LocalStore(on: scene.disk) { nil }
        let content = try store.readRelays { try $0.content(of: "gateway") }
        var place = try #require(content.place)
        place.cursor = Cursor(epoch: Array(repeating: 7, count: 8), offset: 1)
        try await store.commit([.relay(.reached(place))])
        try await scene.relay { relay in
            var deliveries = relay.outbound().makeAsyncIterator()
            var texts: [String] = []
            for _ in 1...2 {
                let delivery = try #require(try await deliveries.next())
                texts.append(delivery.message.text)
                try await delivery.confirm()
            }
            #expect(texts == ["taken in", "missed"])
            for await condition in relay.conditions where condition.outgoing == 0 { break }
        }
    }

    @Test("What cannot be a message is told at once, and a relay runs once under a name")
    func misuse() async throws {
        let scene = try await RelayScene()
        try await scene.relay { relay in
            await #expect(throws: EnqueueError.invalid("the external id has 1 to 1024 bytes")) {
                try await relay.ingest(scene.message(""))
            }
            await #expect(throws: EnqueueError.invalid("the contact's id has 1 to 256 bytes")) {
                try await relay.ingest(scene.message("1", from: ""))
            }
            let long = scene.message("1", String(repeating: "x", count: 16_385))
            await #expect(throws: EnqueueError.invalid("the text has at most 16384 bytes")) {
                try await relay.ingest(long)
            }
            let title = String(repeating: "x", count: 257)
            await #expect(throws: EnqueueError.invalid("the title has at most 256 bytes")) {
                try await relay.ingest(scene.message("1", title: title))
            }
            let client = relay.runner.client
            await #expect(throws: DocketClientError.self) {
                try await client.relay("gateway", channel: "bridge") { _ in }
            }
        }
    }

    @Test("A relay that is full takes no more, and says so")
    func full() async throws {
        let scene = try await RelayScene()
        var limits = RelayLimits()
        limits.incoming = 2
        try await scene.relay(limits: limits) { relay in
            for await condition in relay.conditions where condition.isLevel { break }
            scene.network.goDown()
            for number in 1...2 { try await relay.ingest(scene.message("\(number)")) }
            await #expect(throws: EnqueueError.outboxFull(.messages(2))) {
                try await relay.ingest(scene.message("3"))
            }
            #expect(try await relay.ingest(scene.message("2")) == .known(relay.messageID(of: "2")))
        }
    }

    @Test("A contact that is full takes no more, and leaves the others their places")
    func fullContact() async throws {
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        var limits = RelayLimits()
        limits.contact = 2
        limits.contactBytes = 100
        limits.room = .milliseconds(1)
        try await scene.relay(limits: limits) { relay in
            for await condition in relay.conditions where condition.isLevel { break }
            scene.network.goDown()
            for number in 1...2 { try await relay.ingest(scene.message("\(number)", "\(number)")) }
            let first = relay.messageID(of: "1")
            await #expect(throws: EnqueueError.outboxFull(.contact(waiting: 2, first: first))) {
                try await relay.ingest(scene.message("3", "3"))
            }
            #expect(try await relay.ingest(scene.message("2")) == .known(relay.messageID(of: "2")))
            try await relay.ingest(scene.message("4", from: "bo", "4"))
            let other = relay.messageID(of: "4")
            await #expect(throws: EnqueueError.outboxFull(.contact(waiting: 1, first: other))) {
                let long = String(repeating: "x", count: 100)
                try await relay.ingest(scene.message("5", from: "bo", long))
            }
            scene.network.comeBack()
            #expect(Set(try await scene.said(3, to: agent).map(\.1)) == ["1", "2", "4"])
            for await condition in relay.conditions where condition.incoming == 0 { break }
            try await relay.ingest(scene.message("3", "3"))
            #expect(try await scene.said(4, to: agent).last?.1 == "3")
        }
    }

    @Test("A contact whose message the desk refused fills neither the relay nor the outbox")
    func fullLane() async throws {
        let scene = try await RelayScene(channel: "email")
        let agent = try await scene.scene.agent()
        var limits = RelayLimits()
        limits.contact = 3
        limits.room = .milliseconds(1)
        try await scene.relay(limits: limits) { relay in
            try await relay.ingest(scene.message("1"))
            while try relay.parked().isEmpty { await Task.yield() }
            for number in ["2", "3"] {
                try await relay.ingest(scene.message(number, number, title: number))
            }
            for await condition in relay.conditions where condition.incoming == 0 { break }
            let first = relay.messageID(of: "1")
            await #expect(throws: EnqueueError.outboxFull(.contact(waiting: 3, first: first))) {
                try await relay.ingest(scene.message("4", "4", title: "4"))
            }
        }
        // The next process does not know yet where the contact's messages are, and learns it.
        try await scene.relay(limits: limits) { relay in
            try await relay.ingest(scene.message("4", "4", title: "4"))
            try await relay.ingest(scene.message("5", from: "bo", "5", title: "5"))
            #expect(try await scene.said(1, to: agent).map(\.1) == ["5"])
            #expect(try await relay.discard(relay.messageID(of: "1")))
            #expect(try await scene.said(4, to: agent).map(\.1) == ["5", "2", "3", "4"])
        }
    }

    /// An agent takes what is there, and answers in every conversation.
    private static func answer(_ text: String, by agent: DocketClient) async throws {
        for request in try await agent.requests.list().items {
            if request.assignee == nil { _ = try await agent.requests.take(request.id) }
            let conversation = agent.conversation(request.conversationID)
            guard case .posted = try await conversation.post(text) else {
                Issue.record("the answer was not taken")
                return
            }
        }
    }
}

extension Ingestion {
    fileprivate var isEcho: Bool { if case .echo = self { true } else { false } }
}
