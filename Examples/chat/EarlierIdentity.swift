internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import FoundationEssentials
internal import Glibc

/// The file in which earlier versions kept who a person is for one server.
struct EarlierIdentity {
    /// The longest file that is taken, in bytes: many times what was ever written.
    private static let longest = 4_096

    private struct Content: Codable {
        var server: String
        var contact: String
        var secret: Data
    }

    /// Where the file is.
    let path: String

    /// The file for a server at its usual place; nil where there is none.
    init?(for server: Server) {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? "."
        let stated = environment["XDG_STATE_HOME"] ?? ""
        let state = stated.hasPrefix("/") ? stated : "\(home)/.local/state"
        let host = server.host.map { character in
            character.isASCII
                && (character.isLetter || character.isNumber || character == "-"
                    || character == ".")
                ? character : "_"
        }
        path = "\(state)/docket-chat/\(String(host))_\(server.port).json"
        guard unsafe access(path, F_OK) == 0 else { return nil }
    }

    /// A file that a person has named.
    init(path: String) {
        self.path = path
    }

    /// The guest in the file.
    func guest() throws(CommandFailure) -> GuestKey {
        let bytes = try LocalFile.bytes(of: path, atMost: Self.longest)
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)),
            let contact = PartyID(content.contact),
            let key = GuestKey(contactID: contact, secret: Array(content.secret))
        else {
            throw CommandFailure("\(path) holds no contact and secret", status: .localFile)
        }
        return key
    }

    /// Asks the person to decide what becomes of the file.
    var decision: CommandFailure {
        CommandFailure(
            "an earlier version has kept who you are in \(path)",
            advice: """
                To go on as the same person: docket-chat login --identity '\(path)'
                To begin as somebody new: rm '\(path)'
                """,
            status: .usage
        )
    }
}
