internal import DocketCalls
internal import DocketClient
internal import DocketConsole
internal import DocketMessages
internal import DocketRPC

/// Looks for what was said, page by page.
struct TextSearch {
    /// Which hits to give.
    struct Filter {
        var statuses: [String] = []
        var channel: String?
        var from: Timestamp?
        var until: Timestamp?
    }

    /// What was found.
    struct Result {
        var found: [FoundText] = []
        var hasMore = false
        var indexedUpTo: UInt64 = 0
        var head: UInt64 = 0
    }

    /// Hits of a page: as many as the server gives.
    private static let pageLimit = 200

    private let client: DocketClient

    init(_ client: DocketClient) {
        self.client = client
    }

    /// The newest texts with all terms of a query, so many at most.
    func find(
        _ query: String,
        _ filter: Filter,
        limit: Int
    ) async throws(DocketClientError) -> Result {
        var result = Result()
        var call = Docket_V1_SearchMessagesCall()
        call.query = query
        call.statuses = filter.statuses
        call.channel = filter.channel ?? ""
        call.fromMilliseconds = filter.from?.millisecondsSinceEpoch ?? 0
        call.untilMilliseconds = filter.until?.millisecondsSinceEpoch ?? 0
        repeat {
            call.limit = UInt32(clamping: min(limit - result.found.count, Self.pageLimit))
            let asked = call
            let reply = try await client.call { (channel, options) async throws(RPCError) in
                try await SearchCaller(channel: channel).messages(asked, options: options)
            }
            result.found += reply.hits.map(FoundText.init)
            result.indexedUpTo = reply.indexedUpTo
            result.head = reply.head
            call.page = reply.nextPage
            result.hasMore = !call.page.isEmpty
        } while result.hasMore && result.found.count < limit
        return result
    }
}

extension FoundText {
    /// A hit, as the server tells it.
    init(_ hit: Docket_V1_SearchHit) {
        let kind: Kind =
            switch hit.kind {
            case .message: .message
            case .note: .note
            case .request: .request
            case .unspecified, .UNRECOGNIZED: .unknown
            }
        self.init(
            offset: hit.offset,
            kind: kind,
            conversationID: ConversationID(bytes: hit.conversationID),
            requestID: RequestID(bytes: hit.requestID),
            requestNumber: hit.requestNumber,
            sequence: hit.sequence,
            snippet: hit.snippet,
            at: Timestamp(millisecondsSinceEpoch: hit.atMilliseconds),
            author: Party(hit.author),
            status: hit.status,
            category: StatusCategory(hit.category),
            title: hit.title,
            contact: hit.hasContact ? Party(hit.contact) : nil
        )
    }
}
