import DocketCommandLine
import DocketTerminal
import DocketTestSupport
import Testing

@testable import DocketClient
@testable import DocketConsole

@Suite("A request is shown with everything that it has")
struct RequestTests {
    private func text(_ paragraphs: [Paragraph], columns: Int? = nil) -> String {
        paragraphs.flatMap { paragraph in
            columns.map { paragraph.rows(columns: $0) } ?? paragraph.unwrappedRows
        }.map { $0.plainText + "\n" }.joined()
    }

    private let neighbours = RequestNeighbours(
        previous: RequestSamples.request(number: 11, title: "A jam"),
        next: RequestSamples.request(number: 13, title: "Toner")
    )

    @Test("The card of a request is the one under review")
    func golden() throws {
        let card = RequestCard(calendar: .utc)
        let asker = RequestCard.Asker(
            company: "Blank Ltd",
            requests: [RequestSamples.request(number: 7, title: "Paper")]
        )
        let full = card.paragraphs(of: RequestSamples.request(), between: neighbours, by: asker)
        try GoldenText("card.txt").expect(
            "=== wide\n" + text(full) + "=== forty columns\n" + text(full, columns: 40)
        )
    }

    @Test("What a request lacks takes no line")
    func sparse() {
        let request = SupportRequest(
            id: Samples.request,
            number: 1,
            conversationID: Samples.conversation,
            channel: "chat",
            contact: nil,
            status: "new",
            category: .new,
            assignee: nil,
            version: 1,
            openedAt: Samples.moment,
            changedAt: Samples.moment,
            sequence: 1,
            summary: "Hello"
        )
        let lines = text(RequestCard(calendar: .utc).paragraphs(of: request))
        #expect(lines.hasPrefix("#1 Hello\n"))
        #expect(lines.split(separator: "\n").count == 9)
    }

    @Test("No text of a request's brings an escape sequence along")
    func hostile() {
        let escape = "\u{1B}]0;x\u{07}\u{202E}"
        let card = RequestCard(calendar: .utc)
        let lines = text(card.paragraphs(of: RequestSamples.request(title: escape)))
        #expect(!lines.unicodeScalars.contains("\u{1B}"))
        #expect(!lines.unicodeScalars.contains("\u{202E}"))
    }

    @Test("What happens to a request is told to each side as it concerns them")
    func notices() throws {
        var texts: [String] = []
        for side in [Transcript.Side.contact, .agent] {
            var transcript = Transcript(for: side, look: .plain, calendar: .utc)
            let lines = RequestSamples.changes.flatMap { transcript.lines(for: $0) }
            texts.append("=== \(side)\n" + text(lines))
        }
        try GoldenText("changes.txt").expect(texts.joined())
    }

    @Test("The lines of what happens to a request are those under review")
    func lines() throws {
        let lines =
            RequestSamples.changes.map { JSONLine(Samples.update($0)) }
            + [
                JSONLine(RequestSamples.request()), JSONLine(neighbours),
                JSONLine(
                    entry: Samples.message("Hello", at: 5, by: Samples.ana),
                    sequence: 3
                ),
            ]
        try GoldenText("changes.ndjson").expect(lines.map { try $0.text() + "\n" }.joined())
    }

    @Test("After a merge the status line tells of the request that has the content")
    func merged() {
        var view = ConversationView(for: .agent, look: .plain, calendar: .utc)
        view.opened(as: Samples.bo.id, request: RequestSamples.request())
        view.connectionChanged(.live)
        let merge = Samples.event(
            .merged(into: RequestSamples.other, newest: nil),
            at: 8,
            by: Samples.bo
        )
        let now = ContinuousClock.now
        _ = view.apply(Samples.update(merge), at: now)
        #expect(view.status(at: now).plainText.contains("#9"))
    }
}
