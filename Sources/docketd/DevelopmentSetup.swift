internal import DocketCommandLine
internal import DocketCrypto
internal import DocketDesk
internal import DocketDomain
internal import DocketRPC
internal import DocketStore
internal import DocketStoreSQLite
internal import DocketTLS
internal import DocketTransport
internal import Foundation

/// What `serve --dev` makes for a first try: certificates with an authority of their own, an
/// administrator, an agent, a key, and a file that tells clients of them.
struct DevelopmentSetup: Sendable {
    /// The folder that holds everything.
    let folder: String
    /// Where the server is told to listen.
    let listen: TransportAddress

    private var certificatePath: String { folder + "/dev-certificate.pem" }
    private var keyPath: String { folder + "/dev-private-key.pem" }
    private var authorityPath: String { folder + "/dev-authority.pem" }
    private var credentialsPath: String { folder + "/dev-credentials.json" }
    /// Holds the secrets until the credentials are written, which wait for the address.
    private var secretsPath: String { folder + "/dev-secrets.json" }

    /// How long the certificates are valid.
    private static let validity = Duration.seconds(825 * 86_400)

    /// The certificate, made now if there is none for the address on which the server listens.
    func identity() throws -> TLSIdentity {
        if try !hasCertificate() { try makeCertificates() }
        return try CertificateFiles(certificate: certificatePath, privateKey: keyPath).identity()
    }

    /// Whether there is a certificate that names every address of this server.
    private func hasCertificate() throws -> Bool {
        guard FileManager.default.fileExists(atPath: certificatePath) else { return false }
        let limit = LocalFile.longestCertificates
        let text = try LocalFile.text(of: certificatePath, atMost: limit)
        let known = try Certificate.all(inPEM: text).first?.alternativeNames ?? []
        return names.allSatisfy(known.contains)
    }

    /// By what clients may know the server: this machine's own names, and the address on which it
    /// listens unless that stands for all.
    private var names: [SubjectAlternativeName] {
        let addresses = ["127.0.0.1", "::1"].compactMap { IPAddress($0) }
        let names = [.dns("localhost")] + addresses.map(SubjectAlternativeName.address)
        guard case .tcp(let host, _) = listen, Self.reachable(listen) == listen else {
            return names
        }
        let own = IPAddress(host).map(SubjectAlternativeName.address) ?? .dns(host)
        return names.contains(own) ? names : names + [own]
    }

    /// The addresses that stand for all of a machine, each with one at which a client on the same
    /// machine reaches it.
    private static let wildcards = ["0.0.0.0": "127.0.0.1", "::": "::1"]

