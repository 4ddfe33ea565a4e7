internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// Requests drawn at random from all that a desk has.
struct RequestSample {
    /// The desk has none.
    struct Nothing: Error, CustomStringConvertible {
        var description: String { "the desk has no requests; fill its store with docket-fill" }
    }

    /// The requests, in no order.
    let requests: [Docket_V1_Request]

    /// Draws so many, some of them perhaps twice, as an agent.
    init(of count: Int, over channel: any CallChannel) async throws {
        let caller = RequestsCaller(channel: channel)
        var newest = Docket_V1_ListRequestsCall()
        newest.categories = Self.everyCategory
        newest.newestFirst = true
        newest.limit = 1
        guard let last = try await caller.list(newest).requests.first else { throw Nothing() }
        var requests: [Docket_V1_Request] = []
        for _ in 0..<count {
            var call = Docket_V1_GetRequestCall()
            call.number = UInt64.random(in: 1...last.number)
            requests.append(try await caller.get(call).request)
        }
        self.requests = requests
    }

    /// What a list names that is to leave nothing out.
    static let everyCategory: [Docket_V1_StatusCategory] = [
        .categoryNew, .categoryOpen, .categoryWaiting, .categoryResolved, .categoryClosed,
    ]

    /// Different conversations on a channel, so many at most.
    func conversations(on channel: String, atMost limit: Int) -> [Data] {
        var known: Set<Data> = []
        let fresh = requests.filter {
            $0.channel == channel && known.insert($0.conversationID).inserted
        }
        return fresh.prefix(limit).map(\.conversationID)
    }
}
