internal import DocketCrypto
internal import DocketDesk
internal import DocketDomain
internal import DocketRPC
internal import DocketStore
internal import DocketTLS
internal import DocketTransport
internal import Foundation

/// What `serve --dev` makes for a first try: certificates with an authority of their own, an
/// administrator, an agent, a key, and a file that tells clients of them.
struct DevelopmentSetup: Sendable {
    /// The folder that holds everything.
    let folder: String

    private var certificatePath: String { folder + "/dev-certificate.pem" }
    private var keyPath: String { folder + "/dev-private-key.pem" }
    private var authorityPath: String { folder + "/dev-authority.pem" }
    private var credentialsPath: String { folder + "/dev-credentials.json" }

    /// How long the certificates are valid.
    private static let validity = Duration.seconds(825 * 86_400)

    /// The certificate, made now if there is none.
    func identity() throws -> TLSIdentity {
        if !FileManager.default.fileExists(atPath: certificatePath) { try makeCertificates() }
        return TLSIdentity(
            certificateChain: try String(contentsOfFile: certificatePath, encoding: .utf8),
            privateKey: Secret(try String(contentsOfFile: keyPath, encoding: .utf8))
        )
    }

    private func makeCertificates() throws {
        let now = SystemClock.unixTime
        let validity = (now + .seconds(-3_600))...(now + Self.validity)
        let authority = try CertificateAuthority(
            name: "Docket development authority",
            validity: validity
        )
        let addresses = ["127.0.0.1", "::1"].compactMap { IPAddress($0) }
        let issued = try authority.issue(
            name: "localhost",
            for: [.dns("localhost")] + addresses.map { .address($0) },
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

    /// Fills an empty desk and writes the credentials, as yet without an address.
    func fill(_ parts: DeskAssembly) async throws {
        var credentials = CredentialsFile(address: "")
        credentials.authority = try String(contentsOfFile: authorityPath, encoding: .utf8)
        credentials.administrator = try await makeAgent(
            "admin",
            name: "Administrator",
            .administrator,
            parts
        )
        credentials.agent = try await makeAgent("agent", name: "Agent", .agent, parts)
        credentials.apiKey = try await makeKey(parts)
        try write(credentials)
    }

    private func makeAgent(
        _ login: String,
        name: String,
        _ role: AgentRole,
        _ parts: DeskAssembly
    ) async throws -> CredentialsFile.Login {
        var random = try SecureRandom()
        let password = try SecureRandom.bytes(count: 12).map { Self.digits[Int($0 & 31)] }
        let text = String(password)
        let id = AgentID(at: SystemClock().now(), random: &random)
        let hash = try await parts.identities.passwordHash(text)
        try await submit(
            .createAgent(id, name: name, role, login: login, passwordHash: hash),
            id: CommandID(id),
            parts
        )
        return CredentialsFile.Login(login: login, password: text)
    }

    /// Digits that nobody takes for each other.
    private static let digits = Array("abcdefghjkmnpqrstuvwxyz23456789-")

    private func makeKey(_ parts: DeskAssembly) async throws -> String {
        var random = try SecureRandom()
        let id = PrincipalID(at: SystemClock().now(), random: &random)
        let key = try parts.identities.makeKey(for: id)
        try await submit(
            .createKeyHolder(id, name: "Development", channel: "chat", key: key.record),
            id: CommandID(id),
            parts
        )
        return key.text
    }

    private func submit(
        _ change: IdentityChange,
        id: CommandID,
        _ parts: DeskAssembly
    ) async throws {
        guard let digest = Digest(Data(id.bytes + id.bytes)) else { return }
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
        case .keyReused, .unavailable:
            throw ServerConfiguration.Fault(description: "the development desk cannot be filled")
        }
    }

    /// Completes the credentials with the address that clients connect to.
    func writeAddress(_ address: TransportAddress) throws {
        guard FileManager.default.fileExists(atPath: credentialsPath) else { return }
        var credentials = try CredentialsFile.read(credentialsPath)
        credentials.address = "\(address)"
        try write(credentials)
    }

    private func write(_ credentials: CredentialsFile) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(credentials), as: UTF8.self)
        try DataFolder.writePrivate(text + "\n", to: credentialsPath)
    }
}
