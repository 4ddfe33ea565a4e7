package import DocketDomain
internal import Foundation

/// What is found by its words: a message, a note, or a request by a name.
package struct SearchableText: Hashable, Sendable {
    /// What was found.
    package enum Kind: Hashable, Sendable {
        /// A message.
        case message
        /// A note, which no contact ever sees.
        case note
        /// A request, by a title that it was given or by its contact's name.
        case request
    }

    /// Whether it is a message, a note or a request.
    package let kind: Kind
    /// The place that it got among the public entries or the notes of its request, from 1; 0 for a
    /// request.
    package let sequence: UInt64
    /// The text.
    package let text: String

    /// Takes what of a fact is found by its words; `nil` where that is nothing.
    package init?(_ fact: Fact) {
        switch fact.content {
        case .message(let message):
            (kind, sequence, text) = (.message, message.sequence, message.text)
        case .note(let note): (kind, sequence, text) = (.note, note.sequence, note.text)
        case .names(let title, let contact):
            let names = [title, contact].compactMap(\.self)
            guard !names.isEmpty else { return nil }
            (kind, sequence, text) = (.request, 0, names.joined(separator: " · "))
        case .places, nil: return nil
        }
    }
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
            // Facts without such a text. A test has every fact, and any other is decoded.
            case 10, 14...19, 21...28: return nil
            case 10...: return Event(encoded: event).flatMap { SearchableText($0.fact)?.text }
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
