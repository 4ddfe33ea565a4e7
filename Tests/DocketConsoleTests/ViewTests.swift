import DocketCommandLine
import DocketTerminal
import DocketTestSupport
import Testing

@testable import DocketClient
@testable import DocketConsole

@Suite("A conversation is shown to each side as it concerns them")
struct ViewTests {
    private let now = ContinuousClock.now

    private func view(
        _ side: Transcript.Side,
        _ look: Transcript.Look = .plain
    ) -> ConversationView {
        var view = ConversationView(for: side, look: look, calendar: .utc)
        let reader = side == .contact ? Samples.ana : Samples.bo
        view.opened(as: reader.id, request: nil)
        view.connectionChanged(.live)
        return view
    }

    private func text(_ paragraphs: [Paragraph]) -> String {
        paragraphs.flatMap(\.unwrappedRows).map { $0.plainText + "\n" }.joined()
    }

    private func shown(_ side: Transcript.Side, _ look: Transcript.Look) -> String {
        var view = view(side, look)
        // A contact's feed has no notes.
        let events = Samples.chat.filter { event in
            if case .notePosted = event.fact { return side == .agent }
            return true
        }
        return text(events.flatMap { view.apply(Samples.update($0), at: now) })
    }

    @Test("What waits without a connection is counted, and what is kept is said to be")
    func queued() {
        var view = ConversationView(for: .contact, look: .rich, calendar: .utc)
        let now = ContinuousClock.now
        let ids = [MessageID(), MessageID()]
        view.connectionChanged(
            .offline(
                retryAt: now + .seconds(8),
                because: DocketClientError(.unreachable, "no network")
            )
        )
        for id in ids { view.sending("Hello", id: id) }
        #expect(view.unkeptCount == 2)
        for id in ids { view.kept(id) }
        #expect(view.unkeptCount == 0)
        let offline = "… 2 queued · ○ offline, retry in 8 s (Ctrl-R now) · no network"
        #expect(view.status(at: now).plainText == offline)
        let lines = view.postponed(ids[0], nil).flatMap { $0.unwrappedRows.map(\.plainText) }
        #expect(lines == ["… queued: Hello", "… it is kept, and sent later"])
        #expect(view.postponed(ids[0], nil).isEmpty)
        #expect(view.pendingCount == 2, "it waits all the same")
        view.connectionChanged(.live)
        #expect(view.status(at: now).plainText == "● live · … sending 2: Hello")
        #expect(text(view.leaving()).hasPrefix("2 messages wait."))
    }

    @Test("The lines of a chat are those under review")
    func golden() throws {
        let parts = [
            ("contact, plain", shown(.contact, .plain)), ("contact, rich", shown(.contact, .rich)),
            ("agent, plain", shown(.agent, .plain)), ("agent, rich", shown(.agent, .rich)),
        ]
        try GoldenText("chat.txt").expect(
            parts.map { "=== \($0.0)\n\($0.1)" }.joined()
        )
    }

    @Test(
        "No name makes what a contact says look like a line of the desk's",
        arguments: [
            "note by Bo", "- note by Bo", "Request 12", "you",
            "-- earlier messages are not shown --",
        ]
    )
    func impostor(name: String) {
        let liar = Party(kind: .contact, id: PartyID(), name: name)
        for look in [Transcript.Look.plain, .rich] {
            var view = view(.agent, look)
            let rows = text(
                view.apply(Samples.update(Samples.message("x", at: 2, by: liar)), at: now)
            )
            #expect(rows.contains("14:03 < \(name)"), "\(rows)")
        }
    }

    @Test("An event that was shown is not shown again")
    func twice() {
        var view = view(.contact)
        let page = HistoryPage(events: Array(Samples.chat.prefix(2)), range: 1...2, hasMore: false)
        #expect(!view.showHistory(page, earlier: nil).isEmpty)
        #expect(view.apply(Samples.update(Samples.chat[1]), at: now).isEmpty)
    }

    @Test("After a merge the customer's line tells of the survivor, with its agent")
    func survivor() {
        var view = view(.contact)
        for event in Samples.chat.prefix(2) { _ = view.apply(Samples.update(event), at: now) }
        let merged: [Event.Fact] = [
            .requestAssigned(nil, from: Samples.bo),
            .merged(into: RequestSamples.other, newest: nil),
        ]
        for (offset, fact) in zip(UInt64(50)..., merged) {
            let event = Samples.event(fact, at: offset, by: Samples.bo)
            _ = view.apply(Samples.update(event), at: now)
        }
        view.turned(to: RequestSamples.request(number: 7))
        #expect(view.status(at: now).plainText.contains("#9"), "another's request is another's")
        view.turned(to: RequestSamples.request(number: 9))
        let line = view.status(at: now).plainText
        #expect(line.contains("#9") && line.contains("with Bo"), "\(line)")
    }

