import Testing

@testable import DocketStore

@Suite("What people write to find something")
struct SearchQueryTests {
    private func matches(_ query: String, _ text: String) throws -> Bool {
        try SearchQuery(query).matches(text)
    }

    @Test("Words are found wherever they stand, without regard to case and diacritics")
    func words() throws {
        #expect(try matches("BRULEE creme", "Crème brûlée für alle"))
        #expect(try matches("crème", "creme"))
        #expect(try matches("cafe\u{301}", "Café"))
        #expect(try matches("мир", "Привет МИР"))
        #expect(try matches("istanbul", "İstanbul"))
        #expect(try matches("3348917502", "Order ID: 3348917502."))
        #expect(try !matches("creme", "cremes"))
        #expect(try !matches("creme caramel", "crème brûlée"))
    }

    @Test(
        "Neither case nor marks make a difference, in whatever script",
        arguments: [
            ("ΣΙΣΥΦΟΣ", "Σίσυφος"), ("σίσυφος", "ΣΙΣΥΦΟΣ"), ("елка", "Ёлка"), ("ЁЛКА", "елка"),
            ("istanbul", "İSTANBUL"), ("İstanbul", "istanbul"), ("ısparta", "ISPARTA"),
            ("strasse", "Straße"), ("STRASSE", "straße"), ("straße", "STRASSE"),
            ("кии", "Кий"), ("ﬁle", "FILE"), ("Ａｂｃ", "abc"), ("ｶﾀｶﾅ", "カタカナ"),
            ("שלום", "שָׁלוֹם"), ("مدرسه", "مَدْرَسَه"), ("angstrom", "Ångström"), ("à", "a\u{300}"),
            ("tieng viet", "Tiếng Việt"), ("co-operate", "co\u{AD}-operate"),
            ("soft", "so\u{AD}ft"), ("zero", "ze\u{200B}ro"), ("ﬀ", "FF"), ("ǆ", "Ǆ"),
            ("ΑΪ", "αι"), ("½", "½"),
        ]
    )
    func folding(query: String, text: String) throws {
        #expect(try matches(query, "x \(text) y"), "\(SearchWords.folded(text))")
        #expect(SearchWords.folded(query) == SearchWords.folded(text) || query == "½")
    }

    @Test("Letters that only look alike stay different")
    func different() throws {
        #expect(try !matches("мир", "мор"))
        #expect(try !matches("कि", "की"), "a vowel is part of its letter")
        #expect(try !matches("กา", "กี"))
        #expect(try !matches("かき", "かぎ") && matches("ｶﾞｷﾞ", "ガギ"))
        #expect(try !matches("o", "о"), "Latin and Cyrillic")
    }

    @Test(
        "A word of a script without spaces is found within a run",
        arguments: [
            ("京都", "私は京都に住んでいます", true), ("住んで", "私は京都に住んでいます", true),
            ("都京", "私は京都に住んでいます", false), ("打印机", "我的打印机坏了", true),
            ("坏", "我的打印机坏了", true), ("ประเทศ", "ฉันรักประเทศไทย", true),
            ("ไทย", "ฉันรักประเทศไทย", true), ("打印 坏了", "我的打印机坏了", true),
            ("printer坏", "我的printer坏了", true), ("ភាសា", "ភាសាខ្មែរ", true),
        ]
    )
    func withoutSpaces(query: String, text: String, isFound: Bool) throws {
        #expect(try matches(query, text) == isFound)
    }

    @Test("What the index gets divides again into the same words")
    func stable() {
        let texts = ["Crème brûlée, 2½ für ALLE!", "Σίσυφος ﷺ ①②", "私はABCです", "नमस्ते दुनिया", "a\u{0}b"]
        for text in texts {
            let folded = SearchWords.folded(text)
            #expect(SearchWords.folded(folded) == folded, "\(text)")
        }
    }

