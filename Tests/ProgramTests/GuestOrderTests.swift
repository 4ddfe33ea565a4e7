import DocketClient
import Testing

@testable import docket_chat

@Suite("A program that speaks for a guest orders by lines")
struct GuestOrderTests {
    private static let id = "0195f3a0-0000-7000-8000-000000000000"

    @Test("Every order is read")
    func orders() throws {
        let message = try #require(MessageID(Self.id))
        let conversation = try #require(ConversationID(Self.id))
        let request = try #require(RequestID(Self.id))
        let ids = #""message":"\#(Self.id)","conversation":"\#(Self.id)","request":"\#(Self.id)""#
        let orders: [(String, GuestOrder.Action)] = [
            (#""command":"send","text":"Hi""#, .send("Hi", nil, nil, nil)),
            (#""command":"send","text":"",\#(ids)"#, .send("", message, conversation, request)),
            (#""command":"open""#, .open(channel: nil)),
            (#""command":"open","channel":"chat""#, .open(channel: "chat")),
            (#""command":"retry","message":"\#(Self.id)""#, .retry(message)),
            (#""command":"discard","message":"\#(Self.id)""#, .discard(message)),
        ]
        for (fields, action) in orders {
            #expect(try GuestOrder(#"{"id":"1",\#(fields)}"#).action == action, "\(fields)")
        }
    }

    @Test(
        "A line that is no order has a code",
        arguments: [
            ("null", .notAnObject), (#"{"command":"open"}"#, .noID),
            (#"{"id":"1","command":"ingest"}"#, .unknownCommand),
            (#"{"id":"1","command":"send"}"#, .missingField),
            (#"{"id":"1","command":"send","text":1}"#, .invalidField),
            (#"{"id":"1","command":"send","text":"Hi","conversation":"here"}"#, .invalidField),
            (#"{"id":"1","command":"open","external_id":"+1"}"#, .unknownField),
            (#"{"id":"1","command":"open","channel":""}"#, .invalidField),
            (#"{"id":"1","command":"retry"}"#, .missingField),
            (#"{"id":"1","command":"discard","message":"x"}"#, .invalidField),
        ] as [(String, OrderFault.Code)]
    )
    func faults(line: String, code: OrderFault.Code) {
        #expect {
            _ = try GuestOrder(line)
        } throws: { error in
            (error as? OrderFault)?.code == code
        }
    }
}
