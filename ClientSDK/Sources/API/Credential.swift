/// What a client signs in with.
///
/// Its description never shows a secret.
public enum Credential: Hashable, Sendable {
    /// Makes a new contact with this name, who then signs in with `DocketClient.guestKey`.
    case newGuest(name: String)
    /// A contact who was made earlier.
    case guest(GuestKey)
    /// The key of an integration or a partner.
    case apiKey(String)
    /// An agent's login and password.
    case login(String, password: String)
    /// A session that was opened earlier, for as long as it lasts.
    case session(SessionToken)
}

/// What a guest signs in with again.
///
/// Whoever has it is the guest: keep it like a password.
public struct GuestKey: Hashable, Sendable {
    /// How many bytes a secret has.
    public static let secretLength = 32

    /// The contact's id.
    public let contactID: PartyID
    /// The secret.
    public let secret: [UInt8]

    /// Takes a key from what was kept of it; nil unless the secret has its length.
    public init?(contactID: PartyID, secret: [UInt8]) {
        guard secret.count == Self.secretLength else { return nil }
        self.contactID = contactID
        self.secret = secret
    }

    /// Makes the key of a guest to be.
    init(at moment: Timestamp, random: inout some RandomNumberGenerator) {
        contactID = PartyID(at: moment, random: &random)
        secret = (0..<Self.secretLength).map { _ in .random(in: .min ... .max, using: &random) }
    }
}

extension GuestKey: CustomStringConvertible {
    /// The contact's id, and nothing of the secret.
    public var description: String { "guest \(contactID)" }
}

extension Credential: CustomStringConvertible {
    /// The kind of credential and its name, and nothing of a secret.
    public var description: String {
        switch self {
        case .newGuest(let name): "new guest \(name)"
        case .guest(let key): "\(key)"
        case .apiKey: "API key"
        case .login(let login, _): "login \(login)"
        case .session(let token): "\(token)"
        }
    }
}
