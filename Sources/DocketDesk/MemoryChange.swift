internal import DocketDomain
internal import DocketStore

/// What an entry of the log changes of what a desk remembers of its store.
///
/// The desk remembers the rules in force, and the sessions in use with the names of those who have
/// them. What it remembers follows from entries alone, and not from the commands that led to them;
/// only a session that the store had no room for is the process's own (`UnwrittenSessions`). An
/// entry that ends sessions changes nothing else.
enum MemoryChange: Sendable {
    /// Other rules are in force.
    case rules(Policy)
    /// Sessions end before their time.
    case sessionsEnd([SessionEnd])
    /// Somebody has another name now.
    case renamed(PrincipalID, String)

    /// Takes the change from what an entry says; `nil` where that is nothing a desk remembers.
    ///
    /// An entry names rules by their version; they are those in force behind it.
    init?(_ fact: Fact, rules: Policy) {
        switch fact {
        case .policyApplied: self = .rules(rules)
        case .administered(let change):
            if !change.sessionEnds.isEmpty {
                self = .sessionsEnd(change.sessionEnds)
            } else if change.action == .changed, let contact = change.contact,
                let name = change.newName
            {
                self = .renamed(PrincipalID(contact), name)
            } else {
                return nil
            }
        case .conversationOpened, .requestOpened, .messagePosted, .notePosted, .statusChanged,
            .requestAssigned, .readMarked, .receivedMarked, .requestViewed, .titleChanged,
            .detailsChanged, .linked, .unlinked, .messagesGiven, .messagesTaken, .merged,
            .mergeTaken:
            return nil
        }
    }
}
