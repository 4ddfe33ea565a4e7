internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// Finding what was said.
///
/// For agents.
public struct Search: Sendable {
    let client: DocketClient

    /// Finds messages and notes by their words, and requests by their titles and their contacts'
    /// names, the newest first.
    ///
    /// A query has words, which all have to be in the text; "words in double quotes", which have to
    /// stand next to each other; and either with an asterisk right behind it, of which the last
    /// word is found by its beginning. Case and accents make no difference.
    ///
    /// - Parameters:
    ///   - query: What to look for; 1 to 256 bytes of UTF-8 with 1 to 16 terms.
    ///   - scope: Where to look.
    ///   - count: How many at most, 1 to 200.
    ///   - page: The place of the page; nil for the first. It belongs to one query and scope.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal:
    ///   `invalid_argument` for a query without a term.
    public func messages(
        _ query: String,
        in scope: SearchScope = SearchScope(),
        limit count: Int = 50,
        page: PageToken? = nil
    ) async throws(DocketClientError) -> SearchPage {
        let call = Docket_V1_SearchMessagesCall.with {
            $0.query = query
            $0.statuses = scope.statuses
            $0.channel = scope.channel ?? ""
            $0.fromMilliseconds = scope.from?.millisecondsSinceEpoch ?? 0
            $0.untilMilliseconds = scope.until?.millisecondsSinceEpoch ?? 0
            $0.limit = UInt32(clamping: count)
            $0.page = Data(page?.bytes ?? [])
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await SearchCaller(channel: channel).messages(call, options: options)
        }
        let hits = try Page(reply.hits, next: reply.nextPage) {
            message throws(DocketClientError) in try FoundText(message)
        }
        return SearchPage(hits: hits, indexedUpTo: reply.indexedUpTo, head: reply.head)
    }
}

extension FoundText {
    fileprivate init(_ hit: Docket_V1_SearchHit) throws(DocketClientError) {
        guard let conversationID = ConversationID(bytes: hit.conversationID),
            let requestID = RequestID(bytes: hit.requestID)
        else { throw .malformed("a hit without its ids") }
        self.init(
            offset: hit.offset,
            kind: Kind(hit.kind),
            conversationID: conversationID,
            requestID: requestID,
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

extension FoundText.Kind {
    fileprivate init(_ kind: Docket_V1_SearchHit.Kind) {
        self =
            switch kind {
            case .message: .message
            case .note: .note
            case .request: .request
            case .unspecified, .UNRECOGNIZED: .unknown
            }
    }
}
