internal import COpenSSL
package import DocketCrypto

/// A client's TLS settings, ready to make sessions of, and the tickets of the servers it has met.
///
/// Threads may share a context; each session belongs to one thread.
package final class TLSClientContext: Sendable {
    let context: TLSContext
    let verificationTime: UnixTime?
    let tickets: TLSTicketCache

    /// Makes a context and tests everything it is made of, like `TLSServerContext`.
    package init(
        _ configuration: TLSClientConfiguration,
        at now: UnixTime
    ) throws(TLSConfigurationError) {
        context = unsafe try TLSContext(
            method: TLS_client_method(),
            minimum: configuration.minimumVersion,
            maximum: configuration.maximumVersion
        )
        verificationTime = configuration.verificationTime
        tickets = TLSTicketCache(limit: configuration.ticketLimit)
        unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER, nil)
        try trust(configuration.trust)
        if let identity = configuration.identity {
            _ = try context.show(identity, at: now)
        }
        let protocols = try ApplicationProtocols(configuration.applicationProtocols).wireForm
        // This function alone returns 0 for success.
        let refused = unsafe SSL_CTX_set_alpn_protos(
            context.pointer,
            protocols,
            UInt32(clamping: protocols.count)
        )
        try context.check(refused == 0 ? 1 : 0)
        if configuration.ticketLimit > 0 {
            unsafe docket_tls_context_collect_tickets(context.pointer)
        }
    }

    private func trust(_ trust: TLSClientConfiguration.Trust) throws(TLSConfigurationError) {
        switch trust {
        case .system:
            unsafe try context.check(SSL_CTX_set_default_verify_paths(context.pointer))
        case .certificates(let pem):
            let authorities = try TLSContext.certificates(in: pem, part: .authorities)
            try context.trust(authorities, announced: false)
        }
    }
}
