import Testing

@testable import DocketDomain

@Suite("What is known of a contact is checked before it is kept")
struct ContactFieldTests {
    @Test(
        "An e-mail address is kept without white space around it and with its domain in lower case",
        arguments: [
            ("ana@example.com", "ana@example.com"), (" \tAna@EXAMPLE.Com\n", "Ana@example.com"),
            ("a.b+c@sub.example.com", "a.b+c@sub.example.com"),
            ("ana@bücher.example", "ana@bücher.example"), ("ana@localhost", "ana@localhost"),
        ]
    )
    func goodEmail(written: String, kept: String) throws {
        let email = try EmailAddress(written, path: "email")
        #expect(email.text == kept)
        #expect(email.searchKey == kept.lowercased())
        #expect(try EmailAddress(email.text, path: "email") == email)
    }

    @Test(
        "What is no e-mail address is refused",
        arguments: [
            "ana", "@example.com", "ana@", "ana@@example.com", "a na@example.com", ".a@b.c",
            "a.@b.c", "a..b@c.d", "ana@-b.c", "ana@b-.c", "ana@b..c", "ana@b c", "ana@b\u{7}",
            "<ana@b.c>", "\"a\"@b.c", String(repeating: "a", count: 65) + "@b.c",
            "a@" + String(repeating: "b", count: 64) + ".c",
        ]
    )
    func badEmail(text: String) {
        #expect(throws: FieldFault("email", .invalid)) { try EmailAddress(text, path: "email") }
    }

