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
            guard let names = Self.names(title: title, contact: contact) else { return nil }
            (kind, sequence, text) = (.request, 0, names)
        case .places, nil: return nil
        }
    }

    /// By what names a request is found; `nil` where it has none.
    fileprivate static func names(title: String?, contact: String?) -> String? {
        let names = [title, contact].compactMap(\.self)
        return names.isEmpty ? nil : names.joined(separator: " · ")
    }
}

extension LogEntry {
    /// What of an entry is found by its words; `nil` also where this version cannot read the entry.
    ///
    /// What was said, and what requests are called that begin, is most of what is found: it is
    /// taken out of the entry without decoding it.
    package var searchableText: String? {
        var fields = WireFields(event)
        while let field = fields.next() {
            switch field.number {
            case 11: return names(within: field.bytes)
            case 12, 13: return text(within: field.bytes, in: 3)
            // Facts without such a text. A test has every fact, and any other is decoded.
            case 10, 14...19, 21...28: return nil
            case 10...: return Event(encoded: event).flatMap { SearchableText($0.fact)?.text }
            default: continue
            }
        }
        return nil
    }

    /// A text that has a field of its own, as a message's and a note's; empty where there is none.
    private func text(within range: Range<Int>, in number: UInt64) -> String {
        var fields = WireFields(event, in: range)
        return fields.next(number).flatMap { String(bytes: event[$0.bytes], encoding: .utf8) } ?? ""
    }

    /// The title of a request that begins, and its contact's name; `nil` where there is neither.
    private func names(within range: Range<Int>) -> String? {
        var fields = WireFields(event, in: range)
        let contact = fields.next(4).map { text(within: $0.bytes, in: 3) }
        let title = text(within: range, in: 9).nonempty
        return SearchableText.names(title: title, contact: contact)
    }
}
