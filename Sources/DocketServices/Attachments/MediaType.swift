/// Says what a content is by its first bytes.
///
/// They are those of WHATWG, "MIME Sniffing", and of the formats' own descriptions. The name of a
/// file is never asked: whoever sends it chooses that.
enum MediaType {
    /// What is not known.
    static let unknown = "application/octet-stream"
    /// Plain text in UTF-8.
    static let text = "text/plain"
    /// How many of the first bytes are looked at: where the parts of office documents are named.
    static let beginningBytes = 4_096

    /// The type of a content.
    ///
    /// - Parameters:
    ///   - beginning: Its first bytes, at most `beginningBytes` of them.
    ///   - isText: Whether all of it is plain text.
    /// - Returns: The media type; `unknown` where the bytes are of no kind that is known here.
    static func type(of beginning: [UInt8], isText: Bool) -> String {
        if let type = signed(beginning) ?? container(beginning) { return type }
        return isText && !beginning.isEmpty ? text : unknown
    }

    /// Types that the very first bytes tell.
    private static let signatures: [(bytes: [UInt8], type: String)] = [
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
        ([0xFF, 0xD8, 0xFF], "image/jpeg"),
        (Array("GIF87a".utf8), "image/gif"),
        (Array("GIF89a".utf8), "image/gif"),
        (Array("%PDF-".utf8), "application/pdf"),
        ([0x1F, 0x8B], "application/gzip"),
        (Array("OggS".utf8), "application/ogg"),
        (Array("ID3".utf8), "audio/mpeg"),
    ]

    private static func signed(_ beginning: [UInt8]) -> String? {
        if let known = signatures.first(where: { beginning.starts(with: $0.bytes) }) {
            return known.type
        }
        return isMPEGAudio(beginning) ? "audio/mpeg" : nil
    }

    /// Whether it begins with a frame of MPEG audio, layer III: eleven set bits, the version, the
    /// layer, and a bit rate and a sampling rate that are not the forbidden ones.
    private static func isMPEGAudio(_ beginning: [UInt8]) -> Bool {
        guard beginning.count >= 3, beginning[0] == 0xFF, beginning[1] & 0xE6 == 0xE2 else {
            return false
        }
        return beginning[2] & 0xF0 != 0xF0 && beginning[2] & 0xF0 != 0
            && beginning[2] & 0x0C != 0x0C
    }

    /// Types of formats that hold others.
    private static func container(_ beginning: [UInt8]) -> String? {
        if beginning.starts(with: Array("RIFF".utf8)) {
            switch word(at: 8, of: beginning) {
            case "WEBP": return "image/webp"
            case "WAVE": return "audio/wav"
            default: return nil
            }
        }
        if word(at: 4, of: beginning) == "ftyp" {
            return mediaFile(brand: word(at: 8, of: beginning))
        }
        let isArchive = [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6]].contains {
            beginning.starts(with: $0)
        }
        return isArchive ? archive(beginning) : nil
    }

    /// The type of a file in the ISO base media format (ISO/IEC 14496-12) by its major brand.
    private static func mediaFile(brand: String) -> String {
        switch brand {
        case "M4A ", "M4B ": "audio/mp4"
        case "qt  ": "video/quicktime"
        case "heic", "heix", "mif1": "image/heic"
        case "avif": "image/avif"
        default: "video/mp4"
        }
    }

    /// The type of a zip archive, which an office document is too.
    ///
    /// OpenDocument puts its type into a first entry "mimetype" that is not compressed; Office Open
    /// XML begins with a list of its parts, which are named after the application.
    private static func archive(_ beginning: [UInt8]) -> String {
        let zip = "application/zip"
        let nameOffset = 30
        let name = text(at: nameOffset, of: beginning, count: 64)
        if name.hasPrefix("mimetype") {
            let declared = text(at: nameOffset + 8, of: beginning, count: 64)
            return declaredTypes.first { declared.hasPrefix($0) } ?? zip
        }
        guard name.hasPrefix("[Content_Types].xml") || name.hasPrefix("_rels/") else { return zip }
        let part = officeParts.first { part in
            beginning.firstRange(of: Array(part.folder.utf8)) != nil
        }
        return part?.type ?? zip
    }

    /// What an archive may say of itself.
    private static let declaredTypes = [
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/epub+zip",
    ]

    private static let officeParts: [(folder: String, type: String)] = [
        ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ]

    /// Four bytes as text.
    private static func word(at offset: Int, of bytes: [UInt8]) -> String {
        text(at: offset, of: bytes, count: 4)
    }

    private static func text(at offset: Int, of bytes: [UInt8], count: Int) -> String {
        String(decoding: bytes.dropFirst(offset).prefix(count), as: UTF8.self)
    }
}
