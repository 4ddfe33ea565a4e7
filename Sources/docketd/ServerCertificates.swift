internal import DocketCommandLine
internal import DocketCrypto
internal import DocketRPC
internal import DocketTLS
internal import Foundation
internal import Logging

/// The server's certificate, exchanged while it serves, and the keys of its TLS tickets.
final class ServerCertificates: Sendable {
    /// What new connections use.
    let holder: TLSServerContextHolder
    /// When the certificate expires that was read first.
    let expiry: UnixTime?
    private let configuration: ServerConfiguration
    private let development: DevelopmentSetup?
    private let tickets: TicketKeyRing

    /// Reads the certificate and tests it.
    init(_ configuration: ServerConfiguration, development: DevelopmentSetup?) throws {
        var random = try SecureRandom()
        tickets = TicketKeyRing(at: SystemClock.unixTime, using: &random)
        self.configuration = configuration
        self.development = development
        let context = try TLSServerContext(
            Self.material(configuration, development, tickets),
            at: SystemClock.unixTime
        )
        expiry = context.certificateExpiry
        holder = TLSServerContextHolder(context)
    }

    private static func material(
        _ configuration: ServerConfiguration,
        _ development: DevelopmentSetup?,
        _ tickets: TicketKeyRing
    ) throws -> TLSServerConfiguration {
        var tls = TLSServerConfiguration(
            identity: try identity(configuration, development),
            ticketKeys: tickets
        )
        tls.minimumVersion = configuration.minimumTLS == "1.2" ? .tls12 : .tls13
        if let authority = configuration.clientAuthority {
            tls.clientCertificates = .optional(
                authorities: try LocalFile.certificates(of: authority)
            )
        }
        return tls
    }

    private static func identity(
        _ configuration: ServerConfiguration,
        _ development: DevelopmentSetup?
    ) throws -> TLSIdentity {
        switch (configuration.certificate, configuration.privateKey) {
        case (let certificate?, let key?):
            return try CertificateFiles(certificate: certificate, privateKey: key).identity()
        case (nil, nil):
            if let development { return try development.identity() }
            throw ServerConfiguration.Fault(
                description: "the server needs --certificate and --private-key, or --dev"
            )
        default:
            throw ServerConfiguration.Fault(
                description: "set both certificate and private_key, or neither"
            )
        }
    }

    /// Says what `serve` would say of the certificate of a configuration.
    ///
    /// - Returns: When it expires; `nil` where no certificate is set.
    static func check(_ configuration: ServerConfiguration) throws -> UnixTime? {
        let isSet = configuration.certificate != nil || configuration.privateKey != nil
        guard isSet || configuration.clientAuthority != nil else { return nil }
        return try ServerCertificates(configuration, development: nil).expiry
    }

    /// Reads the certificate again; the one in use stays when the new one is not sound.
    func reload(logger: Logger) {
        do {
            try holder.reload(
                Self.material(configuration, development, tickets),
                at: SystemClock.unixTime
            )
            logger.info("certificate reloaded")
        } catch {
            logger.error(
                "the certificate stays as it was",
                metadata: ["error": "\(ErrorText.words(for: error))"]
            )
        }
    }

    /// Changes the ticket keys when that is due, until the task is cancelled.
    func rotateTicketKeys() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .seconds(60))
                var random = try SecureRandom()
                tickets.rotateIfDue(at: SystemClock.unixTime, using: &random)
            } catch {
                return
            }
        }
    }
}

/// The two files of a certificate.
struct CertificateFiles {
    let certificate: String
    let privateKey: String

    /// Reads them.
    ///
    /// - Throws: A `CommandFailure` that names the file that cannot be read.
    func identity() throws(CommandFailure) -> TLSIdentity {
        let limit = LocalFile.longestCertificates
        return TLSIdentity(
            certificateChain: try LocalFile.certificates(of: certificate),
            privateKey: Secret(try LocalFile.text(of: privateKey, atMost: limit))
        )
    }
}
