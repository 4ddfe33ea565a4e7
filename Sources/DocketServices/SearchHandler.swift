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
        let limit = try pageLimit(call.limit)
        let token = call.page.isEmpty ? nil : call.page
        let page = try await asking { () async throws(QueryError) in
            try await desk.search(query, page: token, limit: limit)
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
            case .tooLong: throw .field(.fieldTooLong, "query")
            case .tooManyTerms, .withoutTerm: throw .field(.invalidArgument, "query")
            }
        }
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
            }
        snippet = hit.snippet
        atMilliseconds = hit.at.milliseconds
        author = Docket_V1_Actor(hit.author)
    }
}
