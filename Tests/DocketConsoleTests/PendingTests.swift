import DocketCommandLine
import DocketTerminal
import Testing

@testable import DocketClient
@testable import DocketConsole

@Suite("What waits, and what was not sent, is told as it is")
struct PendingTests {
    private let now = ContinuousClock.now
    private static let refusal = Refusal(
        reason: "text_too_long",
        message: "at most 16384 bytes",
        particulars: ""
    )

    private func queued(
        _ text: String,
        _ state: QueueState,
        id: MessageID = MessageID(),
        files: [QueuedAttachment] = []
    ) -> QueuedMessage {
        QueuedMessage(
            id: id,
            conversationID: Samples.conversation,
            text: text,
            attachments: files,
            queuedAt: Samples.moment,
            mayBeSent: false,
            state: state
        )
    }

    private func text(_ paragraphs: [Paragraph]) -> String {
        paragraphs.flatMap(\.unwrappedRows).map { $0.plainText + "\n" }.joined()
    }

    @Test("A message that an earlier program left refused is told once, with what to type")
    func refused() {
        var view = ConversationView(for: .contact, look: .rich, calendar: .utc)
        view.connectionChanged(.live)
        let first = queued("long", .refused(Self.refusal))
        let second = queued("behind", .blocked(by: CommandID(first.id)))
        let lines = text(view.waiting([first, second], at: now))
        #expect(lines.contains("! not sent: long\n! it was refused (text_too_long)"))
        #expect(lines.contains("/retry") && lines.contains("/discard"))
        #expect(view.waiting([first, second], at: now).isEmpty)
        #expect(view.status(at: now).plainText == "! 1 not sent, 1 behind it · ● live")
        _ = view.waiting([], at: now)
        #expect(view.status(at: now).plainText == "● live")
    }

    @Test("What this program waits for is told by its verdict, and not by the outbox too")
    func awaited() {
        var view = ConversationView(for: .contact, look: .plain, calendar: .utc)
        let id = MessageID()
        view.sending("Hello", id: id)
        let stale = [queued("Hello", .refused(Self.refusal), id: id)]
        #expect(view.waiting(stale, at: now).isEmpty)
        #expect(text(view.settled(id, .refused(Self.refusal))).contains("not sent: Hello"))
        #expect(view.waiting(stale, at: now).isEmpty && view.pendingCount == 0)
    }

    @Test("A file on its way shows how much of it is across, and how fast it goes")
    func progress() {
        var view = ConversationView(for: .contact, look: .rich, calendar: .utc)
        view.connectionChanged(.live)
        let (message, file) = (MessageID(), AttachmentID())
        func step(_ sent: UInt64, after seconds: Int) -> String {
            let state = QueuedAttachment(
                id: file,
                name: "photo.jpg",
                size: 4 << 20,
                sent: sent,
                isUploaded: sent == 4 << 20
            )
            let queued = queued("", .waiting, id: message, files: [state])
            _ = view.waiting([queued], at: now + .seconds(seconds))
            return view.status(at: now).plainText
        }
        #expect(step(0, after: 0) == "● live · … sending: photo.jpg 0% of 4.0 MiB")
        #expect(
            step(1 << 20, after: 2) == "● live · … sending: photo.jpg 25% of 4.0 MiB, 512.0 KiB/s"
        )
        #expect(step(4 << 20, after: 4) == "● live · … sending: photo.jpg")
    }

    @Test("The line across says how many messages are left out, and nothing where none are")
    func hole() {
        let message = Samples.message("x", at: 50, by: Samples.bo)
        let page = HistoryPage(events: [message], range: 50...50, hasMore: true)
        func line(_ count: Int?) -> String {
            var view = ConversationView(for: .contact, look: .plain, calendar: .utc)
            return text(Array(view.showHistory(page, earlier: count).prefix(1)))
        }
        #expect(line(nil) == "-- earlier messages, if there are any, are not shown --\n")
        #expect(line(1) == "-- 1 earlier message is not shown --\n")
        #expect(line(12) == "-- 12 earlier messages are not shown --\n")
        #expect(line(1_000) == "-- 1000 or more earlier messages are not shown --\n")
        #expect(!line(0).contains("not shown"))
    }

    @Test("Catching up tells how much has been told")
    func catchingUp() {
        var view = ConversationView(for: .contact, look: .rich, calendar: .utc)
        view.connectionChanged(.catchingUp)
        #expect(view.status(at: now).plainText == "◌ catching up")
        for event in Samples.chat.prefix(2) { _ = view.apply(Samples.update(event), at: now) }
        #expect(view.status(at: now).plainText.hasPrefix("◌ catching up, 2 so far"))
    }

    @Test(
        "A path is taken as a terminal types it",
        arguments: [
            ("a b.txt", "a b.txt"), ("'a b.txt'", "a b.txt"), ("\"a b\"", "a b"),
            (#"a\ b.txt"#, "a b.txt"), (#"a\\b"#, #"a\b"#), ("~/x", "/h/ana/x"), ("~x", "~x"),
            ("'", "'"), (#"a\"#, #"a\"#),
        ]
    )
    func typedPath(typed: String, path: String) {
        #expect(TypedPath(typed, home: "/h/ana").path == path)
    }
}