    private func makeCertificates() throws {
        let now = SystemClock.unixTime
        let validity = (now + .seconds(-3_600))...(now + Self.validity)
        let authority = try CertificateAuthority(
            name: "Docket development authority",
            validity: validity
        )
        let issued = try authority.issue(
            name: "localhost",
            for: names,
            validity: validity,
            usage: .server
        )
        let key = issued.privateKey.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        }
        try DataFolder.writePrivate(key, to: keyPath)
        try DataFolder.writePrivate(authority.certificate, to: authorityPath)
        try DataFolder.writePrivate(issued.certificateChain, to: certificatePath)
    }

    /// Makes the accounts of the credentials, as far as the desk lacks them, and gives the
    /// credentials, as yet without an address; `nil` for a desk that somebody else has filled.
    ///
    /// The secrets are on the disk before the first account is there. Whatever interrupts this
    /// leaves no account that nobody can use, and the next start makes what is missing.
    func fill(_ parts: DeskAssembly) async throws -> CredentialsFile? {
        guard let credentials = try await credentials(parts) else { return nil }
        if let login = credentials.administrator {
            try await ensureAgent(login, name: "Administrator", .administrator, parts)
        }
        if let login = credentials.agent {
            try await ensureAgent(login, name: "Agent", .agent, parts)
        }
        if let key = credentials.apiKey { try await ensureKey(key, parts) }
        return credentials
    }

    /// The credentials of an earlier start, or such as are made now for a desk without agents.
    private func credentials(_ parts: DeskAssembly) async throws -> CredentialsFile? {
        for path in [credentialsPath, secretsPath]
        where FileManager.default.fileExists(atPath: path) {
            return try CredentialsFile.read(path)
        }
        guard try await parts.desk.agents(page: nil, limit: 1).agents.isEmpty else { return nil }
        var credentials = CredentialsFile(address: "")
        credentials.administrator = try Self.makeLogin("admin")
        credentials.agent = try Self.makeLogin("agent")
        credentials.apiKey = parts.identities.makeKey()
        try write(credentials, to: secretsPath)
        return credentials
    }

    private static func makeLogin(_ login: String) throws -> CredentialsFile.Login {
        let password = try SecureRandom.bytes(count: 12).map { digits[Int($0 & 31)] }
        return CredentialsFile.Login(login: login, password: String(password))
    }

    /// Digits that nobody takes for each other.
    private static let digits = Array("abcdefghjkmnpqrstuvwxyz23456789-")

    private func ensureAgent(
        _ login: CredentialsFile.Login,
        name: String,
        _ role: AgentRole,
        _ parts: DeskAssembly
    ) async throws {
        let known = try parts.store.read { reading throws(StoreError) in
            try reading.agent(login: login.login)
        }
        guard known == nil else { return }
        var random = try SecureRandom()
        let id = AgentID(at: SystemClock().now(), random: &random)
        let hash = try await parts.identities.passwordHash(login.password)
        try await submit(
            .createAgent(id, name: name, role, login: login.login, passwordHash: hash),
            id: CommandID(id),
            parts
        )
    }

    /// The channel for which the key speaks: chats, or where the policy has none, its first.
    private func channel(of parts: DeskAssembly) -> ChannelKey {
        let policy = parts.desk.policy
        return policy.channel("chat")?.key ?? policy.channels.first?.key ?? "chat"
    }

    private func ensureKey(_ key: String, _ parts: DeskAssembly) async throws {
        var random = try SecureRandom()
        let id = PrincipalID(at: SystemClock().now(), random: &random)
        let record = try parts.identities.record(ofKey: key, for: id)
        let known = try parts.store.read { reading throws(StoreError) in
            try reading.apiKey(record.keyID)
        }
        guard known == nil else { return }
        try await submit(
            .createKeyHolder(id, name: "Development", channel: channel(of: parts), key: record),
            id: CommandID(id),
            parts
        )
    }

    private func submit(
        _ change: IdentityChange,
        id: CommandID,
        _ parts: DeskAssembly
    ) async throws {
        guard let digest = Digest(id.bytes + id.bytes) else { return }
        let submission = Submission(
            key: Submission.Key(id: id, digest: digest),
            principal: .desk,
            change: .identity(change)
        )
        switch await parts.desk.submit(submission) {
        case .accepted: return
        case .refused(let rejection):
            throw ServerConfiguration.Fault(
                description: "the development desk cannot be filled: \(rejection.reason)"
            )
        case .unavailable(.diskFull):
            throw ServerConfiguration.Fault(
                description: "the disk is full: there is no room for the accounts in \(folder)"
            )
        case .keyReused, .unavailable:
            throw ServerConfiguration.Fault(description: "the development desk cannot be filled")
        }
    }

    /// Completes the credentials with where clients connect to and what they trust, and writes them
    /// for the clients, whole; where they are on the disk already, nothing is written.
    func publish(_ secrets: CredentialsFile, address: TransportAddress) throws {
        var credentials = secrets
        credentials.address = "\(Self.reachable(address))"
        if FileManager.default.fileExists(atPath: authorityPath) {
            let limit = LocalFile.longestCertificates
            credentials.authority = try LocalFile.text(of: authorityPath, atMost: limit)
        }
        if credentials != secrets { try write(credentials, to: credentialsPath) }
        _ = unsafe unlink(secretsPath)
    }

    /// Where a client on the same machine connects to.
    ///
    /// Nobody connects to an address that stands for all of a machine.
    static func reachable(_ address: TransportAddress) -> TransportAddress {
        guard case .tcp(let host, let port) = address,
            let own = wildcards[IPAddress(host)?.description ?? host]
        else { return address }
        return .tcp(host: own, port: port)
    }

    private func write(
        _ credentials: CredentialsFile,
        to path: String
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(credentials), as: UTF8.self)
        try DataFolder.writePrivate(text + "\n", to: path)
    }
}
