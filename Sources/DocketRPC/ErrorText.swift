internal import FoundationEssentials
internal import Glibc

/// Puts any error into words that a person or an operator may read.
///
/// Errors of this project describe themselves in a sentence. Those of the system's libraries, and
/// types without a description of their own, do not: their texts name classes, domains and cases
/// of somebody's source. Whatever may show an error that it has not made goes through here.
package enum ErrorText {
    /// The error in words, without a full stop.
    package static func words(for error: any Error) -> String {
        switch error {
        case let error as CocoaError: words(for: error)
        case let error as POSIXError: words(for: error.code)
        case is CancellationError: "it was interrupted"
        case let error as RPCError where !error.message.isEmpty: error.message
        case is EncodingError, is DecodingError: "a value cannot be written or read"
        default: ownWords(of: error)
        }
    }

    /// What the error says of itself, where its type has been given words: not what Swift makes up
    /// for a type without any, nor what a type of the system's libraries says.
    private static func ownWords(of error: Any) -> String {
        let isOfSystem =
            type(of: error) is AnyClass
            || String(reflecting: type(of: error)).hasPrefix("Foundation")
        guard !isOfSystem, let error = error as? any CustomStringConvertible else {
            return unknown
        }
        return error.description
    }

    private static let unknown = "something failed that should not"

    private static func words(for error: CocoaError) -> String {
        let reason =
            (error.underlying as? POSIXError).map { words(for: $0.code) } ?? words(for: error.code)
        return error.filePath.map { "\($0): \(reason)" } ?? reason
    }

    private static func words(for code: POSIXErrorCode) -> String {
        words(forErrorNumber: code.rawValue)
    }

    /// The system's words for an `errno`, such as "no such file or directory".
    package static func words(forErrorNumber number: Int32) -> String {
        guard let text = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: text).lowercased()
    }

    private static func words(for code: CocoaError.Code) -> String {
        switch code {
        case .fileNoSuchFile, .fileReadNoSuchFile: "no such file or directory"
        case .fileReadNoPermission, .fileWriteNoPermission: "permission denied"
        case .fileWriteOutOfSpace: "no space left on device"
        case .fileWriteFileExists: "there is a file of this name"
        case .fileWriteVolumeReadOnly: "the file system is read-only"
        case .fileReadInapplicableStringEncoding: "it is not UTF-8 text"
        default: "it cannot be read or written"
        }
    }
}
