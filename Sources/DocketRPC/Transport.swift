/// Takes the messages of one direction of a call from a transport.
///
/// Every function is called on the transport's own executor, in the order of the wire, and returns
/// promptly.
package protocol MessageReceiver: AnyObject, Sendable {
    /// Takes a message, whose bytes are valid during the call only.
    ///
    /// Once it has been consumed, `cost` is given back to the transport.
    func receive(_ bytes: RawSpan, cost: Int)
    /// Takes the end: after it nothing follows.
    ///
    /// Every receiver is told so exactly once, also when the call is cancelled or its time is over.
    func finish(_ status: CallStatus)
}

/// Where the handlers of a connection run.
package protocol CallExecutor: TaskExecutor {
    /// Runs a closure there, behind whatever waits there already.
    func execute(_ body: @escaping @Sendable () -> Void)
}

/// The server's end of a call, as a transport gives it to a method.
///
/// All of it may be used from any thread; on the transport's own executor nothing hops.
package protocol ServerCall: AnyObject, Sendable {
    /// The method.
    var method: Method { get }
    /// The connection on which the call came.
    var connection: any ServerConnection { get }
    /// Whom the connection acted as when the call came; nil before signing in.
    var identity: CallerIdentity? { get }
    /// The caller's metadata.
    var metadata: Metadata { get }
    /// What tells the bytes of the call's message from all others; empty unless it is a command.
    var fingerprint: [UInt8] { get }
    /// Keeps the fingerprint, before the handler starts.
    func keep(fingerprint: [UInt8])
    /// The handler starts.
    ///
    /// Whatever ends the call before this, nothing of it took effect, and the transport says so.
    func handlerStarts()
    /// When the caller stops waiting; nil when it never does.
    var deadline: ContinuousClock.Instant? { get }
    /// Where the handler is to run; nil means anywhere.
    var executor: (any CallExecutor)? { get }
    /// The longest reply that the caller takes, in bytes; a longer one ends the call.
    var maximumReply: Int { get }
    /// Sends a reply and returns when the next one may be sent.
    ///
    /// Throws when the call is over. It ends the wait when its task is cancelled; the reply may
    /// then be lost.
    func send(_ reply: [UInt8]) async throws(RPCError)
    /// Sends the last reply of a call, and the trailers if there are any, and ends the call.
    func finish(reply: [UInt8])
    /// Ends the call without a further reply.
    ///
    /// The trailers kept for it go with a success.
    func finish(_ status: CallStatus)
    /// Keeps what is to follow the call's last reply.
    func setTrailers(_ trailers: Metadata)
    /// Gives back the cost of a consumed message.
    func consumed(cost: Int)
    /// Keeps the handler's task, so that cancelling the call cancels it; at once when the call is
    /// over already.
    ///
    /// Called after `handlerReturned` when the handler did not have to wait: then there is nothing
    /// to keep.
    func attach(_ task: Task<Void, Never>)
    /// The handler has returned and owes no reply, or none was started.
    ///
    /// Nothing is sent on the call after this. Every call that was given to a method comes to this
    /// exactly once.
    func handlerReturned()
    /// Whether the call has been ended by this side.
    var isFinished: Bool { get }
}

extension ServerCall {
    /// What the handler may know.
    package var context: CallContext { CallContext(call: self) }
}

/// What a caller wishes for a call beside its messages.
package struct CallOptions: Equatable, Sendable {
    /// How long the caller waits; nil means the method's default.
    package var timeout: Duration?
    /// What goes with the call.
    package var metadata: Metadata

    /// The defaults: the method's timeout, no metadata.
    package init(timeout: Duration? = nil, metadata: Metadata = []) {
        self.timeout = timeout
        self.metadata = metadata
    }
}

/// The client's end of a call, as a transport gives it to a caller.
package protocol ClientCall: AnyObject, Sendable {
    /// Sends a message and returns when the next one may be sent.
    ///
    /// Throws when the call is over, and gives it up when its task is cancelled while it waits.
    func send(_ message: [UInt8]) async throws(RPCError)
    /// Says that no message follows.
    func end()
    /// Gives the call up.
    ///
    /// Its receiver is told `cancelled`.
    func cancel()
    /// Gives back the cost of a consumed reply.
    func consumed(cost: Int)
}

/// Something over which calls can be made: a connection, or a server in the same process.
package protocol CallChannel: Sendable {
    /// Begins a call.
    ///
    /// `first` is its first message, if there is one yet; `ends` says that no other follows.
    /// Failures of any kind reach the receiver's `finish`.
    func begin(
        _ method: Method,
        options: CallOptions,
        first: [UInt8]?,
        ends: Bool,
        receiver: any MessageReceiver
    ) -> any ClientCall
}
