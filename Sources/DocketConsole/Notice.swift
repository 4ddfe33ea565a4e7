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
        case .requestOpened(let opening):
            "Your request is number \(number)\(called(opening.title)). It is in the queue."
        case .requestAssigned(let agent?, _): "\(agent.name) now handles your request \(number)."
        case .requestAssigned(nil, _): "Your request \(number) is back in the queue."
        case .statusChanged(let change) where change.cause == .finished:
            "\(event.actor?.name ?? "The desk") has finished the chat. "
                + "Request \(number): \(name(of: change))."
        case .statusChanged(let change) where concernsContacts(change.cause):
            "Request \(number): \(name(of: change))."
        case .titleChanged(_, let title?): "Your request \(number) is now called “\(title)”."
        case .messagesGiven(let moved): given(moved, by: number)
        case .merged(let other, _): "Your requests \(number) and \(other.number) were merged."
        case .statusChanged, .titleChanged, .conversationOpened, .messagePosted, .notePosted,
            .readMarked, .receivedMarked, .requestViewed, .detailsChanged, .linked, .unlinked,
            .messagesTaken, .mergeTaken, .policyApplied, .administered, .unknown:
            nil
        }
    }

    /// What contacts call the status after; its key where the server did not tell.
    private static func name(of change: StatusChange) -> String {
        change.statusNameForContact ?? change.to
    }

    /// Whether a contact is told of a change of status; the other causes are the staff's affair or
    /// come with something that tells more.
    private static func concernsContacts(_ cause: StatusChange.Cause) -> Bool {
        switch cause {
        case .timer, .set, .elapsed: true
        case .assigned, .answered, .finished, .contactReplied, .viewed, .created, .woken, .merged,
            .split, .deleted, .restored, .unknown:
            false
        }
    }

    private static func agentText(_ event: Event, _ number: UInt64) -> TerminalText? {
        switch event.fact {
        case .requestOpened(let opening):
            "Request \(number) by \(opening.contact?.name ?? "") on \(opening.channel): "
                + "\(opening.status)\(called(opening.title))."
                + (event.isInternal ? " It is internal." : "")
        case .requestAssigned(let agent?, _): "Request \(number) is assigned to \(agent.name)."
        case .requestAssigned(nil, _): "Request \(number) is no longer assigned to anybody."
        case .statusChanged(let change): changed(change, of: number)
        case .titleChanged(_, let title?): "Request \(number) is now called “\(title)”."
        case .titleChanged(_, nil): "Request \(number) no longer has a title."
        case .detailsChanged(let changes):
            "Request \(number): \(DetailText.text(of: changes))."
        case .linked(let link): "Request \(number) is now \(DetailText.text(of: link))."
        case .unlinked(let link): "Request \(number) is no longer \(DetailText.text(of: link))."
        case .messagesGiven(let moved): given(moved, by: number)
        case .merged(let other, _): "Request \(number) was merged into \(other.number)."
        case .policyApplied(let version, let name):
            "Version \(version) of the policy took effect: \(name)."
        case .conversationOpened, .messagePosted, .notePosted, .readMarked, .receivedMarked,
            .requestViewed, .messagesTaken, .mergeTaken, .administered, .unknown:
            nil
        }
    }

    private static func called(_ title: String?) -> TerminalText {
        title.map { ", “\($0)”" } ?? ""
    }

    private static func given(_ moved: MovedMessages, by number: UInt64) -> TerminalText {
        let count = moved.messageIDs.count
        let messages: TerminalText = count == 1 ? "One message" : "\(count) messages"
        return messages + " moved from request \(number) to request \(moved.other.number)."
    }

    private static func changed(_ change: StatusChange, of number: UInt64) -> TerminalText {
        let reason: TerminalText = change.reason.map { ": \($0)" } ?? ""
        return "Request \(number): \(change.from) → \(change.to) (" + cause(change.cause) + ")"
            + reason + "."
    }

    private static func cause(_ cause: StatusChange.Cause) -> TerminalText {
        switch cause {
        case .assigned: "assigned"
        case .answered: "answered"
        case .finished: "finished"
        case .contactReplied: "the contact wrote again"
        case .timer: "by time"
        case .set: "set"
        case .viewed: "opened by its agent"
        case .created: "at once"
        case .woken: "woke up"
        case .elapsed: "time ran out"
        case .merged: "merged"
        case .split: "split"
        case .deleted: "deleted"
        case .restored: "restored"
        case .unknown: "for another reason"
        }
    }
}
