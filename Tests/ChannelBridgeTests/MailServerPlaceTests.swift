import Testing

@testable import docket_channel_bridge

@Suite("A mail server's place is HOST:PORT")
struct MailServerPlaceTests {
    @Test(
        "Places of this machine need no protection",
        arguments: ["localhost:25", "127.0.0.1:2525", "127.8.0.1:25", "[::1]:25", "LOCALHOST:25"]
    )
    func here(text: String) throws {
        #expect(try #require(MailServerPlace(text)).isOfThisMachine)
    }

    @Test(
        "Places of other machines do",
        arguments: ["mail.example.org:587", "10.0.0.1:25", "[2001:db8::1]:25", "127.0.0.1.org:25"]
    )
    func elsewhere(text: String) throws {
        #expect(try !#require(MailServerPlace(text)).isOfThisMachine)
    }

    @Test(
        "What is no place is refused",
        arguments: [
            "", ":25", "host", "host:", "host:0", "host:99999", "a/b:25", "user@host:25",
            "host:25/path", "[]:25", "[host]:25", "ho st:25", "::1:25",
        ]
    )
    func wrong(text: String) {
        #expect(MailServerPlace(text) == nil)
    }
}
