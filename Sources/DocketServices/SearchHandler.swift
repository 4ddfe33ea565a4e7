internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials

/// Serves `Search`.
package struct SearchHandler: SearchService {
    private let desk: Desk

    /// Serves the search of a desk.
    package init(desk: Desk) {
        self.desk = desk
    }

    package func messages(
        _ call: Docket_V1_SearchMessagesCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_SearchMessagesReply {
        let query = try Self.query(call.query)
        let filter = try SearchFilter(call)
        let limit = try pageLimit(call.limit)
        let token = call.page.isEmpty ? nil : call.page
        let page = try await asking { () async throws(QueryError) in
            try await desk.search(query, filter, page: token, limit: limit)
        }
        var reply = Docket_V1_SearchMessagesReply()
        reply.hits = page.hits.map(Docket_V1_SearchHit.init)
        reply.nextPage = page.nextPage ?? Data()
        reply.indexedUpTo = page.indexedUpTo
        reply.head = page.head
        return reply
    }

    private static func query(_ text: String) throws(RPCError) -> SearchQuery {
        do throws(SearchQueryError) {
            return try SearchQuery(text)
        } catch {
            switch error {
            case .empty: throw .field(.fieldMissing, "query")
            case .tooLong: throw .field("query", isLongerThan: SearchQuery.longestText)
            case .tooManyTerms:
                let most = SearchQuery.mostTerms
                throw .field(.invalidArgument, "query", "has more than \(most) terms")
            case .withoutTerm:
                throw .field(.invalidArgument, "query", "has nothing to search for")
            }
        }
    }
}

extension SearchFilter {
    /// Reads which hits somebody asks for.
    fileprivate init(_ call: Docket_V1_SearchMessagesCall) throws(RPCError) {
        try requireKeys(call.statuses, "statuses")
        if !call.channel.isEmpty { try require(call.channel, atMost: longestKey, "channel") }
        self.init()
        statuses = call.statuses
        channel = call.channel.isEmpty ? nil : call.channel
        from = call.fromMilliseconds == 0 ? nil : Timestamp(milliseconds: call.fromMilliseconds)
        until =
            call.untilMilliseconds == 0 ? nil : Timestamp(milliseconds: call.untilMilliseconds)
    }
}

extension Docket_V1_SearchHit {
    /// A hit as callers see it.
    init(_ hit: SearchHit) {
        self.init()
        offset = hit.offset
        conversationID = hit.conversation.data
        requestID = hit.request.id.data
        requestNumber = hit.request.number
        sequence = hit.sequence
        kind =
            switch hit.kind {
            case .message: .message
            case .note: .note
            case .request: .request
            }
        snippet = hit.snippet
        atMilliseconds = hit.at.milliseconds
        author = Docket_V1_Actor(hit.author)
        status = hit.status
        category = Docket_V1_StatusCategory(hit.category)
        title = hit.title
        contact = Docket_V1_Actor(hit.contact.party)
    }
}
