internal import Foundation

/// What is wrong with the file of a content.
package enum ContentProblem: Hashable, Sendable, CustomStringConvertible {
    /// It is not there, or cannot be read.
    case missing
    /// It has so many bytes, which is not how many it had.
    case resized(UInt64)
    /// It is another content.
    case changed

    /// The problem in words.
    package var description: String {
        switch self {
        case .missing: "is missing or cannot be read"
        case .resized(let size): "has \(size) bytes, which is another size than it had"
        case .changed: "is not the content it was"
        }
    }
}

extension AttachmentFiles {
    /// Looks whether a content is there with its size, and where `deeply` whether it is what it
    /// was, which reads all of it.
    package func problem(
        with sha256: [UInt8],
        size: UInt64,
        deeply: Bool
    ) -> ContentProblem? {
        do throws(AttachmentFault) {
            let file = try DiskFile(path(of: sha256), O_RDONLY)
            let found = try file.size
            guard found == size else { return .resized(found) }
            guard deeply else { return nil }
            let content = try ContentInspection.content(of: file, size: size)
            return content.sha256 == sha256 ? nil : .changed
        } catch {
            return .missing
        }
    }
}