    /// What a split and a merge leave behind: request 13 is split off 12 and merged back.
    private var splitAndMerge: [Event] {
        let source = OtherRequest(id: Samples.request, number: 12)
        let split = OtherRequest(id: RequestID(), number: 13)
        let opening = Samples.event(.requestOpened(Samples.opening), at: 30, by: Samples.bo, of: 13)
        let facts: [(Event.Fact, UInt64)] = [
            (.requestAssigned(Samples.bo), 13),
            (.messagesGiven(MovedMessages(other: source, messageIDs: [], firstSequence: 1)), 13),
            (.messagesTaken(MovedMessages(other: split, messageIDs: [], firstSequence: 1)), 12),
            (.requestAssigned(nil, from: Samples.bo), 13),
            (.merged(into: source, newest: Samples.request), 13),
            (.mergeTaken(OtherRequest(id: RequestID(), number: 13)), 12),
        ]
        return [opening]
            + zip(UInt64(31)..., facts).map { offset, fact in
                Samples.event(fact.0, at: offset, by: Samples.bo, of: fact.1)
            }
    }

    @Test("What was said before does not change what the status line tells of the newest request")
    func history() {
        var view = view(.contact)
        let request = RequestSamples.request(number: 12, version: 60)
        view.opened(as: Samples.ana.id, request: request)
        let before = view.status(at: now).plainText
        let page = HistoryPage(
            events: Samples.chat + splitAndMerge,
            range: 1...35,
            hasMore: false
        )
        _ = view.showHistory(page, earlier: nil)
        #expect(before.contains("#12") && view.status(at: now).plainText.hasPrefix(before))
        let event = Samples.event(.requestAssigned(Samples.bo), at: 61, by: Samples.bo)
        _ = view.apply(Samples.update(event), at: now)
        #expect(view.status(at: now).plainText.contains("with Bo"))
    }

    @Test("A customer is told of a merge alone, not of what comes with it")
    func mergeAlone() {
        var live = view(.contact)
        let lines = text(splitAndMerge.flatMap { live.apply(Samples.update($0), at: now) })
        #expect(lines.hasSuffix("14:03 - Your requests 13 and 12 were merged.\n"))
        #expect(!lines.contains("back in the queue") && !lines.contains("moved"), "\(lines)")
        var later = view(.contact)
        let page = HistoryPage(events: splitAndMerge, range: 30...35, hasMore: false)
        #expect(text(later.showHistory(page, earlier: nil)) == lines)
    }

    @Test("A request that only goes back to the queue is told within a second")
    func released() {
        var view = view(.contact)
        let event = Samples.event(.requestAssigned(nil, from: Samples.bo), at: 3, by: Samples.bo)
        #expect(view.apply(Samples.update(event), at: now).isEmpty)
        #expect(view.tick(at: now + .milliseconds(999)).isEmpty)
        #expect(text(view.tick(at: now + .seconds(1))).contains("is back in the queue"))
        #expect(view.tick(at: now + .seconds(2)).isEmpty)
    }

    @Test("A message is on its way, then stored, then read")
    func delivery() {
        var view = view(.contact)
        let message = Samples.message("Hello", at: 2, by: Samples.ana)
        guard case .messagePosted(let posted) = message.fact else { return }
        view.sending("Hello", id: posted.id)
        #expect(view.status(at: now).plainText == "● live · … sending: Hello")
        let lines = view.settled(posted.id, .posted(Samples.receipt(posted.id, at: 2)))
        #expect(text(lines).hasSuffix("14:03 > you: Hello\n"))
        #expect(view.apply(Samples.update(message), at: now).isEmpty)
        #expect(view.status(at: now).plainText == "● live · ✓ stored")
        let read = Samples.event(.readMarked(upTo: 2), at: 3, by: Samples.bo)
        _ = view.apply(Samples.update(read), at: now)
        #expect(view.status(at: now).plainText == "● live · ✓✓ read")
        #expect(view.pendingCount == 0)
    }

    /// Whether the status line says that a reader's message has been read, once somebody has.
    private func saysRead(
        _ side: Transcript.Side,
        _ look: Transcript.Look,
        after reader: Party
    ) -> Bool {
        var view = view(side, look)
        let author = side == .contact ? Samples.ana : Samples.bo
        _ = view.apply(Samples.update(Samples.message("Hello", at: 2, by: author)), at: now)
        let read = Samples.event(.readMarked(upTo: 2), at: 3, by: reader)
        _ = view.apply(Samples.update(read), at: now)
        return view.status(at: now).plainText.contains("✓✓ read")
    }

