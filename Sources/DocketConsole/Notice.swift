internal import DocketClient
internal import DocketTerminal

/// What the desk tells a reader about a request, in words.
struct Notice {
    let text: TerminalText

    /// The notice of an event; nil for what the reader need not see.
    init?(_ event: Event, for side: Transcript.Side) {
        let number = event.request?.number ?? 0
        let text: TerminalText? =
            switch side {
            case .contact: Self.contactText(event, number)
            case .agent: Self.agentText(event, number)
            }
        guard let text else { return nil }
        self.text = text
    }

    private static func contactText(_ event: Event, _ number: UInt64) -> TerminalText? {
        switch event.fact {
        case .requestOpened: "Your request is number \(number). It is in the queue."
        case .requestAssigned(let agent?): "\(agent.name) answers your request \(number)."
        case .requestAssigned(nil): "Your request \(number) is in the queue again."
        case .statusChanged(let change) where change.cause == .finished:
            "\(event.actor?.name ?? "The desk") has finished the chat. "
                + "Request \(number): \(change.to)."
        case .statusChanged(let change) where change.cause == .timer:
            "Request \(number): \(change.to)."
        case .statusChanged, .conversationOpened, .messagePosted, .notePosted, .readMarked,
            .unknown:
            nil
        }
    }

    private static func agentText(_ event: Event, _ number: UInt64) -> TerminalText? {
        switch event.fact {
        case .requestOpened(let opening):
            "Request \(number) by \(opening.contact?.name ?? "") on \(opening.channel): "
                + "\(opening.status)."
        case .requestAssigned(let agent?): "\(agent.name) has request \(number)."
        case .requestAssigned(nil): "Nobody has request \(number)."
        case .statusChanged(let change):
            "Request \(number): \(change.from) → \(change.to) (\(cause(change.cause)))."
        case .conversationOpened, .messagePosted, .notePosted, .readMarked, .unknown: nil
        }
    }

    private static func cause(_ cause: StatusChange.Cause) -> TerminalText {
        switch cause {
        case .assigned: "assigned"
        case .answered: "answered"
        case .finished: "finished"
        case .contactReplied: "the contact wrote again"
        case .timer: "by time"
        case .unknown: "for another reason"
        }
    }
}
