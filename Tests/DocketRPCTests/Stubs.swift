import DocketRPC

extension CallerIdentity {
    /// A principal of a kind, told apart from others by a number.
    static func stub(_ caller: Caller, number: Int = 0) -> CallerIdentity {
        let id = withUnsafeBytes(of: number.bigEndian, Array.init)
        return CallerIdentity(caller: caller, id: id + id, details: StubDetails())
    }
}

extension CallContext {
    static func stubMethod(_ callers: Callers, name: String = "test.S/Stub") -> Method {
        Method(name, .unary, callers: callers, defaultTimeout: nil)
    }

    /// The context of a call that nobody makes.
    static func stub(
        name: String = "test.S/Stub",
        callers: Callers,
        identity: CallerIdentity?
    ) -> CallContext {
        let transport = InProcessTransport(router: Router(), identity: identity)
        return CallContext(
            call: StubCall(method: stubMethod(callers, name: name), connection: transport)
        )
    }
}

/// Nothing more is known of a stub's identity.
private final class StubDetails: Sendable {}

/// The server's end of a call that takes nothing.
final class StubCall: ServerCall {
    let method: Method
    let connection: any ServerConnection
    var identity: CallerIdentity? { connection.identity }
    var metadata: Metadata { [] }
    var fingerprint: [UInt8] { [] }
    var deadline: ContinuousClock.Instant? { nil }
    var executor: (any CallExecutor)? { nil }
    var isFinished: Bool { true }

    init(method: Method, connection: any ServerConnection) {
        self.method = method
        self.connection = connection
    }

    func send(_ reply: [UInt8]) async throws(RPCError) {
        throw RPCError(.cancelled)
    }

    func finish(reply: [UInt8]) {}
    func finish(_ status: CallStatus) {}
    func setTrailers(_ trailers: Metadata) {}
    func handlerStarts() {}

    let maximumReply = 4 << 20

    func keep(fingerprint: [UInt8]) {}
    func consumed(cost: Int) {}
    func attach(_ task: Task<Void, Never>) {}
    func handlerReturned() {}
}
