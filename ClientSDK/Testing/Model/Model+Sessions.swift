internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

extension Model {
    /// What somebody signs in with: a guest's id and secret, a login and its password, or a key.
    enum Secret: Hashable, Sendable {
        case guest(Data, Data)
        case login(String, String)
        case key(String)
    }

    /// How long a session lasts: 30 days.
    private static let sessionMilliseconds: UInt64 = 30 * 24 * 3_600_000

    /// Makes a guest, or finds the one that the same call made before; gives a new session of it.
    mutating func createGuest(
        _ asked: Asked<Docket_V1_CreateGuestCall>
    ) throws(RPCError) -> Docket_V1_CreateGuestReply {
        try Self.check(asked.call.name, 1...128, "name")
        guard asked.call.secret.count == 32
        else { throw Self.refusal(.invalidArgument, "field", "secret") }
        let id = try once(asked) { model throws(RPCError) in
            try Self.check(asked.header, sees: 0)
            let guest = Self.contact(asked.id, asked.call.name)
            model.add(guest, .guest(asked.id, asked.call.secret))
            return guest.id
        }
        let session = try session(of: id, asked.now)
        return .with { $0.session = session }
    }

    /// Opens a session for whoever knows a secret.
    mutating func signIn(
        _ asked: Asked<Docket_V1_SignInCall>
    ) throws(RPCError) -> Docket_V1_SignInReply {
        let secret: Secret
        switch asked.call.secret {
        case .guest(let guest): secret = .guest(guest.contactID, guest.secret)
        case .login(let login): secret = .login(login.login, login.password)
        case .apiKey(let key): secret = .key(key)
        case nil: throw Self.refusal(.fieldMissing, "field", "secret")
        }
        guard let id = secrets.first(where: { $0.value == secret })?.key
        else { throw RPCError(.credentialsInvalid, "the secret opens no session") }
        let session = try session(of: id, asked.now)
        return .with { $0.session = session }
    }

    private static func contact(_ id: Data, _ name: String) -> Principal {
        var contact = Principal()
        (contact.actor.kind, contact.actor.id, contact.actor.name) = (.principalContact, id, name)
        return contact
    }

    /// Lets somebody sign in from now on.
    mutating func add(_ principal: Principal, _ secret: Secret) {
        principals[principal.id] = principal
        secrets[principal.id] = secret
    }

    private mutating func session(of id: Data, _ now: UInt64) throws(RPCError) -> Docket_V1_Session
    {
        guard let principal = principals[id] else { throw Self.notFound }
        sessionCount += 1
        // A token is a secret elsewhere; here it only has to be unlike every other.
        let token = Self.bytes(of: sessionCount) + Self.bytes(of: epoch) + Data(count: 16)
        sessions[token] = (id, now + Self.sessionMilliseconds)
        return .with {
            $0.token = token
            $0.expiresInSeconds = Self.sessionMilliseconds / 1_000
            $0.principal = principal.actor
            $0.role = principal.role
        }
    }

    /// Who acts under a token; throws `session_expired` where nobody does.
    func holder(of token: Data, at now: UInt64) throws(RPCError) -> Principal {
        guard let session = sessions[token], session.end > now,
            let principal = principals[session.principal]
        else { throw RPCError(.sessionExpired, "the token is unknown, expired or revoked") }
        return principal
    }

    /// Says who acts under a token.
    func describe(_ asked: Asked<Docket_V1_DescribeCall>, _ token: Data) -> Docket_V1_DescribeReply
    {
        .with {
            $0.principal = asked.author.actor
            $0.role = asked.author.role
            $0.expiresInSeconds = ((sessions[token]?.end ?? asked.now) - asked.now) / 1_000
        }
    }

    /// The keys of the channels that somebody may open.
    func openable(by principal: Principal) -> [String] {
        let isOne = principal.kind == .principalIntegration
        return channels.keys.sorted().filter { !isOne || $0 == principal.channel }
    }

    /// Gives the contact that an integration knows by a name of its own.
    mutating func ensureContact(
        _ asked: Asked<Docket_V1_EnsureContactCall>
    ) throws(RPCError) -> Docket_V1_EnsureContactReply {
        try Self.check(asked.call.externalID, 1...256, "external_id")
        try Self.check(asked.call.name, 1...128, "name")
        let key = [asked.author.id, Data(asked.call.externalID.utf8)]
        let id = try once(asked) { model throws(RPCError) in
            if let known = model.brought[key] { return known }
            model.principals[asked.id] = Self.contact(asked.id, asked.call.name)
            model.brought[key] = asked.id
            return asked.id
        }
        guard let contact = principals[id] else { throw Self.notFound }
        return .with { $0.contact = contact.actor }
    }
}
