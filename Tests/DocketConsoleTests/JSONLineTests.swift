import DocketCommandLine
import DocketTestSupport
import FoundationEssentials
import Testing

@testable import DocketClient
@testable import DocketConsole

@Suite("Programs get one JSON object a line")
struct JSONLineTests {
    @Test("The lines of a chat are those under review")
    func golden() throws {
        var events = Samples.chat.filter { event in
            if case .notePosted = event.fact { return false }
            return true
        }
        events.append(Samples.event(.requestAssigned(nil), at: 9, by: nil))
        events.append(Samples.event(.unknown, at: 10, by: nil))
        let steps: [FeedUpdate.Content] = [
            .started, .caughtUp, .heartbeat,
            .typing(TypingSignal(party: Samples.bo, conversationID: Samples.conversation)),
        ]
        let lines =
            events.map { JSONLine(Samples.update($0)) }
            + steps.map { JSONLine(FeedUpdate(content: $0, cursor: Samples.cursor(10))) }
        try GoldenText("feed.ndjson").expect(
            lines.map { try $0.text() + "\n" }.joined()
        )
    }

    @Test("Verdicts, states and lists are those under review")
    func others() throws {
        let id = try #require(MessageID("0195f3a0-0000-7000-8000-000000000000"))
        let refusal = Refusal(reason: "not_found", message: "not found", particulars: "")
        let resync = DocketClientError(
            .resyncRequired,
            "restored",
            refusal: Refusal(
                reason: "resync_required",
                message: "restored",
                particulars: "epoch_changed"
            )
        )
        let lines = [
            JSONLine(verdictOn: id, .posted(Samples.receipt(id, at: 12))),
            JSONLine(verdictOn: id, .refused(refusal)),
            JSONLine(noVerdictOn: id, Samples.error), JSONLine(.live),
            JSONLine(.offline(retryAt: .now, because: Samples.error)),
            JSONLine(resyncRequired: resync), JSONLine(request),
            JSONLine(agent: Samples.bo, login: "bo", role: .supervisor),
            JSONLine(key: "dk_secret", of: Samples.bo), JSONLine(endedSessions: 3),
            JSONLine(note: NoteID(id), at: 13), JSONLine(revokedKeyOf: PartyID(id)),
            JSONLine(found), JSONLine(searchedUpTo: 14, head: 15),
            JSONLine(
                failure: CommandFailure("not found", status: .notFound),
                ofRequest: 13
            ),
            JSONLine(
                Samples.update(Samples.message("Hello", at: 2, by: Samples.ana)),
                concerns: true
            ),
        ]
        try GoldenText("others.ndjson").expect(lines.map { try $0.text() + "\n" }.joined())
    }

    private var found: FoundText {
        FoundText(
            offset: 14,
            kind: .note,
            conversationID: Samples.conversation,
            requestID: Samples.request,
            requestNumber: 12,
            sequence: 2,
            snippet: "the parcel \u{1B}[2J",
            at: Timestamp(millisecondsSinceEpoch: 1_800_000_000_000),
            author: Samples.bo,
            status: "closed",
            category: .deleted,
            title: "Parcels",
            contact: Samples.ana
        )
    }

    private var request: SupportRequest {
        SupportRequest(
            id: Samples.request,
            number: 12,
            conversationID: Samples.conversation,
            channel: "chat",
            contact: Samples.ana,
            status: "new",
            category: .new,
            assignee: nil,
            version: 2,
            openedAt: Samples.moment,
            changedAt: Samples.moment,
            sequence: 1,
            summary: "It prints blank pages"
        )
    }

    @Test("The lines of a relay are those under review")
    func relay() throws {
        let id = try #require(MessageID("0195f3a0-0000-7000-8000-000000000000"))
        let ana = ExternalContact(id: "+15550100", name: "Ana")
        let since = Timestamp(millisecondsSinceEpoch: 1_741_097_000_456)
        func parked(
            _ direction: ParkedMessage.Direction,
            _ contact: ExternalContact?,
            since: Timestamp?
        ) -> ParkedMessage {
            ParkedMessage(
                message: id,
                direction: direction,
                contact: contact,
                reason: "no such number",
                since: since,
                behind: 2
            )
        }
        func condition(_ trouble: DocketClientError?) -> RelayCondition {
            RelayCondition(
                isLevel: trouble == nil,
                incoming: 1,
                outgoing: 2,
                parked: 3,
                lag: .milliseconds(4_500),
                trouble: trouble
            )
        }
        let lines = [
            JSONLine(replyTo: "1", accepted: .kept(id)),
            JSONLine(replyTo: "1", accepted: .known(id)),
            JSONLine(replyTo: "1", accepted: .echo(id)),
            JSONLine(replyTo: "2", externalID: "sms-1"), JSONLine(replyTo: "3", path: "a.png"),
            JSONLine(replyTo: "4", count: 0),
            JSONLine(replyTo: nil, line: 7, reason: "no_id", "an order has an id"),
            JSONLine(parked(.outgoing, ana, since: since)),
            JSONLine(parked(.incoming, nil, since: nil), replyTo: "5"),
            JSONLine(condition(nil), replyTo: "6"),
            JSONLine(condition(Samples.error), replyTo: "6"),
            JSONLine(leftIncoming: 1, outgoing: 2, parked: 3),
        ]
        try GoldenText("relay.ndjson").expect(lines.map { try $0.text() + "\n" }.joined())
    }

    @Test("A text of several lines stays on one")
    func oneLine() throws {
        let event = Samples.message("a\nb\r\u{2028}c\u{1B}", at: 2, by: Samples.ana)
        let text = try JSONLine(Samples.update(event)).text()
        let rows = text.split { $0.isNewline }
        #expect(rows.count == 1)
        #expect(!text.utf8.contains(0x1B))
    }

    @Test("What a terminal would obey is written in digits, and reads as what it was")
    func controls() throws {
        let hostile =
            "\u{7F}\u{85}\u{9B}2J\u{9F}\u{61C}\u{200E}\u{200F}"
            + "\u{2028}\u{202E}\u{2066}\u{2069}"
        let near = "~\u{A0}\u{200D}\u{2027}\u{202F}\u{2065}\u{206A}é😀"
        let event = Samples.message(hostile + near, at: 2, by: Samples.ana)
        let text = try JSONLine(Samples.update(event)).text()
        #expect(text.contains(#""\u007f\u0085\u009b2J\u009f\u061c\u200e\u200f"#))
        #expect(text.contains(#"\u200f\u2028\u202e\u2066\u2069~"#))
        #expect(text.contains(near))
        struct Read: Decodable {
            struct Event: Decodable {
                struct Message: Decodable { let text: String }
                let message: Message
            }
            let event: Event
        }
        let read = try JSONDecoder().decode(Read.self, from: Data(text.utf8))
        #expect(read.event.message.text == hostile + near)
    }

    @Test("A message with files tells what each is")
    func files() throws {
        let file = Message.Attachment(
            id: AttachmentID(bytes: [UInt8](repeating: 9, count: 16)) ?? AttachmentID(),
            name: "a.png",
            mediaType: "image/png",
            size: 7,
            sha256: [0x0A, 0xFF]
        )
        let event = Samples.message("", at: 2, by: Samples.ana, attachments: [file])
        let line = try JSONLine(Samples.update(event)).text()
        let id = "09090909-0909-0909-0909-090909090909"
        let fields =
            #"{"id":"\#(id)","media_type":"image/png","name":"a.png","sha256":"0aff","size":7}"#
        #expect(line.contains(#""attachments":[\#(fields)]"#))
    }
}
