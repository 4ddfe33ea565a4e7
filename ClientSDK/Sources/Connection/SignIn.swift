internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// How a client proves who it is, and what it remembers of that.
struct SignIn: Sendable {
    /// A guest who may not exist yet: the same command creates it and, repeated, finds it.
    private struct NewGuest: Sendable {
        let name: String
        let key: GuestKey
    }

    private enum Secret: Sendable {
        case newGuest(NewGuest)
        case guest(GuestKey)
        case apiKey(String)
        case login(String, password: String)
        /// None: the token is all there is.
        case session
    }

    private var secret: Secret
    /// The token of the session, to be shown at the next connection; empty without a session.
    private(set) var token: [UInt8] = []
    /// When the session ends; nil without one, or where the server has not said.
    private var expiresAt: Timestamp?
    /// Who is signed in, once somebody has been.
    private(set) var identity: Identity?

    init(
        _ credential: Credential,
        at moment: Timestamp,
        random: inout some RandomNumberGenerator
    ) {
        secret =
            switch credential {
            case .newGuest(let name):
                .newGuest(
                    NewGuest(name: name, key: GuestKey(at: moment, random: &random))
                )
            case .guest(let key): .guest(key)
            case .apiKey(let key): .apiKey(key)
            case .login(let login, let password): .login(login, password: password)
            case .session: .session
            }
        guard case .session(let session) = credential else { return }
        token = session.bytes
        expiresAt = session.expiresAt
    }

    /// The key of the guest who exists or is to be made; nil for others.
    var key: GuestKey? {
        switch secret {
        case .newGuest(let guest): guest.key
        case .guest(let key): key
        case .apiKey, .login, .session: nil
        }
    }

    /// What signs the guest in again, once the guest exists.
    var guestKey: GuestKey? {
        guard case .guest(let key) = secret else { return nil }
        return key
    }

    /// The owner of a new profile, where that is known before anybody has signed in: a guest.
    var newOwner: LocalOwner? {
        let (key, newName): (GuestKey, String?)
        switch secret {
        case .newGuest(let guest): (key, newName) = (guest.key, guest.name)
        case .guest(let known): (key, newName) = (known, nil)
        case .apiKey, .login, .session: return nil
        }
        return LocalOwner(
            id: key.contactID,
            guest: LocalOwner.Guest(secret: key.secret, newName: newName)
        )
    }

    /// Signs in as the owner of a profile, where the credential leaves that open.
    ///
    /// - Parameter owner: To whom the profile belongs.
    /// - Throws: `otherPrincipal` if the credential is certainly somebody else's.
    mutating func go(on owner: LocalOwner) throws(DocketClientError) {
        switch secret {
        case .newGuest:
            guard let guest = owner.guest,
                let key = GuestKey(contactID: owner.id, secret: guest.secret)
            else {
                throw .otherPrincipal("the profile belongs to \(owner.id), who is no guest")
            }
            secret =
                guest.newName.map { .newGuest(NewGuest(name: $0, key: key)) } ?? .guest(key)
        case .guest(let key) where key.contactID != owner.id:
            throw .otherPrincipal("the profile belongs to \(owner.id), not to \(key.contactID)")
        case .guest, .apiKey, .login, .session: break
        }
    }

    /// What became of signing in.
    struct Session: Sendable {
        let token: [UInt8]
        let identity: Identity?
        /// How many seconds it lasts.
        let lifetime: UInt64
    }

    /// The session, to sign in with later; nil without one.
    var session: SessionToken? {
        expiresAt.flatMap { SessionToken(bytes: token, expiresAt: $0) }
    }

    /// Takes over a session.
    mutating func succeeded(with session: Session, at moment: Timestamp) {
        token = session.token
        identity = session.identity
        expiresAt = moment.later(bySeconds: session.lifetime)
        if case .newGuest(let guest) = secret { secret = .guest(guest.key) }
    }

    /// Forgets the session, which is no longer valid.
    mutating func forgetSession() {
        token = []
    }

    /// Signs a new connection in, or asks about the session whose token it was made with.
    func run(on channel: any CallChannel) async throws(RPCError) -> Session {
        let caller = SessionsCaller(channel: channel)
        guard token.isEmpty else {
            let reply = try await caller.describe(Docket_V1_DescribeCall())
            return Session(
                token: token,
                identity: Identity(party: reply.principal, role: reply.role),
                lifetime: reply.expiresInSeconds
            )
        }
        switch secret {
        case .newGuest(let guest):
            return Session(try await caller.createGuest(Self.creation(of: guest)).session)
        case .guest, .apiKey, .login:
            return Session(try await caller.signIn(signInCall).session)
        case .session:
            throw RPCError(.credentialsInvalid, "the session has ended")
        }
    }

    private static func creation(of guest: NewGuest) -> Docket_V1_CreateGuestCall {
        .with {
            $0.header.commandID = Data(guest.key.contactID.bytes)
            $0.name = guest.name
            $0.secret = Data(guest.key.secret)
        }
    }

    private var signInCall: Docket_V1_SignInCall {
        .with { call in
            switch secret {
            case .newGuest(let guest): Self.fill(&call, with: guest.key)
            case .guest(let key): Self.fill(&call, with: key)
            case .apiKey(let key): call.apiKey = key
            case .login(let login, let password):
                call.login.login = login
                call.login.password = password
            case .session: break
            }
        }
    }

    private static func fill(_ call: inout Docket_V1_SignInCall, with key: GuestKey) {
        call.guest.contactID = Data(key.contactID.bytes)
        call.guest.secret = Data(key.secret)
    }
}

extension SignIn.Session {
    fileprivate init(_ session: Docket_V1_Session) {
        token = Array(session.token)
        identity = Identity(party: session.principal, role: session.role)
        lifetime = session.expiresInSeconds
    }
}
