import Foundation
import Testing

@testable import DocketServices

@Suite("What a content is, by the content")
struct MediaTypeTests {
    private static let zip: [UInt8] = [0x50, 0x4B, 3, 4]

    /// The beginning of an archive whose first entry has a name and content.
    private static func archive(_ name: String, _ rest: String = "") -> [UInt8] {
        zip + Array(repeating: 0, count: 26) + Array((name + rest).utf8)
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static let known: [(content: [UInt8], type: String)] = [
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], "image/png"),
        ([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"),
        (text("GIF87a..."), "image/gif"),
        (text("GIF89a..."), "image/gif"),
        (text("RIFF\u{4}\0\0\0WEBPVP8 "), "image/webp"),
        (text("RIFF\u{4}\0\0\0WAVEfmt "), "audio/wav"),
        (text("%PDF-1.7\n"), "application/pdf"),
        (zip, "application/zip"),
        ([0x50, 0x4B, 5, 6], "application/zip"),
        (archive("a.txt"), "application/zip"),
        (
            archive("[Content_Types].xml", "....word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        ),
        (
            archive("_rels/.rels", "....xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        ),
        (
            archive("[Content_Types].xml", "....ppt/presentation.xml"),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        ),
        (archive("[Content_Types].xml"), "application/zip"),
        (
            archive("mimetype", "application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text"
        ),
        (archive("mimetype", "application/x-own"), "application/zip"),
        ([0x1F, 0x8B, 8], "application/gzip"),
        (text("\0\0\0\u{18}ftypisom"), "video/mp4"),
        (text("\0\0\0\u{18}ftypqt  "), "video/quicktime"),
        (text("\0\0\0\u{18}ftypM4A "), "audio/mp4"),
        (text("\0\0\0\u{18}ftypheic"), "image/heic"),
        (text("OggS\0"), "application/ogg"),
        (text("ID3\u{4}"), "audio/mpeg"),
        ([0xFF, 0xFB, 0x90, 0], "audio/mpeg"),
        ([0xFF, 0xFB, 0xF0, 0], "application/octet-stream"),
        (text("plain text, ünïcode\r\n\t🙂"), "text/plain"),
        (text("<html><script>alert(1)</script>"), "text/plain"),
        ([], "application/octet-stream"),
        ([0], "application/octet-stream"),
        ([0xC3], "application/octet-stream"),
        (text("RIFF....AVI "), "text/plain"),
    ]

    @Test("Each known kind is recognized, whole and byte by byte")
    func kinds() {
        for (content, type) in Self.known {
            var whole = ContentInspection()
            whole.update(Data(content))
            #expect(whole.finish().mediaType == type, "\(content.prefix(16))")
            var bytewise = ContentInspection()
            for byte in content { bytewise.update(Data([byte])) }
            #expect(bytewise.finish().mediaType == type, "\(content.prefix(16)) byte by byte")
        }
    }

    @Test("Text is UTF-8 to its very end, and without controls")
    func text() {
        let filling = String(repeating: "a", count: MediaType.beginningBytes)
        let endings: [([UInt8], Bool)] = [
            ([], true), ([0], false), ([0x1B], false), ([0x7F], false), ([0xC3, 0xA4], true),
            ([0xC3], false), ([0xC0, 0xAF], false), ([0xE0, 0x80, 0x80], false),
            ([0xE0, 0xA0, 0x80], true), ([0xED, 0xA0, 0x80], false), ([0xED, 0x9F, 0xBF], true),
            ([0xF0, 0x8F, 0xBF, 0xBF], false), ([0xF0, 0x90, 0x80, 0x80], true),
            ([0xF4, 0x8F, 0xBF, 0xBF], true), ([0xF4, 0x90, 0x80, 0x80], false),
            ([0xF5, 0x80, 0x80, 0x80], false), ([0x80], false), ([0xC3, 0x41], false),
        ]
        for (ending, isText) in endings {
            var inspection = ContentInspection()
            inspection.update(Data(filling.utf8))
            inspection.update(Data(ending))
            let type = isText ? "text/plain" : "application/octet-stream"
            #expect(inspection.finish().mediaType == type, "\(ending)")
        }
    }

    @Test("A name of a file is one on every system, and changes nothing around it")
    func names() {
        let good = ["a", "Rechnung März.pdf", "…", "a b.txt", "名前.png", ".profile"]
        let bad = [
            "", ".", "..", "a/b", "/etc/passwd", "..\\x", "a\0b", "a\nb", "a\u{1B}[2J", "a\u{7F}",
            "a\u{85}", "exe\u{202E}gpj", "\u{2066}a", "\u{200F}a", "a\u{2028}b",
        ]
        for name in good { #expect(FileName.isValid(name), "\(name)") }
        for name in bad { #expect(!FileName.isValid(name), "\(name)") }
        #expect(FileName.isValid(String(repeating: "n", count: 255)))
        #expect(!FileName.isValid(String(repeating: "n", count: 256)))
        #expect(!FileName.isValid(String(repeating: "ü", count: 128)))
    }
}
