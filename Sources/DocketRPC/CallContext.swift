/// The server's end of a connection, as the handlers of its calls may see it.
package protocol ServerConnection: AnyObject, Sendable {
    /// Who the connection acts as; nil before signing in.
    var identity: CallerIdentity? { get }
    /// Makes the connection act as a principal.
    ///
    /// Throws `already_signed_in` when it acts as one already: that is set once.
    func adopt(_ identity: CallerIdentity) throws(RPCError)
    /// The client's address for limits and logs, such as `127.0.0.1`; empty where there is none.
    var remoteAddress: String { get }
}

/// What a handler may know of its call beside the messages.
package struct CallContext: Sendable {
    /// The method.
    package let method: Method
    /// The connection on which the call came.
    package let connection: any ServerConnection
    /// The caller's metadata.
    package let metadata: Metadata
    /// When the caller stops waiting; nil when it never does.
    package let deadline: ContinuousClock.Instant?

    private let call: any ServerCall

    /// Makes a context of its parts.
    package init(
        method: Method,
        connection: any ServerConnection,
        metadata: Metadata,
        deadline: ContinuousClock.Instant?,
        call: any ServerCall
    ) {
        self.method = method
        self.connection = connection
        self.metadata = metadata
        self.deadline = deadline
        self.call = call
    }

    /// Where the handler runs; nil means anywhere.
    package var executor: (any CallExecutor)? { call.executor }

    /// Keeps metadata that is to follow the call's last reply.
    package func setTrailers(_ trailers: Metadata) {
        call.setTrailers(trailers)
    }

    /// Who calls; throws `unauthenticated` when nobody has signed in.
    package var identity: CallerIdentity {
        get throws(RPCError) {
            guard let identity = connection.identity else {
                throw RPCError(.unauthenticated, "sign in first", isNotProcessed: true)
            }
            return identity
        }
    }
}
