package import DocketDomain
package import DocketStore

/// A message, a note or a request that a search has found.
package struct SearchHit: Hashable, Sendable {
    /// Where it stands in the log.
    package let offset: UInt64
    /// The conversation.
    package let conversation: ConversationID
    /// The request to which it belongs now, wherever it was said.
    package let request: RequestReference
    /// Whether it is a message, a note or a request.
    package let kind: SearchableText.Kind
    /// Its place among the public entries or the notes of that request, from 1; 0 for a request.
    package let sequence: UInt64
    /// The text around the first term, at most 240 bytes.
    package let snippet: String
    /// When it was said.
    package let at: Timestamp
    /// Who said it.
    package let author: Party
    /// The key of the status that the request has now.
    package let status: StatusKey
    /// The meaning of that status.
    package let category: StatusCategory
    /// The key of the request's channel.
    package let channel: ChannelKey
    /// What people call the request now.
    package let title: String
    /// The contact who asks.
    package let contact: Contact
}

extension SearchHit {
    /// Makes a hit of an entry, with the request that has it now.
    ///
    /// - Returns: The hit; `nil` where this version cannot read the entry, or where nobody asks,
    ///   such as when a contact without a request was given another name.
    init?(
        _ entry: LogEntry,
        of query: SearchQuery,
        in reading: any StoreReading
    ) throws(StoreError) {
        guard let event = Event(encoded: entry.event), let found = SearchableText(event.fact) else {
            return nil
        }
        let place = try reading.place(ofMovedMessage: entry.offset)
        guard let request = try Self.request(of: event, movedTo: place, in: reading) else {
            return nil
        }
        kind = found.kind
        sequence = found.kind == .message ? place?.sequence ?? found.sequence : found.sequence
        offset = entry.offset
        conversation = request.conversation
        self.request = request.reference
        let match =
            query.firstMatch(in: found.text)
            ?? found.text.startIndex..<found.text.startIndex
        snippet = Snippet.of(found.text, around: match)
        at = event.at
        author = event.actor
        status = request.status
        category = request.category
        channel = request.channel
        title = request.title
        contact = request.contact
    }

    /// The request that has an entry: the one to which it was moved or in which it happened; of
    /// what a contact is called, its newest.
    private static func request(
        of event: Event,
        movedTo place: MessagePlace?,
        in reading: any StoreReading
    ) throws(StoreError) -> SupportRequest? {
        if let number = place?.request.number ?? event.request?.number {
            return try reading.request(number: number)
        }
        guard case .administered(let change) = event.fact, let contact = change.contact else {
            return nil
        }
        var newest: SupportRequest?
        for conversation in try reading.conversations(of: contact) {
            guard let request = try reading.situation(of: conversation).request else { continue }
            if request.number > newest?.number ?? 0 { newest = request }
        }
        return newest
    }
}
