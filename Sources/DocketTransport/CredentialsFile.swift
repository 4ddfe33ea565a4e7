internal import DocketRPC
internal import FoundationEssentials

/// What `docketd serve --dev` writes and every client tool takes as `--credentials`.
package struct CredentialsFile: Codable, Equatable, Sendable {
    /// The longest file, in bytes.
    package static let maximumSize = 64 << 10

    /// A login with its password.
    package struct Login: Codable, Equatable, Sendable {
        /// What the agent signs in with.
        package var login: String
        /// Its password.
        package var password: String

        /// Makes a login of its parts.
        package init(login: String, password: String) {
            self.login = login
            self.password = password
        }
    }

    /// Where the server listens, as `host:port`.
    package var address: String
    /// The certificates, in PEM form, that vouch for the server.
    ///
    /// Absent means the system's.
    package var authority: String?
    /// An administrator of the desk.
    package var administrator: Login?
    /// An agent of the desk.
    package var agent: Login?
    /// The key of an integration.
    package var apiKey: String?

    private enum CodingKeys: String, CodingKey {
        case address
        case authority
        case administrator
        case agent
        case apiKey = "api_key"
    }

    /// Credentials for the server at `address`, without any secret yet.
    package init(address: String) {
        self.address = address
    }

    /// Reads a file; the error says what is wrong with it.
    package static func read(_ path: String) throws(CredentialsFault) -> CredentialsFile {
        let bytes: [UInt8]
        do throws(FileFault) {
            bytes = try BoundedFile.read(path, atMost: maximumSize)
        } catch {
            throw .unreadable(error)
        }
        do {
            return try JSONDecoder().decode(CredentialsFile.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw .malformed(path: path, error.place)
        } catch {
            throw .malformed(path: path, ErrorText.words(for: error))
        }
    }

    /// The address in parts.
    package var transportAddress: TransportAddress {
        get throws(CredentialsFault) {
            guard let address = TransportAddress(hostAndPort: address) else {
                throw .address(address)
            }
            return address
        }
    }
}

/// What is wrong with a credentials file.
package enum CredentialsFault: Error, Equatable, CustomStringConvertible {
    /// The file cannot be read, or is longer than any such file is.
    case unreadable(FileFault)
    /// The file is not of the form; the text says where.
    case malformed(path: String, String)
    /// The address is not `host:port`.
    case address(String)

    package var description: String {
        switch self {
        case .unreadable(let fault): fault.description
        case .malformed(let path, let text): "\(path) is no credentials file: \(text)"
        case .address(let text): "'\(text)' is no address: write HOST:PORT"
        }
    }
}

extension DecodingError {
    /// What is wrong and where, without the types of this program.
    fileprivate var place: String {
        switch self {
        case .keyNotFound(let key, let context):
            Self.text("'\(key.stringValue)' is missing", context)
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .dataCorrupted(let context):
            Self.text(context.debugDescription, context)
        @unknown default: "it is not of the form"
        }
    }

    private static func text(_ what: String, _ context: Context) -> String {
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? what : "\(what) (at '\(path)')"
    }
}

extension TransportAddress {
    /// Reads `host:port`, with an IPv6 address in brackets.
    package init?(hostAndPort text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, text.first == "[" || !host.contains(":") else { return nil }
        self = .tcp(host: String(host), port: Int(port))
    }
}
