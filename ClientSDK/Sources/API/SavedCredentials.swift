internal import DocketTransport

/// A server and the ways to sign in to it, as a credentials file holds them.
///
/// `docketd serve --dev` writes such a file.
public struct SavedCredentials: Sendable {
    /// Where the server is, and whom to trust.
    public let server: Server
    /// An administrator of the desk, if the file names one.
    public let administrator: Credential?
    /// An agent of the desk, if the file names one.
    public let agent: Credential?
    /// An integration, if the file has its key.
    public let integration: Credential?

    /// Reads a credentials file; the error says what is wrong with it.
    public init(contentsOf path: String) throws(DocketClientError) {
        let file: CredentialsFile
        do throws(CredentialsFault) {
            file = try CredentialsFile.read(path)
        } catch {
            throw DocketClientError(.invalidInput, "\(error)")
        }
        let trust = file.authority.map(Server.Trust.authorities(pem:)) ?? .system
        guard let server = Server(address: file.address, trust: trust) else {
            throw DocketClientError(.invalidInput, "\(path) has no address of the form HOST:PORT")
        }
        self.server = server
        administrator = file.administrator.map { .login($0.login, password: $0.password) }
        agent = file.agent.map { .login($0.login, password: $0.password) }
        integration = file.apiKey.map(Credential.apiKey)
    }
}
