import Testing

@testable import docket_channel_bridge

@Suite("A text is read in its character set")
struct CharacterSetTests {
    @Test(
        "Sets that mails use are converted",
        arguments: [
            ("utf-8", [0xC3, 0xBC], "ü"), ("ISO-8859-1", [0xFC], "ü"),
            ("iso-8859-1", [0x93, 0x80], "“€"), ("windows-1251", [0xCF, 0xF0], "Пр"),
            ("koi8-r", [0xF0, 0xD2], "Пр"), ("shift_jis", [0x93, 0xFA], "日"),
            ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x1B, 0x28, 0x42], "日"),
            ("gb2312", [0xC4, 0xE3], "你"), ("big5", [0xA7, 0x41], "你"),
            ("utf-16", [0xFE, 0xFF, 0x00, 0x41], "A"), ("us-ascii", [0x41], "A"),
        ] as [(String, [UInt8], String)]
    )
    func known(set: (name: String, bytes: [UInt8], text: String)) {
        #expect(CharacterSet(set.name).text(of: set.bytes) == set.text)
    }

    @Test("What is no character of the set is replaced, and nothing after it is lost")
    func wrong() {
        #expect(CharacterSet("utf-8").text(of: [0x41, 0xFF, 0x42]) == "A\u{FFFD}B")
        #expect(CharacterSet("shift_jis").text(of: [0x41, 0xFD, 0x42]) == "A\u{FFFD}B")
        #expect(CharacterSet("shift_jis").text(of: [0x41, 0x93]) == "A\u{FFFD}")
        let long = [UInt8](repeating: 0x93, count: 100_000)
        #expect(CharacterSet("windows-1252").text(of: long).count == 100_000)
    }

    @Test("A set that nobody knows, or none, is UTF-8 if it can be and Windows' set otherwise")
    func unknown() {
        for name in ["x-unknown", "", "us-ascii", "\u{0}", "utf-8//TRANSLIT\"", "8bit"] {
            #expect(CharacterSet(name).text(of: [0xC3, 0xBC]) == "ü")
            #expect(CharacterSet(name).text(of: [0x41, 0xFC]) == "Aü")
        }
        #expect(CharacterSet(nil).text(of: []) == "")
    }
}