    @Test(
        "An agent's message counts as read when the contact has read it, not another agent",
        arguments: [Transcript.Look.rich, .plain]
    )
    func readers(look: Transcript.Look) {
        let colleague = Party(kind: .agent, id: PartyID(), name: "Cy")
        let desk = Party(kind: .desk, id: nil, name: "")
        #expect(saysRead(.agent, look, after: Samples.ana))
        #expect(!saysRead(.agent, look, after: colleague))
        #expect(!saysRead(.agent, look, after: Samples.bo))
        #expect(!saysRead(.agent, look, after: desk))
        #expect(saysRead(.contact, look, after: Samples.bo))
        #expect(saysRead(.contact, look, after: colleague))
        #expect(!saysRead(.contact, look, after: Samples.ana))
    }

    @Test("A read mark as JSON says who has read, so that a program can tell a colleague's")
    func readersAsJSON() throws {
        let colleague = Party(kind: .agent, id: PartyID(), name: "Cy")
        for (reader, kind) in [(Samples.ana, "contact"), (colleague, "agent")] {
            let read = Samples.event(.readMarked(upTo: 2), at: 3, by: reader)
            let line = try JSONLine(Samples.update(read)).text()
            #expect(line.contains("\"kind\":\"\(kind)\"") && line.contains("\"read_up_to\":2"))
        }
    }

    @Test("A message that the feed tells before its verdict is shown once")
    func feedFirst() {
        var view = view(.contact)
        let message = Samples.message("Hello", at: 2, by: Samples.ana)
        guard case .messagePosted(let posted) = message.fact else { return }
        view.sending("Hello", id: posted.id)
        #expect(text(view.apply(Samples.update(message), at: now)).contains("Hello"))
        let receipt = Samples.receipt(posted.id, at: 2)
        #expect(view.settled(posted.id, .posted(receipt)).isEmpty)
    }

