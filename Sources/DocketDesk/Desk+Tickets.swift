package import DocketDomain
internal import DocketStore
package import Foundation

extension Desk {
    /// Gives what a partner calls by an external key.
    package func ticket(
        externalKey: String,
        of partner: PrincipalID
    ) async throws(QueryError) -> SupportRequest {
        try await query { reading throws(QueryError) -> SupportRequest in
            let found = try storing { () throws(StoreError) in
                try reading.ticket(of: partner, externalKey: externalKey).flatMap {
                    ticket throws(StoreError) in
                    try reading.situation(ofRequest: ticket.request).request
                }
            }
            guard let found else { throw .notFound }
            return found
        }
    }

    /// Lists what a partner has pushed under external keys that begin so, by the bytes of the keys;
    /// no page means the first.
    ///
    /// More requests than the longest page has count as that.
    package func tickets(
        of partner: PrincipalID,
        prefix: String,
        page: Data?,
        limit: Int
    ) async throws(QueryError) -> RequestPage {
        let count = min(max(limit, 1), limits.pageEntries)
        let epoch = position.epoch
        let last = try NamePageToken.place(page, of: .tickets, epoch: epoch).name
        return try await query { reading throws(QueryError) -> RequestPage in
            try storing { () throws(StoreError) in
                let found = try reading.tickets(
                    of: partner,
                    prefix: prefix,
                    after: last,
                    limit: count + 1
                )
                var requests: [SupportRequest] = []
                for ticket in found.prefix(count) {
                    guard let request = try reading.situation(ofRequest: ticket.request).request
                    else { throw .corrupted("the request of a ticket is missing") }
                    requests.append(request)
                }
                let next = found.count > count ? found[count - 1].externalKey : nil
                let token = next.map { key in
                    let place = ContactPlace(name: key, ordinal: 0)
                    return NamePageToken(.tickets, epoch: epoch, place: place)
                }
                return RequestPage(requests: requests, nextPage: token?.data)
            }
        }
    }
}
