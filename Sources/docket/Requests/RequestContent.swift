internal import DocketClient

/// What belongs to a request: its messages, wherever they were said, with the notes and changes
/// that stand in its conversation.
struct RequestContent {
    /// One thing of it.
    struct Entry {
        let event: Event
        /// The place of a message among the request's public entries.
        let sequence: UInt64?
    }

    /// Messages and events of a page: as many as the server gives.
    private static let pageLimit = 200

    private let client: DocketClient

    init(_ client: DocketClient) {
        self.client = client
    }

    /// The newest messages of a request and what happened to it since the first of them, in order.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - limit: How many messages; nil for all.
    /// - Returns: The entries.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    func entries(
        of request: SupportRequest,
        limit: UInt64?
    ) async throws(DocketClientError) -> [Entry] {
        let messages = try await Self.newest(limit, upTo: request.sequence) {
            place async throws(DocketClientError) in
            try await self.messages(of: request.id, after: place)
        }
        var entries = messages.map { Entry(event: $0.event, sequence: $0.sequence) }
        // What has no messages any more may have begun anywhere in the conversation.
        let first = entries.map(\.event.offset).min() ?? 1
        entries += try await others(of: request, after: first - min(first, 1)).map {
            Entry(event: $0, sequence: nil)
        }
        return entries.sorted { $0.event.offset < $1.event.offset }
    }

    /// The newest messages up to a place, so many at most.
    ///
    /// Places may have holes, so as many places may have fewer messages: then it reads from
    /// further back.
    ///
    /// - Parameters:
    ///   - limit: How many; nil for all.
    ///   - last: The place of the newest.
    ///   - read: Reads all messages after a place.
    /// - Returns: The messages, in order.
    /// - Throws: What `read` throws.
    static func newest<Said>(
        _ limit: UInt64?,
        upTo last: UInt64,
        _ read: (UInt64) async throws(DocketClientError) -> [Said]
    ) async throws(DocketClientError) -> [Said] {
        guard let limit else { return try await read(0) }
        var span = max(limit, 1)
        while true {
            let first = last - min(span, last)
            let messages = try await read(first)
            if messages.count >= limit || first == 0 {
                return messages.suffix(Int(clamping: limit))
            }
            span = span > last / 2 ? last : span * 2
        }
    }

    private func messages(
        of id: RequestID,
        after sequence: UInt64
    ) async throws(DocketClientError) -> [RequestMessage] {
        var messages: [RequestMessage] = []
        var last = sequence
        while true {
            let page = try await client.requests.messages(
                of: id,
                after: last,
                limit: Self.pageLimit
            )
            messages += page.messages
            guard page.hasMore, let next = page.messages.last?.sequence else { return messages }
            last = next
        }
    }

    /// What happened to a request in its conversation, without what was said in public.
    private func others(
        of request: SupportRequest,
        after offset: UInt64
    ) async throws(DocketClientError) -> [Event] {
        let conversation = client.conversation(request.conversationID)
        var events: [Event] = []
        var last = offset
        while true {
            let page = try await conversation.history(.after(last), limit: Self.pageLimit)
            events += page.events.filter { event in
                if case .messagePosted = event.fact { return false }
                return event.request?.id == request.id
            }
            guard page.hasMore, page.range.upperBound > last else { return events }
            last = page.range.upperBound
        }
    }
}
