import DocketClient
import Testing

@testable import docket_chat

@Suite("A line of a relay is an order, or says what is wrong with it")
struct ChannelOrderTests {
    private static let id = "0195f3a0-0000-7000-8000-000000000000"

    private func message() throws -> MessageID { try #require(MessageID(Self.id)) }

    private func action(_ fields: String) throws -> ChannelOrder.Action {
        try ChannelOrder(#"{"id":"1",\#(fields)}"#).action
    }

    private func fault(_ line: String) -> OrderFault? {
        do throws(OrderFault) {
            _ = try ChannelOrder(line)
            return nil
        } catch {
            return error
        }
    }

    @Test("What a contact has said is named by the other system's ids")
    func ingest() throws {
        let least = try action(#""command":"ingest","external_id":"8","contact":"+1","text":"Hi""#)
        let hi = ChannelOrder.Said(externalID: "8", contact: "+1", name: "+1", text: "Hi")
        #expect(least == .ingest(hi))
        let most = try action(
            #"""
            "command":"ingest","external_id":"8","contact":"+1","name":"Ana","text":"Hi",
            "title":"Lamp","sent_at":"2025-03-04T14:03:20.456Z","in_reply_to":["7","6"],
            "files":["files/a.png"]
            """#
        )
        let said = ChannelOrder.Said(
            externalID: "8",
            contact: "+1",
            name: "Ana",
            text: "Hi",
            title: "Lamp",
            sentAt: Timestamp(millisecondsSinceEpoch: 1_741_097_000_456),
            inReplyTo: ["7", "6"],
            files: ["files/a.png"]
        )
        #expect(most == .ingest(said))
        let file = try action(
            #""command":"ingest","external_id":"8","contact":"+1","files":"a","in_reply_to":"7""#
        )
        guard case .ingest(let brought) = file else {
            Issue.record("\(file)")
            return
        }
        #expect(brought.files == ["a"] && brought.inReplyTo == ["7"] && brought.text.isEmpty)
    }

    @Test("A name that is made of a contact's id fits the desk and breaks no character")
    func madeName() throws {
        let contact = String(repeating: "é", count: 127)
        let made = try action(
            #""command":"ingest","external_id":"8","contact":"\#(contact)","text":"Hi""#
        )
        guard case .ingest(let said) = made else {
            Issue.record("\(made)")
            return
        }
        #expect(said.contact == contact)
        #expect(said.name == String(repeating: "é", count: 64))
    }

    @Test("Every other order is read")
    func others() throws {
        let message = try message()
        let file = try #require(AttachmentID(Self.id))
        let delivery = #""delivery":"\#(Self.id)""#
        let orders: [(String, ChannelOrder.Action)] = [
            (
                #""command":"reserve",\#(delivery),"external_id":"o""#,
                .reserve(message, externalID: "o")
            ),
            (#""command":"confirm",\#(delivery)"#, .confirm(message, externalID: nil)),
            (
                #""command":"confirm",\#(delivery),"external_id":"o""#,
                .confirm(message, externalID: "o")
            ),
            (
                #""command":"confirm",\#(delivery),"external_id":null"#,
                .confirm(message, externalID: nil)
            ),
            (#""command":"retry",\#(delivery),"seconds":30"#, .postpone(message, seconds: 30)),
            (#""command":"retry",\#(delivery),"seconds":0"#, .postpone(message, seconds: 0)),
            (#""command":"retry","message":"\#(Self.id)""#, .retry(message)),
            (
                #""command":"fail",\#(delivery),"reason":"no such number""#,
                .fail(message, reason: "no such number")
            ),
            (
                #""command":"download",\#(delivery),"attachment":"\#(Self.id)","path":"a""#,
                .download(file, of: message, path: "a")
            ),
            (#""command":"parked""#, .parked), (#""command":"condition""#, .condition),
            (#""command":"discard","message":"\#(Self.id)""#, .discard(message)),
        ]
        for (fields, expected) in orders {
            #expect(try action(fields) == expected, "\(fields)")
        }
    }

    @Test(
        "A line that is no order has a code, and its id where that can be read",
        arguments: [
            ("", .notAnObject, nil), ("not JSON", .notAnObject, nil), ("[1]", .notAnObject, nil),
            (#""text""#, .notAnObject, nil), ("{", .notAnObject, nil),
            (#"{"id":"1"} x"#, .notAnObject, nil), ("{}", .noID, nil),
            (#"{"id":1,"command":"parked"}"#, .noID, nil),
            (#"{"id":"","command":"parked"}"#, .noID, nil),
            (#"{"id":null,"command":"parked"}"#, .noID, nil),
            (#"{"id":"1"}"#, .unknownCommand, "1"),
            (#"{"id":"1","command":7}"#, .unknownCommand, "1"),
            (#"{"id":"1","command":"dance"}"#, .unknownCommand, "1"),
            (#"{"id":"1","command":"send","text":"Hi"}"#, .unknownCommand, "1"),
            (#"{"id":"1","command":"parked","all":true}"#, .unknownField, "1"),
            (#"{"id":"1","command":"confirm"}"#, .missingField, "1"),
            (#"{"id":"1","command":"confirm","delivery":"8"}"#, .invalidField, "1"),
            (#"{"id":"1","command":"confirm","delivery":null}"#, .missingField, "1"),
            (#"{"id":"1","command":"retry"}"#, .missingField, "1"),
        ] as [(String, OrderFault.Code, String?)]
    )
    func faults(line: String, code: OrderFault.Code, id: String?) {
        let fault = fault(line)
        #expect(fault?.code == code && fault?.id == id, "\(line): \(fault?.message ?? "none")")
        #expect(fault?.message.isEmpty == false)
    }

    @Test("An id of an order may have 256 bytes, and not one more")
    func longID() {
        let id = String(repeating: "x", count: 256)
        #expect(fault(#"{"id":"\#(id)","command":"parked"}"#) == nil)
        #expect(fault(#"{"id":"\#(id)x","command":"parked"}"#)?.code == .noID)
    }

    @Test(
        "Every field of what a contact says is held to what the desk takes",
        arguments: [
            ("external_id", [#""""#, "7", "[]", #""\#(x(1_025))""#]),
            ("contact", [#""""#, "{}", #""\#(x(257))""#]), ("name", [#""""#, #""\#(x(129))""#]),
            ("text", ["7", #""\#(x(16_385))""#]), ("title", [#""""#, #""\#(x(257))""#]),
            ("sent_at", [#""now""#, "7", #""2025-13-04T14:03:20Z""#, #""""#]),
            ("sent_at", [#""1969-12-31T23:59:59Z""#]),
            ("in_reply_to", ["7", #"[""]"#, "[7]", #""""#, #"["a",["b"]]"#, list(33)]),
            ("files", ["7", #"[""]"#, #"[{"path":"a"}]"#, list(11), #""\#(x(4_097))""#]),
        ] as [(String, [String])]
    )
    func ranges(name: String, values: [String]) {
        for value in values {
            var fields = ["external_id": #""8""#, "contact": #""+1""#, "text": #""Hi""#]
            fields[name] = value
            let content = fields.map { #""\#($0.key)":\#($0.value)"# }.joined(separator: ",")
            let fault = fault(#"{"id":"1","command":"ingest",\#(content)}"#)
            #expect(fault?.code == .invalidField, "\(name): \(value.prefix(40))")
            #expect(fault?.message.hasPrefix(#""\#(name)" takes "#) == true)
        }
    }

    @Test("What a contact says has ids, and a text or a file")
    func missing() {
        for fields in [
            #""contact":"+1","text":"Hi""#, #""external_id":"8","text":"Hi""#,
            #""external_id":"8","contact":"+1""#, #""external_id":"8","contact":"+1","text":"""#,
            #""external_id":"8","contact":"+1","files":[]"#,
        ] {
            let fault = fault(#"{"id":"1","command":"ingest",\#(fields)}"#)
            #expect(fault?.code == .missingField, "\(fields)")
        }
    }

    @Test("A field that is misspelled is named, with those that there are")
    func misspelled() {
        let line = #"{"id":"1","command":"fail","delivery":"\#(Self.id)","reson":"gone"}"#
        #expect(
            fault(line)?.message == #"fail has no field "reson": it takes delivery, reason"#
        )
        let long = #"{"id":"1","command":"parked","\#(Self.x(9_000))":1}"#
        #expect(fault(long)?.message.utf8.count ?? 0 < 200)
    }

    @Test(
        "A wait is a whole number of seconds of at most a day",
        arguments: ["-1", "86401", "1.5", "1e99", #""30""#, "true", "[30]"]
    )
    func waits(seconds: String) {
        let line =
            #"{"id":"1","command":"retry","delivery":"\#(Self.id)","seconds":\#(seconds)}"#
        #expect(fault(line)?.code == .invalidField)
    }

    private static func x(_ count: Int) -> String { String(repeating: "x", count: count) }

    private static func list(_ count: Int) -> String {
        "[" + Array(repeating: #""a""#, count: count).joined(separator: ",") + "]"
    }
}
