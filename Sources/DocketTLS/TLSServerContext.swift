internal import COpenSSL
package import DocketCrypto

/// A server's TLS settings, ready to make sessions of.
///
/// Threads may share a context; each session belongs to one thread. A context never changes:
/// another certificate needs another context, see `TLSServerContextHolder`.
package final class TLSServerContext: Sendable {
    let context: TLSContext
    let verificationTime: UnixTime?
    /// The context's callback refers to it without owning it.
    private let ticketKeys: TicketKeyRing?

    /// The end of the validity of the server's certificate, for operators to watch.
    package let certificateExpiry: UnixTime?

    /// Makes a context and tests everything it is made of.
    ///
    /// The certificate must be valid `now`, the key must belong to it, and each certificate of the
    /// chain must be issued by the next.
    package init(
        _ configuration: TLSServerConfiguration,
        at now: UnixTime
    ) throws(TLSConfigurationError) {
        context = unsafe try TLSContext(
            method: TLS_server_method(),
            minimum: configuration.minimumVersion,
            maximum: .tls13
        )
        verificationTime = configuration.verificationTime
        ticketKeys = configuration.ticketKeys
        certificateExpiry = try context.show(configuration.identity, at: now).expiry
        try requireProtocols(configuration.applicationProtocols)
        try askForCertificates(configuration.clientCertificates)
        try issueTickets()
    }

    private func requireProtocols(_ names: [String]) throws(TLSConfigurationError) {
        let list = try ApplicationProtocols(names).wireForm
        unsafe try context.check(
            docket_tls_context_require_protocols(context.pointer, list, list.count)
        )
    }

    private func askForCertificates(
        _ rule: TLSServerConfiguration.ClientCertificates
    ) throws(TLSConfigurationError) {
        var mode = SSL_VERIFY_NONE
        var authorities = ""
        switch rule {
        case .none:
            break
        case .optional(let pem):
            mode = SSL_VERIFY_PEER
            authorities = pem
        case .required(let pem):
            mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
            authorities = pem
        }
        unsafe SSL_CTX_set_verify(context.pointer, mode, nil)
        if mode != SSL_VERIFY_NONE {
            let trusted = try TLSContext.certificates(in: authorities, part: .authorities)
            try context.trust(trusted, announced: true)
        }
        try separateSessions(mode: mode, authorities: authorities)
    }

    /// Binds tickets to what was asked of the client: a ticket that was issued without a client
    /// certificate, or under other authorities, must not be resumed where one is required.
    private func separateSessions(
        mode: Int32,
        authorities: String
    ) throws(TLSConfigurationError) {
        let rule = Array("\(mode)\n\(authorities)".utf8)
        let identifier = unsafe SHA256.digest(of: rule.span.bytes).bytes
        unsafe try context.check(
            SSL_CTX_set_session_id_context(
                context.pointer,
                identifier,
                UInt32(clamping: identifier.count)
            )
        )
    }

    private func issueTickets() throws(TLSConfigurationError) {
        guard let ticketKeys else {
            unsafe docket_tls_context_disable_tickets(context.pointer)
            return
        }
        let lifetime = Int(clamping: TicketKeyRing.period.components.seconds)
        unsafe try context.check(docket_tls_context_enable_tickets(context.pointer, lifetime))
        unsafe try context.check(ticketKeys.serve(context.pointer))
    }
}
