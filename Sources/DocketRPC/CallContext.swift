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
///
/// A view of the call: making and passing one costs a reference, whatever the call knows.
package struct CallContext: Sendable {
    private let call: any ServerCall

    /// A view of `call`.
    package init(call: any ServerCall) {
        self.call = call
    }

    /// The method.
    package var method: Method { call.method }

    /// The connection on which the call came.
    package var connection: any ServerConnection { call.connection }

    /// The caller's metadata.
    package var metadata: Metadata { call.metadata }

    /// What tells the bytes of the call's message, as they were received, from all others; empty
    /// unless the call is a command.
    package var fingerprint: [UInt8] { call.fingerprint }

    /// When the caller stops waiting; nil when it never does.
    package var deadline: ContinuousClock.Instant? { call.deadline }

    /// Where the handler runs; nil means anywhere.
    package var executor: (any CallExecutor)? { call.executor }

    /// The longest reply that the caller takes, in bytes.
    package var maximumReply: Int { call.maximumReply }

    /// Keeps metadata that is to follow the call's last reply.
    package func setTrailers(_ trailers: Metadata) {
        call.setTrailers(trailers)
    }

    /// The class of the caller; nil when nobody has signed in.
    package var caller: Caller? { call.identity?.caller }

    /// Who calls; throws `unauthenticated` when nobody has signed in.
    ///
    /// It is whom the connection acted as when the call came.
    package var identity: CallerIdentity {
        get throws(RPCError) {
            guard let identity = call.identity else {
                throw RPCError(.unauthenticated, "sign in first", isNotProcessed: true)
            }
            return identity
        }
    }
}
