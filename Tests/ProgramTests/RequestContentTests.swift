import DocketClient
import Testing

@testable import docket

@Suite("What belongs to a request is found")
struct RequestContentTests {
    @Test("As many messages are shown as were asked for, whatever holes their places have")
    func newestMessages() async throws {
        let places: [UInt64] = [1, 2, 3, 90, 99, 100]
        for (limit, expected) in [
            (nil, places), (2, [99, 100]), (4, [3, 90, 99, 100]), (6, places), (200, places),
        ] as [(UInt64?, [UInt64])] {
            let messages = try await RequestContent.newest(limit, upTo: 100) {
                place throws(DocketClientError) in
                places.filter { $0 > place }
            }
            #expect(messages == expected)
        }
        let none = try await RequestContent.newest(5, upTo: 0) {
            (_) throws(DocketClientError) -> [UInt64] in []
        }
        #expect(none.isEmpty)
    }
}
