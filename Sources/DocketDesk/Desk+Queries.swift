package import DocketDomain
package import DocketStore
package import Foundation

/// Why a query has no answer.
package enum QueryError: Error, Hashable, Sendable {
    /// It does not exist, or the principal may not know that it does.
    case notFound
    /// There are more of something than are looked at for one answer.
    case tooMany(field: String, limit: Int)
    /// The page token is none that this desk gave, or was given before a restore.
    case invalidPage
    /// The store could not be read.
    case store(StoreError)
}

/// A page of a conversation.
package struct HistoryPage: Hashable, Sendable {
    /// The entries that the principal may see, by ascending offset.
    package let entries: [LogEntry]
    /// Everything of the conversation from this offset ...
    package let from: UInt64
    /// ...
    ///
    /// up to this one is in the page.
    package let to: UInt64
    /// Whether there is more beyond the page in the direction of reading.
    package let hasMore: Bool
}

/// A page of requests.
package struct RequestPage: Hashable, Sendable {
    /// The requests, by number: fewer than were asked for, or none, where few pass the filter.
    package let requests: [SupportRequest]
    /// What gives the next page; `nil` on the last.
    package let nextPage: Data?
}

/// A page of agents.
package struct AgentPage: Hashable, Sendable {
    /// The agents, by login.
    package let agents: [PrincipalRecord]
    /// What gives the next page, the login of this one's last agent; `nil` on the last.
    package let nextPage: Data?
}

/// A page of keys.
package struct KeyPage: Hashable, Sendable {
    /// The keys, by key id.
    package let keys: [APIKeyEntry]
    /// What gives the next page, the id of this one's last key; `nil` on the last.
    package let nextPage: Data?
}

/// A page of a snapshot.
package struct SnapshotPage: Hashable, Sendable {
    /// Where to subscribe from when all pages are read: the same on every page.
    package let asOf: FeedCursor
    /// Conversations with their newest requests, as they are now or were later than `asOf`.
    package let situations: [Situation]
    /// What gives the next page; `nil` on the last.
    package let nextPage: Data?
}

extension Desk {
    /// Reads a part of a conversation, in the order of offsets, as a principal may see it.
    ///
    /// The place says which end the page is counted from; without one it is the newest page. More
    /// entries than the longest page has count as that.
    package func history(
        of conversation: ConversationID,
        for principal: Principal,
        _ place: LogPlace?,
        limit: Int
    ) async throws(QueryError) -> HistoryPage {
        let audience = principal.audience
        let policy = policy
        let count = min(max(limit, 1), limits.pageEntries)
        return try await queryLog { reading throws(QueryError) -> HistoryPage in
            try Self.visible(conversation, to: principal, in: reading)
            return try storing { () throws(StoreError) in
                let head = try reading.position().head
                let counted = place ?? .before(head.addingReportingOverflow(1).partialValue)
                let entries = try reading.entries(
                    in: conversation,
                    counted,
                    limit: count + 1,
                    for: audience
                )
                let page = HistoryPage(entries, at: counted, limit: count, head: head)
                guard audience != .staff else { return page }
                let end = try Self.ownEnd(of: page, of: conversation, at: place, in: reading)
                return page.seenByContact(under: policy, to: end)
            }
        }
    }

    /// How far a page reaches for a contact: to where it asked for, if it may see something there
    /// or behind, and else to its own last entry.
    ///
    /// The end of the log is the staff's.
    private static func ownEnd(
        of page: HistoryPage,
        of conversation: ConversationID,
        at place: LogPlace?,
        in reading: any StoreReading
    ) throws(StoreError) -> UInt64 {
        let last = page.entries.last?.offset ?? 0
        switch place {
        case nil: return last
        case .after(let offset): return max(last, offset)
        case .before(let offset):
            guard offset > 0 else { return 0 }
            let behind = LogPlace.after(offset - 1)
            let next = try reading.entries(in: conversation, behind, limit: 1, for: .conversation)
            return next.isEmpty ? last : offset - 1
        }
    }

    /// Lists requests for the staff.
    ///
    /// Where neither categories nor statuses nor a contact nor a conversation are named, those that
    /// are new, open and waiting; no page means the first. The page decides where the list goes on,
    /// whatever the filter says. More requests than the longest page has count as that, and no page
    /// looks at more requests than the desk's limit: only a list without a next page has ended.
    package func requests(
        _ filter: RequestFilter,
        page: Data?
    ) async throws(QueryError) -> RequestPage {
        let epoch = position.epoch
        var asked = filter.activeUnlessNamed
        asked.afterNumber = try PageToken.parse(page, of: .requests, epoch: epoch)?.place
        asked.limit = min(max(filter.limit, 1), limits.pageEntries)
        asked.examined = limits.examinedRequests
        let list = asked
        return try await query { reading throws(QueryError) -> RequestPage in
            let found = try storing { () throws(StoreError) in try reading.requests(list) }
            let token = found.continuesAfter.map { PageToken(.requests, epoch: epoch, place: $0) }
            return RequestPage(requests: found.requests, nextPage: token?.data)
        }
    }