    @Test("An e-mail address has at most 254 bytes, 64 of them before its sign")
    func longEmail() throws {
        let local = String(repeating: "a", count: 64)
        let label = String(repeating: "b", count: 62) + "."
        let longest = local + "@" + String(repeating: label, count: 3)
        #expect(longest.utf8.count == 254)
        #expect(try EmailAddress(longest.dropLast() + "c", path: "email").text.utf8.count == 254)
        #expect(throws: FieldFault("email", .tooLong(limit: 254))) {
            try EmailAddress(longest + "c", path: "email")
        }
        #expect(throws: FieldFault("email", .missing)) { try EmailAddress(" ", path: "email") }
    }

    @Test(
        "A phone number is kept as its digits, with the plus sign of an international one",
        arguments: [
            ("+49 (151) 12-34/5", "+4915112345"), ("112", "112"), ("0 44.123", "044123"),
            ("+123456789012345", "+123456789012345"), ("\u{A0}+1\u{2011}234 ", "+1234"),
        ]
    )
    func goodPhone(written: String, kept: String) throws {
        let phone = try PhoneNumber(written, path: "phone")
        #expect(phone.text == kept)
        #expect(try PhoneNumber(phone.text, path: "phone") == phone)
    }

    @Test(
        "What is no phone number is refused",
        arguments: ["12", "+12", "1234567890123456", "12+3", "++123", "12a3", "+", "٣٣٣"]
    )
    func badPhone(text: String) {
        #expect(throws: FieldFault("phone", .invalid)) { try PhoneNumber(text, path: "phone") }
    }

    @Test("A text that is far too long for a phone number is refused by its length")
    func longPhone() {
        #expect(throws: FieldFault("phone", .tooLong(limit: 64))) {
            try PhoneNumber("123" + String(repeating: " ", count: 61) + "4", path: "phone")
        }
        #expect(throws: FieldFault("phone", .missing)) { try PhoneNumber("", path: "phone") }
    }

    @Test("A language is a tag of BCP 47 of at most 35 bytes, or nothing")
    func language() throws {
        var edit = ContactEdit()
        for good in ["", "uk", "pt-BR", "zh-Hant-TW", "de-CH-1996", "sr-Latn-RS-x-abcdefgh"] {
            try edit.set(language: good)
            #expect(edit.language == good)
        }
        for bad in ["u", "1a", "pt_BR", "pt-", "-pt", "deutschland", "de-abcdefghi", "ü"] {
            #expect(throws: FieldFault("language", .invalid), "\(bad)") {
                try edit.set(language: bad)
            }
        }
        try edit.set(language: "de-" + String(repeating: "abcdefg-", count: 3) + "abcdefgh")
        #expect(edit.language?.utf8.count == 35)
        #expect(throws: FieldFault("language", .tooLong(limit: 35))) {
            try edit.set(language: String(repeating: "a-", count: 18))
        }
    }

    @Test("A time zone is a name of the database of at most 64 bytes, or nothing")
    func timeZone() throws {
        var edit = ContactEdit()
        for good in ["", "Europe/Kyiv", "America/Argentina/Ushuaia", "Etc/GMT+12", "UTC"] {
            try edit.set(timeZone: good)
            #expect(edit.timeZone == good)
        }
        for bad in ["/Europe", "Europe/", "Europe//Kyiv", "Europe Kyiv", "../etc", "Ö"] {
            #expect(throws: FieldFault("time_zone", .invalid), "\(bad)") {
                try edit.set(timeZone: bad)
            }
        }
        try edit.set(timeZone: String(repeating: "a", count: 64))
        #expect(throws: FieldFault("time_zone", .tooLong(limit: 64))) {
            try edit.set(timeZone: String(repeating: "a", count: 65))
        }
    }

    @Test("A client category is a key of at most 64 bytes, or nothing")
    func category() throws {
        var edit = ContactEdit()
        for good in ["", "vip", "tier_2-b", String(repeating: "a", count: 64)] {
            try edit.set(clientCategory: good)
            #expect(edit.clientCategory == good)
        }
        #expect(throws: FieldFault("client_category", .invalid)) {
            try edit.set(clientCategory: "very important")
        }
        #expect(throws: FieldFault("client_category", .tooLong(limit: 64))) {
            try edit.set(clientCategory: String(repeating: "a", count: 65))
        }
    }

    @Test("A name says something, in at most 128 bytes")
    func name() throws {
        var edit = ContactEdit()
        try edit.set(name: " Ana ")
        #expect(edit.name == "Ana")
        try edit.set(name: String(repeating: "ä", count: 64))
        #expect(throws: FieldFault("name", .missing)) { try edit.set(name: " ") }
        #expect(throws: FieldFault("name", .tooLong(limit: 128))) {
            try edit.set(name: String(repeating: "a", count: 129))
        }
    }

    @Test("A list has as many entries as it may, each once, and a fault names its place")
    func lists() throws {
        var edit = ContactEdit()
        let emails = (0..<16).map { "a\($0)@b.c" }
        try edit.set(emails: emails)
        #expect(edit.emails?.count == 16)
        #expect(throws: FieldFault("emails", .tooMany(limit: 16))) {
            try edit.set(emails: emails + ["z@b.c"])
        }
        #expect(throws: FieldFault("emails[1]", .invalid)) { try edit.set(emails: ["a@b.c", "x"]) }
        #expect(throws: FieldFault("emails[2]", .repeated)) {
            try edit.set(emails: ["a@b.c", "d@b.c", "a@B.c"])
        }
        let phones = (100..<116).map(String.init)
        try edit.set(phones: phones)
        #expect(throws: FieldFault("phones", .tooMany(limit: 16))) {
            try edit.set(phones: phones + ["999"])
        }
        #expect(throws: FieldFault("phones[1]", .repeated)) {
            try edit.set(phones: ["1 23", "123"])
        }
        try edit.set(emails: [])
        #expect(edit.emails == [])
    }

    @Test("Attributes have keys of 64 bytes, values of 256, and each key once; there are 32")
    func attributes() throws {
        var edit = ContactEdit()
        let key = String(repeating: "k", count: 64)
        let value = String(repeating: "v", count: 256)
        try edit.set(attributes: [
            ContactAttribute(key: key, value: value), ContactAttribute(key: "a", value: ""),
        ])
        #expect(edit.attributes?.map(\.key) == ["a", key])
        let cases: [([ContactAttribute], FieldFault)] = [
            ([.init(key: "", value: "v")], FieldFault("attributes[0].key", .missing)),
            (
                [.init(key: key + "k", value: "")],
                FieldFault("attributes[0].key", .tooLong(limit: 64))
            ),
            (
                [.init(key: "k", value: value + "v")],
                FieldFault("attributes[0].value", .tooLong(limit: 256))
            ),
            (
                [.init(key: "k", value: "1"), .init(key: "k", value: "2")],
                FieldFault("attributes[1]", .repeated)
            ),
            (
                (0..<33).map { .init(key: "\($0)", value: "") },
                FieldFault("attributes", .tooMany(limit: 32))
            ),
        ]
        for (pairs, fault) in cases {
            #expect(throws: fault) { try edit.set(attributes: pairs) }
        }
        try edit.set(attributes: (0..<32).map { .init(key: "\($0)", value: "") })
    }
}
