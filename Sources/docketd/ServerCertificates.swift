internal import DocketCrypto
internal import DocketTLS
internal import Foundation
internal import Logging

/// The server's certificate, exchanged while it serves, and the keys of its TLS tickets.
final class ServerCertificates: Sendable {
    /// What new connections use.
    let holder: TLSServerContextHolder
    private let configuration: ServerConfiguration
    private let development: DevelopmentSetup?
    private let tickets: TicketKeyRing

    /// Reads the certificate and tests it.
    init(_ configuration: ServerConfiguration, development: DevelopmentSetup?) throws {
        var random = try SecureRandom()
        tickets = TicketKeyRing(at: SystemClock.unixTime, using: &random)
        self.configuration = configuration
        self.development = development
        holder = TLSServerContextHolder(
            try TLSServerContext(
                Self.material(configuration, development, tickets),
                at: SystemClock.unixTime
            )
        )
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
                authorities: try String(contentsOfFile: authority, encoding: .utf8)
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
            return TLSIdentity(
                certificateChain: try String(contentsOfFile: certificate, encoding: .utf8),
                privateKey: Secret(try String(contentsOfFile: key, encoding: .utf8))
            )
        case (nil, nil):
            if let development { return try development.identity() }
            throw ServerConfiguration.Fault(
                description: "a server needs --certificate and --private-key, or --dev"
            )
        default:
            throw ServerConfiguration.Fault(
                description: "--certificate and --private-key go together"
            )
        }
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
            logger.error("the certificate stays as it was", metadata: ["error": "\(error)"])
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