    @Test("What was not sent is shown with the reason")
    func lost() {
        var view = view(.contact)
        let refused = MessageID()
        view.sending("Hello", id: refused)
        let refusal = Refusal(reason: "field_too_long", message: "too long", particulars: "text")
        #expect(
            text(view.settled(refused, .refused(refusal)))
                == "not sent: Hello\nrefused (field_too_long): too long\n"
        )
        let unknown = MessageID()
        view.sending("Hello", id: unknown)
        #expect(
            text(view.failed(unknown, Samples.error))
                == "not sent: Hello\nnot confirmed: nobody listens\n"
        )
    }

    @Test("Typing is shown for six seconds, or until the message comes")
    func typing() {
        var view = view(.contact)
        let signal = TypingSignal(party: Samples.bo, conversationID: Samples.conversation)
        let update = FeedUpdate(content: .typing(signal), cursor: Samples.cursor(1))
        _ = view.apply(update, at: now)
        #expect(view.status(at: now).plainText == "● live · Bo is typing…")
        #expect(view.status(at: now + .milliseconds(5_999)).plainText.contains("typing"))
        #expect(view.status(at: now + .seconds(6)).plainText == "● live")
        _ = view.apply(update, at: now)
        _ = view.apply(Samples.update(Samples.message("Hi", at: 2, by: Samples.bo)), at: now)
        #expect(view.status(at: now).plainText == "● live")
    }

    @Test("The status line follows the newest request")
    func request() {
        var view = view(.contact)
        var statuses: [String] = []
        for event in Samples.chat {
            _ = view.apply(Samples.update(event), at: now)
            statuses.append(view.status(at: now).plainText)
        }
        #expect(statuses.first == "● live · #12 in the queue")
        #expect(statuses[2] == "● live · #12 with Bo · ✓ stored")
        #expect(statuses.last == "● live · #12 Solved · ✓ stored")
    }

    @Test("The status line tells the title of a request that has one")
    func title() {
        var view = view(.contact)
        _ = view.apply(Samples.update(Samples.chat[0]), at: now)
        let titled = Samples.event(.titleChanged(from: nil, to: "Blank pages"), at: 2, by: nil)
        _ = view.apply(Samples.update(titled), at: now)
        #expect(view.status(at: now).plainText == "● live · #12 “Blank pages” in the queue")
        let untitled = Samples.event(.titleChanged(from: "Blank pages", to: nil), at: 3, by: nil)
        _ = view.apply(Samples.update(untitled), at: now)
        #expect(view.status(at: now).plainText == "● live · #12 in the queue")
    }

    @Test(
        "The status line of an agent who answers a request stays with it, or turns with the agent"
    )
    func answering() {
        var view = view(.agent)
        view.opened(as: Samples.bo.id, request: RequestSamples.request(), answers: true)
        let before = view.status(at: now).plainText
        #expect(before == "● live · #12 “Blank pages” snoozed, Bo, internal")
        let newer = Samples.event(.requestOpened(Samples.opening), at: 30, by: Samples.ana, of: 13)
        _ = view.apply(Samples.update(newer), at: now)
        #expect(view.status(at: now).plainText == before)
        view.turned(to: RequestSamples.request(number: 13, title: "Toner"))
        let after = view.status(at: now).plainText
        #expect(after == "● live · #13 “Blank pages” snoozed, Bo, internal")
    }

    @Test("The countdown of an offline client ends with 1")
    func countdown() {
        var view = view(.agent)
        view.connectionChanged(.offline(retryAt: now + .seconds(8), because: Samples.error))
        let eight = "○ offline, retry in 8 s (Ctrl-R now) · nobody listens"
        #expect(view.status(at: now).plainText == eight)
        #expect(view.status(at: now + .milliseconds(7_001)).plainText.contains(" 1 s"))
        #expect(view.status(at: now + .seconds(9)).plainText.contains(" 0 s"))
    }

    @Test("What the peer said is what the reader has seen")
    func shownOffset() {
        var view = view(.contact)
        for event in Samples.chat { _ = view.apply(Samples.update(event), at: now) }
        #expect(view.shownOffset == 5)
    }

    @Test("After a restore the conversation is shown again")
    func resynced() {
        var view = view(.contact)
        _ = view.apply(Samples.update(Samples.chat[1]), at: now)
        _ = view.resynced(at: Samples.moment)
        let page = HistoryPage(events: [Samples.chat[1]], range: 1...2, hasMore: false)
        #expect(text(view.showHistory(page, earlier: nil)).contains("blank pages"))
    }

    @Test("After a restore also what was shown with its verdict is shown again")
    func resyncedOwn() {
        var view = view(.contact)
        let message = Samples.message("Hello", at: 2, by: Samples.ana)
        guard case .messagePosted(let posted) = message.fact else { return }
        view.sending("Hello", id: posted.id)
        _ = view.settled(posted.id, .posted(Samples.receipt(posted.id, at: 2)))
        _ = view.resynced(at: Samples.moment)
        let page = HistoryPage(events: [message], range: 1...2, hasMore: false)
        #expect(text(view.showHistory(page, earlier: nil)).contains("Hello"))
    }

    @Test("No text of a peer's brings an escape sequence along")
    func hostile() {
        var view = view(.contact, .rich)
        let escape = "\u{1B}]52;c;aGk=\u{07}\u{1B}[2J"
        let mallory = Party(kind: .agent, id: Samples.bo.id, name: "M\(escape)")
        let events = [
            Samples.message(escape, at: 2, by: mallory),
            Samples.event(.requestAssigned(mallory), at: 3, by: mallory),
        ]
        let lines = events.flatMap { view.apply(Samples.update($0), at: now) }
        view.connectionChanged(
            .offline(retryAt: now, because: DocketClientError(.unreachable, escape))
        )
        #expect(!(text(lines) + view.status(at: now).plainText).contains("\u{1B}"))
    }

    private func file(_ name: String, _ size: UInt64, _ byte: UInt8) -> Message.Attachment {
        Message.Attachment(
            // Sixteen bytes always are an id.
            id: AttachmentID(bytes: [UInt8](repeating: byte, count: 16)) ?? AttachmentID(),
            name: name,
            mediaType: "image/png",
            size: size,
            sha256: []
        )
    }

    @Test("The files of a message stand under it by a number that stays, or in its place")
    func files() {
        var view = view(.contact)
        let files = [
            file("a.png", 1, 1), file("b\u{1B}[2J.png", 1_536, 2), file("c.png", 25 << 20, 3),
        ]
        let first = Samples.message("See", at: 2, by: Samples.bo, attachments: files)
        let lines = text(view.apply(Samples.update(first), at: now))
        #expect(lines.contains("14:03 < Bo: See\n        [1] a.png (1 byte, image/png)\n"))
        #expect(lines.contains("(1.5 KiB, image/png)\n        [3] c.png (25.0 MiB, image/png)\n"))
        #expect(!lines.contains("\u{1B}"))
        let second = Samples.message("", at: 3, by: Samples.bo, attachments: [files[2]])
        #expect(
            text(view.apply(Samples.update(second), at: now))
                == "14:03 < Bo: [3] c.png (25.0 MiB, image/png)\n"
        )
        #expect(view.file(number: 3) == files[2])
        for number in [0, 4, .min, .max] { #expect(view.file(number: number) == nil) }
    }

    @Test("A file is kept under a name that is one, whatever it was called")
    func safeNames() {
        let names = [
            "a.png": "a.png", "../../etc/passwd": "passwd", "C:\\x\\b.txt": "b.txt",
            ".bashrc": "bashrc", "..": "attachment", "": "attachment", "/": "attachment",
            "--rf": "rf", "x\u{202E}gnp.exe": "xgnp.exe", "a\nb\u{1B}": "ab",
            "Größe.pdf": "Größe.pdf",
        ]
        for (given, kept) in names { #expect(SafeFileName.name(from: given) == kept) }
    }
}
