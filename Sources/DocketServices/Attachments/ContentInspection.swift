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
}
