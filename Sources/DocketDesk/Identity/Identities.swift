package import DocketDomain
package import DocketStore
package import Foundation

/// A time during which somebody is signed in, as the one who signed in sees it.
package struct OpenSession: Hashable, Sendable {
    /// What a connection presents; secret, 32 bytes.
    package let token: Data
    /// The session as the store keeps it.
    package let record: SessionRecord
}

/// Why nobody is signed in.
package enum SignInError: Error, Hashable, Sendable {
    /// The secret is wrong, or belongs to nobody: the two are answered alike.
    case wrongSecret
    /// The key is right and was revoked.
    case keyRevoked
    /// The password is right and the agent is locked out.
    case agentLocked
    /// The session could not be stored.
    case unavailable(Unavailability)
    /// Too many passwords are being checked.
    case tooManySignIns
    /// The store could not be read.
    case store(StoreError)
}

/// Signs in and looks up who is signed in.
package struct Identities: Sendable {
    /// How many bytes a session's token and a guest's secret have.
    package static let secretBytes = 32
    /// How long a contact stays signed in: an app should not ask its customer again for a month.
    package static let contactSession: Duration = .seconds(30 * 86_400)
    /// How long anybody else stays signed in: a working day.
    package static let workSession: Duration = .seconds(12 * 3_600)

    private let desk: Desk
    private let tools: IdentityTools
    /// The hash that a password is checked against where there is no such login, so that the answer
    /// takes as long.
    private let absentHash: String

    /// Prepares to sign in on a desk.
    ///
    /// - Parameters:
    ///   - desk: The desk.
    ///   - tools: The cryptography.
    ///   - absentHash: The encoded hash of any password, with the cost of real ones.
    package init(desk: Desk, tools: IdentityTools, absentHash: String) {
        self.desk = desk
        self.tools = tools
        self.absentHash = absentHash
    }

    /// The digest under which a secret is stored.
    package func digest(_ secret: Data) throws(SignInError) -> Digest {
        guard let digest = Digest(tools.digest(secret)) else { throw .wrongSecret }
        return digest
    }

    /// Makes the hash of a password, for an agent to be created or to get another.
    package func passwordHash(_ password: String) async throws(SignInError) -> String {
        guard let hash = await tools.hashPassword(password) else { throw .tooManySignIns }
        return hash
    }

    /// Makes a new key, to be shown once.
    package func makeKey() -> String {
        APIKey(
            keyID: tools.randomBytes(APIKey.keyIDBytes),
            secret: tools.randomBytes(APIKey.secretBytes)
        ).text
    }

    /// What the store keeps of a principal's key.
    ///
    /// - Throws: `SignInError.wrongSecret` where the text is no key.
    package func record(
        ofKey text: String,
        for principal: PrincipalID
    ) throws(SignInError) -> APIKeyRecord {
        guard let key = APIKey(text) else { throw .wrongSecret }
        return APIKeyRecord(
            keyID: key.keyID,
            principal: principal,
            secret: try digest(key.secret)
        )
    }

    /// Signs a guest in.
    package func signIn(
        guest: ContactID,
        secret: Data
    ) async throws(SignInError) -> OpenSession {
        let record = try await read { reading throws(StoreError) in
            try reading.principal(PrincipalID(guest))
        }
        guard secret.count == Self.secretBytes, let record,
            case .guest(let stored) = record.details, try digest(secret).matches(stored)
        else { throw .wrongSecret }
        return try await open(record.principal)
    }

    /// Signs an integration or partner in.
    package func signIn(apiKey text: String) async throws(SignInError) -> OpenSession {
        guard let key = APIKey(text) else { throw .wrongSecret }
        let found = try await read { reading throws(StoreError) in
            let stored = try reading.apiKey(key.keyID)
            guard let stored, let owner = try reading.principal(stored.principal) else {
                return nil as (APIKeyRecord, PrincipalRecord)?
            }
            return (stored, owner)
        }
        guard let (stored, owner) = found, try digest(key.secret).matches(stored.secret)
        else { throw .wrongSecret }
        // Only now: whoever has a wrong secret must not learn that there was such a key.
        guard stored.isUsable(at: desk.parts.clock.now()) else { throw .keyRevoked }
        return try await open(owner.principal, .key(key.keyID), until: stored.endsAt)
    }

    /// Signs an agent in.
    ///
    /// An unknown login takes as long as a wrong password. Either spelling of a password will do,
    /// where there are two.
    package func signIn(
        login: String,
        password: String,
        or other: String? = nil
    ) async throws(SignInError) -> OpenSession {
        let record = try await read { reading throws(StoreError) in
            try reading.agent(login: login)
        }
        let hash = record?.passwordHash ?? absentHash
        let isRight = try await verify(password, or: other, hash)
        guard isRight, let record else { throw .wrongSecret }
        // Only now: whoever has a wrong password must not learn that the agent is locked.
        guard !record.isLocked else { throw .agentLocked }
        return try await open(record.principal, .password(hash: hash))
    }

    /// The hash that an agent's password was checked against; `nil` where the password is wrong.
    package func check(
        _ password: String,
        or other: String? = nil,
        of agent: AgentID
    ) async throws(SignInError) -> String? {
        let record = try await read { reading throws(StoreError) in
            try reading.principal(PrincipalID(agent))
        }
        let hash = record?.passwordHash ?? absentHash
        return try await verify(password, or: other, hash) ? hash : nil
    }

    private func verify(
        _ password: String,
        or other: String?,
        _ hash: String
    ) async throws(SignInError) -> Bool {
        for spelling in [password, other].compactMap(\.self) {
            guard let isRight = await tools.verifyPassword(spelling, hash) else {
                throw .tooManySignIns
            }
            if isRight { return true }
        }
        return false
    }

    /// Opens a session of somebody whose secret was checked or who was just created.
    package func open(_ principal: Principal) async throws(SignInError) -> OpenSession {
        try await open(principal, nil)
    }

    private func open(
        _ principal: Principal,
        _ proof: SignInProof?,
        until end: Timestamp? = nil
    ) async throws(SignInError) -> OpenSession {
        let token = tools.randomBytes(Self.secretBytes)
        let span: Duration =
            switch principal.identity {
            case .contact: Self.contactSession
            case .agent, .integration, .partner, .desk: Self.workSession
            }
        var keyID: String?
        if case .key(let id) = proof { keyID = id }
        let expiresAt = desk.parts.clock.now() + span
        let record = SessionRecord(
            token: try digest(token),
            principal: principal,
            expiresAt: end.map { min($0, expiresAt) } ?? expiresAt,
            keyID: keyID
        )
        let submission = Submission(
            key: nil,
            principal: principal,
            change: .identity(.openSession(record, proof))
        )
        switch await desk.submit(submission) {
        case .unavailable(let reason): throw .unavailable(reason)
        // What was checked holds no longer.
        case .refused: throw keyID == nil ? .wrongSecret : .keyRevoked
        case .accepted(let acceptance):
            guard case .sessionOpened(let opened) = acceptance.result else { throw .wrongSecret }
            return OpenSession(token: token, record: opened)
        case .keyReused: throw .wrongSecret
        }
    }

    /// The session of a token, where it has not expired and not been ended.
    ///
    /// Sessions in use are found in memory, so that a connection may ask again as often as it
    /// likes.
    package func session(token: Data) async throws(SignInError) -> SessionRecord? {
        guard token.count == Self.secretBytes else { return nil }
        return try await session(digest(token))
    }

    /// The session of a token's digest, where it has not expired and not been ended.
    package func session(_ token: Digest) async throws(SignInError) -> SessionRecord? {
        let sessions = desk.parts.sessions
        let (remembered, version) = sessions.find(token)
        var found = remembered
        if found == nil { found = desk.parts.unwritten.find(token) }
        if found == nil {
            found = try await read { reading throws(StoreError) in try reading.session(token) }
            if let found { sessions.remember(found, since: version) }
        }
        guard let found, desk.parts.clock.now() < found.expiresAt else { return nil }
        return found
    }

    /// Adds somebody to tell, on the writer's thread, what a commit has made of sessions: before
    /// its command is answered.
    package func listen(_ listener: @escaping @Sendable (SessionNews) -> Void) {
        desk.parts.sessions.listen(listener)
    }

    private func read<Answer: Sendable>(
        _ body: @escaping @Sendable (any StoreReading) throws(StoreError) -> Answer
    ) async throws(SignInError) -> Answer {
        do throws(StoreError) {
            return try await desk.readers.readLog(desk.store, body)
        } catch {
            throw .store(error)
        }
    }
}
