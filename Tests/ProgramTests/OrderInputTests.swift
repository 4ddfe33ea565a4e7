import DocketConsole
import Testing

@testable import docket_chat

@Suite("Orders are lines with numbers, and a bad one stops nothing")
struct OrderInputTests {
    @Test("Empty lines count and are passed over, and each bad line has its number and its code")
    func lines() async throws {
        let long = String(repeating: "x", count: StandardInput.longestLine + 1)
        let order = #"{"id":"1","command":"parked"}"#
        let read = try await withInput("\n\(order)\n  \nx\n\(long)\n\(order)") { input in
            var input = OrderInput(input)
            var read: [String] = []
            while let line = try await input.next(ChannelOrder.init) {
                switch line.order {
                case .success(let order): read.append("\(line.number) \(order.id)")
                case .failure(let fault): read.append("\(line.number) \(fault.code.rawValue)")
                }
            }
            return read
        }
        #expect(read == ["2 1", "4 not_an_object", "5 line_too_long", "6 1"])
    }
}