    /// Lists those of the requests that a principal may see: a contact its own, an integration
    /// those of its channel, and neither what is internal.
    ///
    /// What is said of the staff's list is said of theirs.
    package func requests(
        _ filter: RequestFilter,
        for principal: Principal,
        page: Data?
    ) async throws(QueryError) -> RequestPage {
        // What is asked for decides whether only active requests are meant, and not whose they are.
        guard let visible = filter.activeUnlessNamed.narrowed(to: principal) else {
            return RequestPage(requests: [], nextPage: nil)
        }
        return try await requests(visible, page: page)
    }

    /// Gives one request to a principal who may see it.
    package func request(
        _ id: RequestID,
        for principal: Principal
    ) async throws(QueryError) -> SupportRequest {
        try await request(id).shown(to: principal)
    }

    /// Gives the request with a number to a principal who may see it.
    package func request(
        number: UInt64,
        for principal: Principal
    ) async throws(QueryError) -> SupportRequest {
        try await request(number: number).shown(to: principal)
    }

    /// Gives one request to the staff.
    package func request(_ id: RequestID) async throws(QueryError) -> SupportRequest {
        try await query { reading throws(QueryError) -> SupportRequest in
            let found = try storing { () throws(StoreError) in
                try reading.situation(ofRequest: id).request
            }
            guard let found else { throw .notFound }
            return found
        }
    }

    /// Gives the request with a number to the staff.
    package func request(number: UInt64) async throws(QueryError) -> SupportRequest {
        try await query { reading throws(QueryError) -> SupportRequest in
            let found = try storing { () throws(StoreError) in
                try reading.request(number: number)
            }
            guard let found else { throw .notFound }
            return found
        }
    }

    /// Gives a principal's conversations, a page at a time, and the cursor from which a feed goes
    /// on when all pages are read.
    ///
    /// The pages are not one moment: the first one fixes the cursor, and whatever changes while
    /// the others are read is told again by the feed.
    package func snapshot(
        for principal: Principal,
        page: Data?,
        limit: Int
    ) async throws(QueryError) -> SnapshotPage {
        let count = min(max(limit, 1), limits.pageEntries)
        let position = position
        let token = try PageToken.parse(page, of: .conversations, epoch: position.epoch)
        let asOf = FeedCursor(epoch: position.epoch, offset: token?.asOf ?? position.head)
        guard let scope = ConversationScope(of: principal) else {
            return SnapshotPage(asOf: asOf, situations: [], nextPage: nil)
        }
        return try await query { reading throws(QueryError) -> SnapshotPage in
            let found = try storing { () throws(StoreError) in
                try reading.conversations(scope, after: token?.place ?? 0, limit: count + 1)
            }
            let page = found.prefix(count)
            let next = found.count > count ? page.last?.place : nil
            let token = next.map {
                PageToken(.conversations, epoch: asOf.epoch, asOf: asOf.offset, place: $0)
            }
            return SnapshotPage(
                asOf: asOf,
                situations: page.map(\.situation),
                nextPage: token?.data
            )
        }
    }

    /// Lists the agents, by login; no page means the first.
    ///
    /// More agents than the longest page has count as that.
    package func agents(page: Data?, limit: Int) async throws(QueryError) -> AgentPage {
        let count = min(max(limit, 1), limits.pageEntries)
        let epoch = position.epoch
        let last = try NamePageToken.place(page, of: .agents, epoch: epoch).name
        return try await queryLog { reading throws(QueryError) -> AgentPage in
            let found = try storing { () throws(StoreError) in
                try reading.agents(after: last, limit: count + 1)
            }
            let agents = Array(found.prefix(count))
            let next = found.count > count ? agents.last?.login : nil
            let token = next.map { login in
                let place = ContactPlace(name: login, ordinal: 0)
                return NamePageToken(.agents, epoch: epoch, place: place)
            }
            return AgentPage(agents: agents, nextPage: token?.data)
        }
    }

    /// Lists the keys of integrations and partners, by key id; no page means the first.
    ///
    /// More keys than the longest page has count as that.
    package func apiKeys(page: Data?, limit: Int) async throws(QueryError) -> KeyPage {
        let count = min(max(limit, 1), limits.pageEntries)
        let epoch = position.epoch
        let last = try NamePageToken.place(page, of: .keys, epoch: epoch).name
        return try await queryLog { reading throws(QueryError) -> KeyPage in
            let found = try storing { () throws(StoreError) in
                try reading.apiKeys(after: last, limit: count + 1)
            }
            let keys = Array(found.prefix(count))
            let next = found.count > count ? keys.last?.keyID : nil
            let token = next.map { keyID in
                let place = ContactPlace(name: keyID, ordinal: 0)
                return NamePageToken(.keys, epoch: epoch, place: place)
            }
            return KeyPage(keys: keys, nextPage: token?.data)
        }
    }

