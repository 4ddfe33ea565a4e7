internal import DocketRPC
internal import Foundation

/// What a password may be, in the one place where the server takes passwords.
///
/// A password is compared in the form of the profile OpaqueString (RFC 8265, section 4.2): the same
/// characters are the same password, whether a keyboard composes them or not, and whichever space
/// it types.
enum PasswordRule {
    /// The shortest new password, in bytes of that form.
    static let shortest = 8
    /// The longest password, in bytes.
    static let longest = 1_024

    /// A password as somebody has typed it, to be compared with a hash.
    struct Typed {
        /// In the form in which passwords are hashed.
        let prepared: String
        /// As it came, where that differs: hashes from before passwords were prepared are of that.
        let original: String?
    }

    /// A password that is to be set, as it is hashed.
    static func new(_ password: String, _ field: String) throws(RPCError) -> String {
        try require(password, atMost: longest, field)
        guard let prepared = prepared(password) else {
            throw refusal("a password has no control characters and none that nobody sees", field)
        }
        guard (shortest...longest).contains(prepared.utf8.count) else {
            throw refusal("a password has \(shortest) to \(longest) bytes", field)
        }
        return prepared
    }

    /// A password that somebody signs in with.
    static func typed(_ password: String, _ field: String) throws(RPCError) -> Typed {
        try require(password, atMost: longest, field)
        guard let prepared = prepared(password) else {
            return Typed(prepared: password, original: nil)
        }
        let isSame = prepared.utf8.elementsEqual(password.utf8)
        return Typed(prepared: prepared, original: isSame ? nil : password)
    }

    private static func refusal(_ message: String, _ field: String) -> RPCError {
        RPCError(
            .invalidArgument,
            message,
            isNotProcessed: true,
            trailers: [.text("field", field)]
        )
    }

    /// The form of OpaqueString; `nil` where it has no room for a character.
    private static func prepared(_ password: String) -> String? {
        let spaced = password.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .spaceSeparator ? " " : scalar
        }
        let text = String(String.UnicodeScalarView(spaced)).precomposedStringWithCanonicalMapping
        return text.unicodeScalars.allSatisfy(isAllowed) ? text : nil
    }

    /// Whether the FreeformClass of RFC 8264 has a character.
    ///
    /// Joiners are taken wherever they stand.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200C, 0x200D: return true
        // Old Hangul Jamo.
        case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
            .unassigned:
            return false
        default: return !scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
