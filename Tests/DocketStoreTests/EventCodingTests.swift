import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import Testing

@Suite("The coding of events")
struct EventCodingTests {
    private static func facts() -> [Fact] {
        var random = SeededGenerator(seed: 5)
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let contact = Contact(id: Identifier(at: now, random: &random), name: "Ada")
        let agent = Agent(id: Identifier(at: now, random: &random), name: "Bo")
        let opened = OpenedRequest(
            status: "new",
            category: .new,
            previous: Identifier(at: now, random: &random),
            contact: contact,
            channel: "chat"
        )
        let first = OpenedRequest(
            status: "new",
            category: .new,
            previous: nil,
            contact: contact,
            channel: "chat"
        )
        let message = Message(
            id: Identifier(at: now, random: &random),
            sequence: 3,
            text: "ü",
            authoredAt: now
        )
        let files = ["a.png", "ü b.pdf"].map { name in
            DocketDomain.Attachment(
                id: Identifier(at: now, random: &random),
                name: name,
                mediaType: "image/png",
                size: 1 << 40,
                sha256: Array(repeating: 7, count: 32)
            )
        }
        let fileMessage = Message(
            id: Identifier(at: now, random: &random),
            sequence: 4,
            text: "",
            authoredAt: nil,
            attachments: files
        )
        let note = Note(id: Identifier(at: now, random: &random), sequence: 1, text: "n")
        let changes = StatusCause.allCases.map { cause in
            Fact.statusChanged(
                StatusChange(from: "a", to: "b", category: .waiting, cause: cause)
            )
        }
        return [
            .conversationOpened(contact: contact, channel: "chat"), .requestOpened(opened),
            .requestOpened(first), .messagePosted(message), .messagePosted(fileMessage),
            .notePosted(note),
            .requestAssigned(agent), .requestAssigned(nil), .readMarked(upTo: 7),
        ] + changes
    }

    @Test("Every fact survives its encoding", arguments: facts())
    func roundTrip(fact: Fact) {
        var random = SeededGenerator(seed: 9)
        let now = Timestamp(milliseconds: 1_800_000_000_001)
        let mark = RequestMark(
            id: Identifier(at: now, random: &random),
            number: 4,
            version: 5
        )
        for actor in [Party.desk, Agent(id: Identifier(at: now, random: &random), name: "B").party]
        {
            for request in [mark, nil] {
                let event = Event(
                    at: now,
                    actor: actor,
                    conversation: Identifier(at: now, random: &random),
                    request: request,
                    fact: fact
                )
                #expect(Event(encoded: event.encoded()) == event)
            }
        }
    }

    @Test("Bytes that are no event are none, whatever they are")
    func garbage() {
        var random = SeededGenerator(seed: 3)
        for length in 0..<200 {
            let bytes = Data((0..<length).map { _ in UInt8.random(in: 0...255, using: &random) })
            #expect(Event(encoded: bytes) == nil)
        }
    }

    @Test("Every refusal survives as the verdict that is stored of it")
    func rejections() {
        var random = SeededGenerator(seed: 4)
        let agent = Agent(
            id: Identifier(at: Timestamp(milliseconds: 1), random: &random),
            name: "Bo Li"
        )
        let rejections: [Rejection] = [
            .notFound, .notPermitted, .notAssignee, .alreadyAssigned(agent), .requestNotOpen,
            .invalidTransition(allowed: ["a", "b_c"]), .invalidTransition(allowed: []),
            .unknownStatus, .unknownChannel, .unknownAgent, .noChange,
            .versionConflict(current: 9), .loginTaken, .tooManyAttachments(limit: 10),
            .attachmentUnusable(Identifier(at: Timestamp(milliseconds: 2), random: &random)),
        ]
        let fields = TextField.allCases.flatMap {
            [Rejection.textEmpty($0), .textTooLong($0, limit: 16_384)]
        }
        for rejection in rejections + fields {
            #expect(
                Rejection(reason: rejection.reason, detail: rejection.detail) == rejection
            )
        }
        #expect(Rejection(reason: "moonrise", detail: "") == nil)
    }
}
