import Testing

@testable import docket_channel_bridge

@Suite("A page becomes text")
struct HTMLTextTests {
    @Test(
        "A reader sees what a browser without styles would show",
        arguments: [
            ("<p>one</p><p>two</p>", "one\n\ntwo"), ("a<br>b<br/>c", "a\nb\nc"),
            ("  a \n b  ", "a b"), ("<ul><li>x<li>y</ul>", "- x\n- y"),
            ("<b>bo</b>ld", "bold"), ("a<td>b</td><td>c", "a b c"),
            ("1 < 2 &amp; 3 &gt; 2", "1 < 2 & 3 > 2"),
            ("&#228;&#xE4;&auml;&nope;&", "äää&nope;&"),
            ("<style>p {}</style>x<script>alert('</p>')</script>y", "xy"),
            ("<a href=\"https://a.org/?b=1\">here</a>", "here <https://a.org/?b=1>"),
            ("<a href=https://a.org>https://a.org</a>", "https://a.org"),
            ("<a href='javascript:x'>here</a>", "here"), ("x<!-- <p>y</p> -->z", "xz"),
            ("<img alt=\">\" src=x>after", "after"),
        ]
    )
    func text(page: (html: String, text: String)) {
        #expect(HTMLText.text(from: page.html) == page.text)
    }

    @Test(
        "What never ends swallows nothing",
        arguments: [
            ("a<!-- b", "a"), ("a <b c", "a <b c"), ("a<p title=\"x>b", "a\nb"),
            ("a &#9999", "a &#9999"),
        ]
    )
    func endless(page: (html: String, beginning: String)) {
        #expect(HTMLText.text(from: page.html).hasPrefix(page.beginning))
    }

    @Test(
        "A page of a million beginnings is read in one go",
        arguments: ["<", "<!--", "<a ", "<a '", "<p>", "&#", "<a href='https://x'>", "</"]
    )
    func manyBeginnings(beginning: String) {
        let text = HTMLText.text(from: String(repeating: beginning, count: 200_000) + "end")
        #expect(text.contains("end"))
    }
}
