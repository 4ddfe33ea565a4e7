package import DocketDomain
package import DocketStore
package import Foundation

/// A page of a request's messages.
package struct MessagePage: Sendable {
    /// The messages, by their places.
    package let messages: [StoredMessage]
    /// Whether there are more.
    package let hasMore: Bool
}

/// A page of policies.
package struct PolicyPage: Sendable {
    /// The policies, the newest first.
    package let policies: [PolicyRecord]
    /// What gives the next page; `nil` on the last.
    package let nextPage: Data?
}

extension Desk {
    /// Gives the messages that belong to a request now, above a place, to a principal who may see
    /// the request, as it may see them.
    ///
    /// A request for which more entries of the log would have to be looked at than the desk's limit
    /// is refused as one of too many.
    package func messages(
        of request: RequestID,
        for principal: Principal,
        after sequence: UInt64,
        limit: Int
    ) async throws(QueryError) -> MessagePage {
        let count = min(max(limit, 1), limits.pageEntries)
        let bound = limits.examinedEntries
        let policy = policy
        return try await query { reading throws(QueryError) -> MessagePage in
            let found = try Self.known(request, in: reading)
            guard found.isVisible(to: principal) else { throw .notFound }
            let all = try storing { () throws(StoreError) in
                try reading.messages(of: found, lookingAt: bound)
            }
            guard let all else { throw .tooMany(field: "entries", limit: bound) }
            let rest = all.drop { $0.sequence <= sequence }
            let page = rest.prefix(count).compactMap { stored in
                principal.isStaff ? stored : stored.seenByContact(under: policy)
            }
            return MessagePage(messages: page, hasMore: rest.count > count)
        }
    }

    /// Gives the requests before and after one in its conversation, to the staff.
    package func neighbours(
        of request: RequestID
    ) async throws(QueryError) -> (previous: SupportRequest?, next: SupportRequest?) {
        try await query { reading throws(QueryError) in
            let found = try Self.known(request, in: reading)
            return try storing { () throws(StoreError) in try reading.neighbours(of: found) }
        }
    }

    private static func known(
        _ id: RequestID,
        in reading: any StoreReading
    ) throws(QueryError) -> SupportRequest {
        let found = try storing { () throws(StoreError) in
            try reading.situation(ofRequest: id).request
        }
        guard let found else { throw .notFound }
        return found
    }

    // MARK: Policies

    /// Gives a policy that came into force; the one in force without a version.
    package func policy(version: UInt64?) async throws(QueryError) -> PolicyRecord {
        try await queryLog { reading throws(QueryError) -> PolicyRecord in
            let found = try storing { () throws(StoreError) -> PolicyRecord? in
                guard let version else { return try reading.currentPolicy() }
                return try reading.policy(version: version)
            }
            guard let found else { throw .notFound }
            return found
        }
    }

    /// Lists the policies, the newest first; no page means the first.
    package func policies(page: Data?, limit: Int) async throws(QueryError) -> PolicyPage {
        let count = min(max(limit, 1), limits.pageEntries)
        let epoch = position.epoch
        let token = try PageToken.parse(page, of: .policies, epoch: epoch)
        return try await queryLog { reading throws(QueryError) -> PolicyPage in
            let found = try storing { () throws(StoreError) in
                try reading.policies(before: token?.place ?? .max, limit: count + 1)
            }
            let page = Array(found.prefix(count))
            let next = found.count > count ? page.last : nil
            let token = next.map { PageToken(.policies, epoch: epoch, place: $0.version) }
            return PolicyPage(policies: page, nextPage: token?.data)
        }
    }

    /// What requests use of the policy in force and another lacks.
    package func whatIsUsed(without policy: Policy) async throws(QueryError) -> [String] {
        let current = self.policy
        return try await query { reading throws(QueryError) -> [String] in
            try storing { () throws(StoreError) in
                try Self.whatIsUsed(of: current, without: policy, in: reading)
            }
        }
    }
}
