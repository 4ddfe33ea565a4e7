import DocketConsole
import DocketTerminal
import Testing

@testable import DocketClient
@testable import docket

@Suite("Channels are told so that somebody can begin")
struct ChannelTests {
    private var channel: ReachableChannel {
        let fields = [
            FieldChoice(key: "serial", name: "Serial\u{1B}[2J", content: .text(bytes: 40)),
            FieldChoice(key: "pages", name: "Pages", content: .integer(1...9)),
            FieldChoice(key: "colours", name: "Colours", content: .choices(["red", "blue"])),
        ]
        let form = RequestForm(
            kind: .ticket,
            types: [NamedChoice(key: "incident", name: "Incident")],
            fields: fields,
            required: ["serial"]
        )
        return ReachableChannel(
            key: "email",
            name: "Mail",
            opens: .ticket,
            requiresTitle: true,
            separatesMessages: true,
            defaultTopic: "tills",
            forms: [form],
            topics: [TopicChoice(key: "tills", name: "Tills", parent: nil, forms: [form])],
            priorities: [NamedChoice(key: "high", name: "High")],
            statuses: [
                StatusChoice(key: "new", name: "We look at it", category: .new, kinds: [.ticket])
            ],
            limits: MessageLimits(
                textBytes: 16_384,
                titleBytes: 256,
                attachmentBytes: 1_024,
                attachments: 3,
                attachmentTypes: ["image/png"]
            )
        )
    }

    @Test("A person reads what to fill in, and no control characters")
    func text() {
        let lines = ChannelText.lines(of: channel).map(\.plainText)
        for line in [
            "channel: email (Mail)", "opens: ticket", "title: required",
            "each message that answers none begins a request", "topic if none is given: tills",
            "topics:", "  tills: Tills", "types of a ticket:", "  incident: Incident",
            "fields of a ticket:", "  pages: Pages: number from 1 to 9",
            "  colours: Colours: some of red, blue", "  high: High", "  new: We look at it",
            "text: up to 16384 bytes; title: up to 256",
            "files: up to 3 of up to 1024 bytes, only image/png",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(lines.contains { $0.contains("text of up to 40 bytes, required") })
        #expect(!lines.contains { $0.contains("\u{1B}") })
    }

    @Test("A list says what a message opens and what it must have")
    func table() {
        let row = ChannelText.table(of: [channel]).lines(width: nil).last?.plainText ?? ""
        for word in ["email", "Mail", "ticket", "required", "serial"] {
            #expect(row.contains(word), "\(word)")
        }
    }

    @Test("A program gets all of it on one line")
    func line() throws {
        let text = try JSONLine.text(of: ChannelLine(channel))
        #expect(text.hasPrefix("{") && !text.contains("\n") && !text.contains("\u{1B}"))
        for part in [
            #""type":"channel""#, #""requires_title":true"#, #""separates_messages":true"#,
            #""default_topic":"tills""#, #""is_required":true"#, #""content":"integer""#,
            #""lowest":1"#, #""highest":9"#, #""words":["red","blue"]"#,
            #""attachment_types":["image/png"]"#, #""category":"new""#,
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }
}
