@testable import DocketClient

/// Pieces of a conversation between Ana, a customer, and Bo, an agent.
enum Samples {
    static let conversation = id(ConversationID.self, 1)
    static let request = id(RequestID.self, 2)
    static let ana = Party(kind: .contact, id: id(PartyID.self, 3), name: "Ana")
    static let bo = Party(kind: .agent, id: id(PartyID.self, 4), name: "Bo")
    static let error = DocketClientError(.unreachable, "nobody listens")
    /// 4 March 2025, 14:03:20.456 UTC.
    static let moment = Timestamp(millisecondsSinceEpoch: 1_741_097_000_456)

    private static func id<Subject>(
        _ type: Identifier<Subject>.Type,
        _ byte: UInt8
    ) -> Identifier<Subject> {
        // Sixteen bytes always are an id.
        Identifier(bytes: [UInt8](repeating: byte, count: 16)) ?? Identifier()
    }

    static func event(
        _ fact: Event.Fact,
        at offset: UInt64,
        by actor: Party?,
        minutes: UInt64 = 0,
        of number: UInt64 = 12
    ) -> Event {
        let at = Timestamp(
            millisecondsSinceEpoch: moment.millisecondsSinceEpoch + minutes * 60_000
        )
        return Event(
            offset: offset,
            at: at,
            actor: actor,
            conversationID: conversation,
            request: RequestReference(
                id: number == 12 ? request : id(RequestID.self, UInt8(truncatingIfNeeded: number)),
                number: number,
                version: offset
            ),
            fact: fact
        )
    }

    static func message(
        _ text: String,
        at offset: UInt64,
        by actor: Party,
        minutes: UInt64 = 0,
        attachments: [Message.Attachment] = []
    ) -> Event {
        let id = id(MessageID.self, UInt8(truncatingIfNeeded: offset))
        let message = Message(
            id: id,
            sequence: offset,
            text: text,
            authoredAt: nil,
            attachments: attachments
        )
        return event(.messagePosted(message), at: offset, by: actor, minutes: minutes)
    }

    static func update(_ event: Event) -> FeedUpdate {
        FeedUpdate(content: .event(event), cursor: cursor(event.offset))
    }

    static func cursor(_ offset: UInt64) -> Cursor {
        Cursor(epoch: [1, 2, 3, 4, 5, 6, 7, 8], offset: offset)
    }

    static func receipt(_ id: MessageID, at offset: UInt64) -> Receipt {
        Receipt(
            messageID: id,
            offset: offset,
            sequence: 1,
            requestID: request,
            requestNumber: 12,
            acceptedAt: moment
        )
    }

    /// How a chat begins.
    static let opening = RequestOpening(
        status: "new",
        category: .new,
        previous: nil,
        contact: ana,
        channel: "chat"
    )

    /// A whole chat, from the first question to the end.
    static let chat: [Event] = [
        event(.requestOpened(opening), at: 1, by: ana),
        message("It prints\nblank pages", at: 2, by: ana),
        event(.requestAssigned(bo), at: 3, by: bo, minutes: 1),
        event(
            .statusChanged(
                StatusChange(from: "new", to: "in_progress", category: .open, cause: .answered)
            ),
            at: 4,
            by: bo,
            minutes: 1
        ),
        message("Which printer?", at: 5, by: bo, minutes: 1),
        event(
            .notePosted(Note(id: NoteID(), sequence: 1, text: "the one in the hall again")),
            at: 6,
            by: bo,
            minutes: 2
        ),
        event(.readMarked(upTo: 5), at: 7, by: ana, minutes: 2),
        event(
            .statusChanged(
                StatusChange(
                    from: "in_progress",
                    to: "resolved",
                    category: .resolved,
                    cause: .finished,
                    statusNameForContact: "Solved"
                )
            ),
            at: 8,
            by: bo,
            minutes: 1_440
        ),
    ]
}
