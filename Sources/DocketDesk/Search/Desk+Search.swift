package import DocketDomain
package import DocketStore
package import Foundation

/// A message or a note that a search has found.
package struct SearchHit: Hashable, Sendable {
    /// What was found.
    package enum Kind: Hashable, Sendable {
        /// A message.
        case message
        /// A note, which no contact ever sees.
        case note
    }

    /// Where it stands in the log.
    package let offset: UInt64
    /// The conversation.
    package let conversation: ConversationID
    /// The request to which it belongs now, wherever it was said.
    package let request: RequestReference
    /// Whether it is a message or a note.
    package let kind: Kind
    /// Its place among the public entries or the notes of that request, from 1.
    package let sequence: UInt64
    /// The text around the first term, at most 240 bytes.
    package let snippet: String
    /// When it was said.
    package let at: Timestamp
    /// Who said it.
    package let author: Party
}

/// A page of what a search has found.
package struct SearchPage: Hashable, Sendable {
    /// The hits, the newest first.
    package let hits: [SearchHit]
    /// What gives the next page; `nil` on the last.
    package let nextPage: Data?
    /// The offset up to which everything was looked through.
    package let indexedUpTo: UInt64
    /// The offset of the log's last entry.
    package let head: UInt64
}

extension Desk {
    /// Finds messages and notes for the staff, the newest first.
    ///
    /// More hits than the longest page has count as that. What was said a moment ago may not be in
    /// the index yet: the page says how far that has come.
    package func search(
        _ search: SearchQuery,
        page: Data?,
        limit: Int
    ) async throws(QueryError) -> SearchPage {
        let count = min(max(limit, 1), limits.pageEntries)
        let epoch = position.epoch
        let place = try PageToken.parse(page, of: .hits, epoch: epoch)?.place ?? .max
        return try await query { reading throws(QueryError) -> SearchPage in
            try storing { () throws(StoreError) in
                let found = try reading.search(search, before: place, limit: count + 1)
                let shown = found.prefix(count)
                let next = found.count > count ? shown.last : nil
                var hits: [SearchHit] = []
                for entry in shown {
                    let place = try reading.place(ofMovedMessage: entry.offset)
                    if let hit = SearchHit(entry, movedTo: place, of: search) { hits.append(hit) }
                }
                return SearchPage(
                    hits: hits,
                    nextPage: next.map { PageToken(.hits, epoch: epoch, place: $0.offset).data },
                    indexedUpTo: try reading.indexedUpTo(),
                    head: try reading.position().head
                )
            }
        }
    }
}

extension SearchHit {
    /// Makes a hit of an entry, at the place to which it was moved if it was; `nil` where this
    /// version cannot read it.
    init?(_ entry: LogEntry, movedTo place: MessagePlace?, of query: SearchQuery) {
        guard let event = Event(encoded: entry.event), let mark = event.request,
            let conversation = event.conversation
        else { return nil }
        let text: String
        let saidAt: UInt64
        if case .messagePosted(let message) = event.fact {
            (kind, saidAt, text) = (.message, message.sequence, message.text)
        } else if case .notePosted(let note) = event.fact {
            (kind, saidAt, text) = (.note, note.sequence, note.text)
        } else {
            return nil
        }
        offset = entry.offset
        self.conversation = conversation
        request = place?.request ?? RequestReference(id: mark.id, number: mark.number)
        sequence = place?.sequence ?? saidAt
        let match = query.firstMatch(in: text) ?? text.startIndex..<text.startIndex
        snippet = Snippet.of(text, around: match)
        at = event.at
        author = event.actor
    }
}
