import DocketTestSupport
import Testing

@testable import DocketClient

@Suite("Ids, cursors and addresses survive the way to text and back")
struct ModelTests {
    @Test("An id is a UUID of version 7 and carries its moment")
    func identifier() {
        var random = SeededRandom()
        let moment = Timestamp(millisecondsSinceEpoch: 1_741_100_000_123)
        let id = MessageID(at: moment, random: &random)
        #expect(id.bytes[6] >> 4 == 7, "\(random.replay)")
        #expect(id.bytes[8] >> 6 == 0b10, "\(random.replay)")
        #expect(id.moment == moment)
        #expect(MessageID("\(id)") == id)
        #expect(MessageID(bytes: id.bytes) == id)
    }

    @Test("Later ids sort later")
    func order() {
        var random = SeededRandom()
        let earlier = MessageID(at: Timestamp(millisecondsSinceEpoch: 1), random: &random)
        let later = MessageID(at: Timestamp(millisecondsSinceEpoch: 2), random: &random)
        #expect(earlier < later, "\(random.replay)")
    }

    @Test(
        "What is no id is refused",
        arguments: [
            "", "0195", "0195f3a0-0000-7000-8000-00000000000", "0195f3a000007000800000000000000000",
            "0195f3a0-0000-7000-8000-00000000000g", "0195f3a0-0000-7000-8000-0000000000000",
        ]
    )
    func noIdentifier(text: String) {
        #expect(MessageID(text) == nil)
    }

    @Test("A cursor goes through text; what is none is refused")
    func cursor() throws {
        let cursor = try #require(Cursor("0102030405060708-42"))
        #expect(cursor.description == "0102030405060708-42")
        for text in ["", "42", "01020304050607-42", "0102030405060708-", "0102030405060708--1"] {
            #expect(Cursor(text) == nil, "\(text)")
        }
    }

    @Test("An address has a host and a port")
    func address() {
        #expect(Server(address: "desk.example:7400") == Server(host: "desk.example", port: 7400))
        #expect(Server(address: "[::1]:7400")?.description == "[::1]:7400")
        for text in ["desk.example", ":7400", "desk.example:70000", "::1:7400", ""] {
            #expect(Server(address: text) == nil, "\(text)")
        }
    }

    @Test("No description shows a secret")
    func secrets() throws {
        let secret = [UInt8](repeating: 0xAB, count: GuestKey.secretLength)
        let key = try #require(GuestKey(contactID: PartyID(), secret: secret))
        for credential in [
            Credential.guest(key), .apiKey("s3cret"), .login("ana", password: "s3cret"),
        ] {
            #expect(!"\(credential)".contains("s3cret"))
            #expect(!"\(credential)".contains("171"))
        }
        #expect(GuestKey(contactID: PartyID(), secret: []) == nil)
    }
}
