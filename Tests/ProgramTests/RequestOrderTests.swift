import Testing

@testable import DocketClient
@testable import docket

@Suite("The queue comes in the order that was asked for")
struct RequestOrderTests {
    private func request(
        _ number: UInt64,
        waiting: UInt64?,
        priority: String?,
        changed: UInt64
    ) -> SupportRequest {
        var request = SupportRequest(
            id: RequestID(),
            number: number,
            conversationID: ConversationID(),
            channel: "chat",
            contact: nil,
            status: "new",
            category: .new,
            assignee: nil,
            version: 1,
            openedAt: Timestamp(millisecondsSinceEpoch: 1),
            changedAt: Timestamp(millisecondsSinceEpoch: changed),
            sequence: 1,
            summary: "x"
        )
        request.waitingSince = waiting.map(Timestamp.init(millisecondsSinceEpoch:))
        request.details.priority = priority
        return request
    }

    @Test("By number, by wait, by change and by priority; what is equal stays by number")
    func orders() {
        let all = [
            request(1, waiting: nil, priority: nil, changed: 5),
            request(2, waiting: 9, priority: "low", changed: 9),
            request(3, waiting: 7, priority: "high", changed: 9),
            request(4, waiting: 7, priority: "high", changed: 7),
            request(5, waiting: 8, priority: "high", changed: 1),
        ]
        let ranks = ["low": 1, "high": 2]
        let expected: [RequestOrder: [UInt64]] = [
            .opened: [1, 2, 3, 4, 5], .waiting: [3, 4, 5, 2, 1], .changed: [2, 3, 4, 1, 5],
            .priority: [3, 4, 5, 2, 1],
        ]
        for order in RequestOrder.allCases {
            #expect(order.sorted(all, ranks: ranks).map(\.number) == expected[order], "\(order)")
        }
    }
}