    @Test("The words of a phrase stand next to each other, in its order")
    func phrases() throws {
        #expect(try matches("\"wrong size\"", "I got the wrong size."))
        #expect(try matches("\"wrong, SIZE", "the wrong  size"))
        #expect(try !matches("\"size wrong\"", "the wrong size"))
        #expect(try !matches("\"wrong size\"", "the wrong or right size"))
        #expect(try matches("e-mail", "my E-Mail address"))
        #expect(try !matches("e-mail", "mail e"))
        #expect(try matches("the\"wrong size\"", "the wrong size"))
    }

    @Test("An asterisk finds words by their beginning, also the last of a phrase")
    func prefixes() throws {
        #expect(try matches("ret*", "the return"))
        #expect(try matches("return*", "the return"))
        #expect(try !matches("turn*", "the return"))
        #expect(try matches("\"the ret\"*", "the return"))
        #expect(try !matches("\"th ret\"*", "the return"))
        #expect(try !matches("re*rn", "the return"), "elsewhere it parts words")
        #expect(try matches("ret**", "the return"))
    }

    @Test("A beginning of one character does not count, and one of two does")
    func shortPrefixes() throws {
        #expect(try SearchQuery("return x*").expression == "\"return\"")
        #expect(try SearchQuery("\"the return x\"*").expression == "\"the return\"")
        #expect(try SearchQuery("xy*").expression == "\"xy\" *")
        #expect(throws: SearchQueryError.withoutTerm) { try SearchQuery("x*") }
        #expect(throws: SearchQueryError.withoutTerm) { try SearchQuery("é* x*") }
        #expect(try SearchQuery("京都*").expression == "\"京 都\"", "each is a whole word")
    }

    @Test(
        "What other languages take for an operator is literal text",
        arguments: ["NOT", "OR", "AND", "NEAR", "text", "a-b", "x:y", "(z", "^w", "q+r", "s;--"]
    )
    func literals(word: String) throws {
        #expect(try matches(word, "before \(word) after"))
        #expect(try !matches("absent \(word)", "before \(word) after"))
    }

    @Test("Each term becomes a string of the index's language, and nothing becomes its syntax")
    func expressions() throws {
        #expect(
            try SearchQuery("one NEAR(two \"three four\"* fi* !! text:six'\u{0}seven").expression
                == #""one" "near two" "three four" * "fi" * "text six" "seven""#
        )
    }

    @Test("A query of exactly the limits is one, and one beyond is none")
    func limits() throws {
        let longest = String(repeating: "ä", count: 127) + " b"
        #expect(longest.utf8.count == SearchQuery.longestText)
        #expect(try SearchQuery(longest).terms.count == 2)
        #expect(throws: SearchQueryError.tooLong) { try SearchQuery(longest + "b") }
        let most = (0..<16).map { "w\($0)" }.joined(separator: " ")
        #expect(try SearchQuery(most).terms.count == SearchQuery.mostTerms)
        #expect(throws: SearchQueryError.tooManyTerms) { try SearchQuery(most + " x") }
        #expect(try SearchQuery(most + " ! ?").terms.count == 16)
        #expect(throws: SearchQueryError.empty) { try SearchQuery("") }
    }

    @Test(
        "A text that names nothing to be found is no query",
        arguments: [" ", "*", "\"", "\"\"", "\"!?\" -", "\u{0}", "\u{301}", "…", "\"*\"*"]
    )
    func nothing(text: String) {
        #expect(throws: SearchQueryError.withoutTerm) { try SearchQuery(text) }
    }

    @Test("The first match reaches over the words of the longest term there")
    func firstMatch() throws {
        let text = "The wrong size; the WRÖNG size!"
        let match = try SearchQuery("size \"wrong size\"").firstMatch(in: text)
        #expect(match.map { text[$0] } == "wrong size")
        let prefix = try SearchQuery("si*").firstMatch(in: text)
        #expect(prefix.map { text[$0] } == "size")
        #expect(try SearchQuery("absent").firstMatch(in: text) == nil)
    }
}
