public import DocketClient
public import DocketCommandLine
internal import Glibc

/// A file's path as somebody types it, or as a terminal types it for a file that is dropped there.
public struct TypedPath: Hashable, Sendable {
    /// The path as the system takes it.
    public let path: String

    /// The home of whoever runs the program; nil where it is not said.
    public static var home: String? { unsafe getenv("HOME").map { unsafe String(cString: $0) } }

    /// Reads a path: quoted, or with backslashes before what a shell would take for more than a
    /// letter, and with a tilde for the home.
    ///
    /// - Parameters:
    ///   - typed: What was typed.
    ///   - home: The home of whoever types; nil where nobody knows.
    public init(_ typed: String, home: String? = TypedPath.home) {
        let text = Self.unquoted(typed)
        guard let home, text == "~" || text.hasPrefix("~/") else {
            path = text
            return
        }
        path = home + text.dropFirst()
    }

    /// A path as a shell has given it, in which nothing stands for anything else.
    public init(verbatim path: String) {
        self.path = path
    }

    private static func unquoted(_ typed: String) -> String {
        if let quote = typed.first, quote == "'" || quote == "\"", typed.count > 1,
            typed.last == quote
        {
            return String(typed.dropFirst().dropLast())
        }
        var text = ""
        var isEscaped = false
        for character in typed {
            if character == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            text.append(character)
            isEscaped = false
        }
        return isEscaped ? text + "\\" : text
    }

    /// The file as it is sent.
    ///
    /// - Throws: `CommandFailure` where it cannot be read.
    public func attachment() throws(CommandFailure) -> AttachmentDraft {
        do throws(DocketClientError) {
            return AttachmentDraft(try .file(path), name: SafeFileName.name(from: path))
        } catch {
            throw CommandFailure(error)
        }
    }
}
