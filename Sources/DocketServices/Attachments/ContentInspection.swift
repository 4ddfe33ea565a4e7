internal import DocketCrypto
internal import Foundation

/// What is known of a content once all of it was seen.
package struct InspectedContent: Hashable, Sendable {
    /// SHA-256 of it, 32 bytes.
    package let sha256: [UInt8]
    /// What it is.
    package let mediaType: String
}

/// Looks at a content piece by piece, in order: makes its digest and finds out what it is.
struct ContentInspection: ~Copyable {
    /// How many bytes of a file are read at a time.
    private static let blockBytes = 1 << 18

    private var hash = SHA256()
    private var beginning: [UInt8] = []
    private var text = TextScanner()

    /// Looks at the next bytes.
    mutating func update(_ bytes: Data) {
        unsafe hash.update(bytes.span.bytes)
        if beginning.count < MediaType.beginningBytes {
            beginning += bytes.prefix(MediaType.beginningBytes - beginning.count)
        }
        text.scan(bytes)
    }

    /// What the content is.
    consuming func finish() -> InspectedContent {
        let type = MediaType.type(of: beginning, isText: text.isCompleteText)
        return InspectedContent(sha256: hash.finish().bytes, mediaType: type)
    }

    /// What the first `size` bytes of a file are.
    ///
    /// - Throws: `AttachmentFault.failed` where it has fewer.
    static func content(
        of file: borrowing DiskFile,
        size: UInt64
    ) throws(AttachmentFault) -> InspectedContent {
        var inspection = ContentInspection()
        var offset: UInt64 = 0
        while offset < size {
            let count = min(UInt64(blockBytes), size - offset)
            let block = try file.read(Int(clamping: count), at: offset)
            guard !block.isEmpty else { throw .failed("the file became shorter") }
            inspection.update(block)
            offset += UInt64(block.count)
        }
        return inspection.finish()
    }
}
