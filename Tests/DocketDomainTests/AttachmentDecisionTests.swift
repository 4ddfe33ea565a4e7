import DocketDomain
import DocketPolicy
import Testing

@Suite("Decisions on messages with files")
struct AttachmentDecisionTests {
    private static func id<Tag>(_ number: UInt64) -> Identifier<Tag> {
        Identifier(high: 0x7000, low: 1 << 63 | number)
    }

    private static func file(
        _ number: UInt64,
        named name: String = "a.png"
    ) -> DocketDomain.Attachment {
        DocketDomain.Attachment(
            id: id(number),
            name: name,
            mediaType: "image/png",
            size: number,
            sha256: []
        )
    }

    /// Decides a contact's first message, which may have these files.
    private func post(
        _ text: String,
        naming named: [UInt64],
        of usable: [DocketDomain.Attachment],
        limits: AttachmentLimits = AttachmentLimits()
    ) throws -> Decision {
        let contact = Contact(id: Self.id(1), name: "Ana")
        let conversation = Conversation(
            id: Self.id(2),
            contact: contact,
            channel: "chat",
            newestRequest: nil
        )
        return try decide(
            .post(
                Post(
                    id: Self.id(3),
                    conversation: conversation.id,
                    text: text,
                    attachments: named.map { Self.id($0) }
                )
            ),
            in: Situation(conversation: conversation),
            under: Circumstances(
                principal: Principal(.contact(contact.id), name: contact.name),
                policy: Policy.shippedDefault(),
                now: Timestamp(milliseconds: 1),
                head: 1,
                newRequestID: Self.id(4),
                newRequestNumber: 1,
                attachments: usable,
                attachmentLimits: limits
            )
        )
    }

    private func message(_ decision: Decision) -> Message? {
        decision.events.lazy.compactMap { event in
            if case .messagePosted(let message) = event.fact { message } else { nil }
        }.first
    }

    @Test("A message has its files in its author's order, and may then say nothing")
    func order() throws {
        let files = [Self.file(10), Self.file(11, named: "b.pdf")]
        let decision = try post("", naming: [11, 10], of: files)
        #expect(message(decision)?.attachments == [files[1], files[0]])
        #expect(decision.after.request?.description == "b.pdf")
        let talking = try post("see", naming: [10], of: files)
        #expect(message(talking)?.attachments == [files[0]])
        #expect(talking.after.request?.description == "see")
        #expect(message(try post("see", naming: [], of: []))?.attachments == [])
    }

    @Test("A message without text and files says nothing")
    func nothing() {
        #expect(throws: Rejection.textEmpty(.text)) { try post("", naming: [], of: []) }
        let long = String(repeating: "x", count: TextLimits.messageBytes + 1)
        #expect(throws: Rejection.textTooLong(.text, limit: 16_384)) {
            try post(long, naming: [10], of: [Self.file(10)])
        }
    }

    @Test("A file that a message may not have is named, also where it is named twice")
    func unusable() {
        #expect(throws: Rejection.attachmentUnusable(Self.id(12))) {
            try post("x", naming: [10, 12, 13], of: [Self.file(10)])
        }
        #expect(throws: Rejection.attachmentUnusable(Self.id(10))) {
            try post("x", naming: [10, 10], of: [Self.file(10), Self.file(10)])
        }
    }

    @Test("A message has as many files as the limit says and not one more")
    func limit() throws {
        var limits = AttachmentLimits()
        limits.filesInMessage = 2
        let files = (10...12).map { Self.file($0) }
        _ = try post("x", naming: [10, 11], of: files, limits: limits)
        #expect(throws: Rejection.tooManyAttachments(limit: 2)) {
            try post("x", naming: [10, 11, 12], of: files, limits: limits)
        }
    }
}
