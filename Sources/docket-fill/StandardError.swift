internal import Foundation

/// Standard error, for what is said meanwhile.
enum StandardError {
    /// Writes a text.
    static func write(_ text: String) {
        // Whoever does not read it does not miss it.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
