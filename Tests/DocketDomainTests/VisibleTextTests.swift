import Testing

@testable import DocketDomain

@Suite("A name is something that people can see")
struct VisibleTextTests {
    @Test(
        "Blanks and what has no picture are no name",
        arguments: [
            "", " ", "\t", "\u{A0}", "\u{2003}", "\u{3000}", "\u{1680}", "\u{200B}", "\u{200D}",
            "\u{FEFF}", "\u{2060}", "\u{3164}", "\u{115F}", "\u{FFA0}", "\u{2800}", "\u{AD}",
            "\u{202E}", "\u{E0020}", "\u{FE0F}", "\u{301}", "\u{7F}", "\n", " \u{200B}\u{A0} ",
            "\u{180E}", "\u{34F}",
        ]
    )
    func blank(name: String) {
        #expect(!name.isVisible)
        #expect(throws: FieldFault.self) { try ContactText.name(name, path: "name") }
    }

    @Test(
        "Whatever has a letter, a digit or a sign is one",
        arguments: ["a", " 1 ", "Ж", "名", "👍", "-"]
    )
    func visible(name: String) {
        #expect(name.isVisible)
    }
}
