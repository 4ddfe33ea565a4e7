package import DocketDomain
internal import Foundation

extension Fact {
    /// What of a fact is found by its words: the text of a message or a note, a title, and the name
    /// of a contact who asks or is called something else now.
    package var searchableText: String? {
        switch self {
        case .messagePosted(let message): return message.text
        case .notePosted(let note): return note.text
        case .requestOpened(let opened):
            return [opened.title, opened.contact.name].compactMap(\.self)
                .joined(separator: " · ")
        case .titleChanged(_, let title): return title
        case .administered(let change): return change.contactName
        case .conversationOpened, .statusChanged, .requestAssigned, .readMarked, .receivedMarked,
            .requestViewed, .detailsChanged, .linked, .unlinked, .messagesGiven, .messagesTaken,
            .merged, .mergeTaken, .policyApplied:
            return nil
        }
    }
}

extension AdministrativeChange {
    /// The contact whom it is about; `nil` where it is about something else.
    package var contact: ContactID? {
        guard case .contact(let id) = subject else { return nil }
        return id
    }

    /// What a contact is called from then on; `nil` where nothing of that changed.
    fileprivate var contactName: String? { contact == nil ? nil : newName }
}

extension LogEntry {
    /// What of an entry is found by its words; `nil` also where this version cannot read the entry.
    ///
    /// What was said is most of a log: its text is taken out of the entry without decoding it.
    package var searchableText: String? {
        var fields = WireFields(event)
        while let field = fields.next() {
            switch field.number {
            case 12, 13: return text(within: field.bytes)
            case 11, 20, 40: return Event(encoded: event)?.fact.searchableText
            case 10, 14...39: return nil
            default: continue
            }
        }
        return nil
    }

    /// The text of a message or a note, which both have in the same field.
    private func text(within range: Range<Int>) -> String? {
        var fields = WireFields(event, in: range)
        return fields.next(3).flatMap { String(bytes: event[$0.bytes], encoding: .utf8) } ?? ""
    }
}