    /// The conversation, where the principal may see it.
    package func visibleConversation(
        _ conversation: ConversationID,
        to principal: Principal
    ) async throws(QueryError) -> Conversation {
        try await queryLog { reading throws(QueryError) -> Conversation in
            try Self.visible(conversation, to: principal, in: reading)
        }
    }

    @discardableResult
    static func visible(
        _ id: ConversationID,
        to principal: Principal,
        in reading: any StoreReading
    ) throws(QueryError) -> Conversation {
        let found = try storing { () throws(StoreError) in
            try reading.situation(of: id).conversation
        }
        guard let found, found.isVisible(to: principal) else { throw .notFound }
        return found
    }

    /// Reads one moment of the store on a reader's thread.
    func query<Answer: Sendable>(
        _ body: @escaping @Sendable (any StoreReading) throws(QueryError) -> Answer
    ) async throws(QueryError) -> Answer {
        let answer: Result<Answer, QueryError>
        do throws(StoreError) {
            answer = try await readers.read(store) { reading throws(StoreError) in
                Self.result(of: body, reading)
            }
        } catch {
            throw .store(error)
        }
        return try answer.get()
    }

    /// Reads what a commit writes at once: nothing of how requests are, which may be behind.
    func queryLog<Answer: Sendable>(
        _ body: @escaping @Sendable (any StoreReading) throws(QueryError) -> Answer
    ) async throws(QueryError) -> Answer {
        let answer: Result<Answer, QueryError>
        do throws(StoreError) {
            answer = try await readers.readLog(store) { reading throws(StoreError) in
                Self.result(of: body, reading)
            }
        } catch {
            throw .store(error)
        }
        return try answer.get()
    }

    private static func result<Answer>(
        of body: (any StoreReading) throws(QueryError) -> Answer,
        _ reading: any StoreReading
    ) -> Result<Answer, QueryError> {
        do throws(QueryError) {
            return .success(try body(reading))
        } catch {
            return .failure(error)
        }
    }
}

/// Runs what reads the store, for a caller whose errors say more.
func storing<Answer>(
    _ body: () throws(StoreError) -> Answer
) throws(QueryError) -> Answer {
    do {
        return try body()
    } catch {
        throw .store(error)
    }
}

extension HistoryPage {
    /// Makes a page of what was read with one entry more than its limit.
    init(_ found: [LogEntry], at place: LogPlace, limit: Int, head: UInt64) {
        let hasMore = found.count > limit
        switch place {
        case .after(let offset):
            let entries = Array(found.prefix(limit))
            let last = hasMore ? entries.last?.offset : nil
            self.init(
                entries: entries,
                from: offset.addingReportingOverflow(1).partialValue,
                to: last ?? max(head, offset),
                hasMore: hasMore
            )
        case .before(let offset):
            let entries = Array(found.suffix(limit))
            let first = hasMore ? entries.first?.offset : nil
            self.init(
                entries: entries,
                from: first ?? 1,
                to: min(head, offset > 0 ? offset - 1 : 0),
                hasMore: hasMore
            )
        }
    }
}

extension HistoryPage {
    /// The page as contacts may see it, which for them reaches up to an offset.
    fileprivate func seenByContact(under policy: Policy, to reached: UInt64) -> HistoryPage {
        HistoryPage(
            entries: entries.compactMap { $0.seenByContact(under: policy) },
            from: from,
            to: min(to, reached),
            hasMore: hasMore
        )
    }
}

extension ConversationScope {
    /// The conversations that a principal may see; `nil` where there are none.
    init?(of principal: Principal) {
        switch FeedInterest(of: principal) {
        case .staff: self = .all
        case .contact(let contact): self = .contact(contact)
        case .channel(let channel): self = .channel(channel)
        case .partner: return nil
        }
    }
}

extension SupportRequest {
    /// The request, where a principal may see it; forbidden and absent are the same.
    fileprivate func shown(to principal: Principal) throws(QueryError) -> SupportRequest {
        guard isVisible(to: principal) else { throw .notFound }
        return self
    }
}

extension RequestFilter {
    /// The filter, within what a principal may see; `nil` where it asks for something else.
    fileprivate func narrowed(to principal: Principal) -> RequestFilter? {
        guard !principal.isStaff else { return self }
        var filter = self
        filter.includesInternal = false
        switch ConversationScope(of: principal) {
        case .all: return filter
        case .contact(let own):
            guard contact == nil || contact == own else { return nil }
            filter.contact = own
        case .channel(let own):
            guard channel == nil || channel == own else { return nil }
            filter.channel = own
        case nil: return nil
        }
        return filter
    }

    /// The filter, for what the desk has to act on where it does not say what else.
    fileprivate var activeUnlessNamed: RequestFilter {
        guard categories.isEmpty, statuses.isEmpty, contact == nil, conversation == nil else {
            return self
        }
        var filter = self
        filter.categories = StatusCategory.allCases.filter(\.isActive)
        return filter
    }
}
