import DocketRPC
import Synchronization

@testable import DocketClient

/// Connects to a desk in the same process, with faults where a test wants them.
final class FaultyConnector: Connector, Sendable {
    private struct State {
        var refusals: [RPCError] = []
        var attempts = 0
        var serverTime: Timestamp?
        var links: [FaultyLink] = []
        var lossesAfterEffect: [String: Int] = [:]
    }

    /// For one client.
    let networkChanges: AsyncStream<Void>
    private let network: AsyncStream<Void>.Continuation
    private let desk: FakeDesk
    private let state = Mutex(State())

    init(to desk: FakeDesk) {
        self.desk = desk
        (networkChanges, network) = AsyncStream.makeStream()
    }

    /// Tells the client that the network has changed.
    func changeNetwork() {
        network.yield()
    }

    /// Lets the next attempts to connect fail so, one after the other.
    func refuseNext(_ errors: RPCError...) {
        state.withLock { $0.refusals += errors }
    }

    /// Lets attempts to connect succeed from now on.
    func refuseNoMore() {
        state.withLock { $0.refusals = [] }
    }

    /// Loses the connection after the desk has done what a method asks, before its reply.
    func loseReplies(of method: Method, times: Int = 1) {
        state.withLock { $0.lossesAfterEffect[method.name] = times }
    }

    /// Ends the newest connection.
    func cut(_ error: RPCError = RPCError(.connectionLost, "cut")) {
        state.withLock { $0.links.last }?.cut(error)
    }

    /// What the server's clock shows; nil for a server that does not say.
    var serverTime: Timestamp? {
        get { state.withLock { $0.serverTime } }
        set { state.withLock { $0.serverTime = newValue } }
    }

    /// How often somebody tried to connect.
    var attempts: Int { state.withLock { $0.attempts } }

    func connect(token: [UInt8]) async throws(RPCError) -> any ServerLink {
        let refusal = state.withLock { state -> RPCError? in
            state.attempts += 1
            return state.refusals.isEmpty ? nil : state.refusals.removeFirst()
        }
        if let refusal { throw refusal }
        let link = FaultyLink(desk: desk, token: token, connector: self)
        state.withLock { $0.links.append(link) }
        return link
    }

    /// Whether the reply of a call is to be lost, which counts as done.
    fileprivate func takesLoss(of method: Method) -> Bool {
        state.withLock { state in
            guard let left = state.lossesAfterEffect[method.name], left > 0 else { return false }
            state.lossesAfterEffect[method.name] = left - 1
            return true
        }
    }
}

/// One connection of a `FaultyConnector`.
final class FaultyLink: ServerLink {
    private let transport: InProcessTransport
    private let greeting: Result<Void, RPCError>
    private let ending = OneShot<RPCError>()
    private let end = Mutex<RPCError?>(nil)
    private let connector: FaultyConnector

    init(desk: FakeDesk, token: [UInt8], connector: FaultyConnector) {
        self.connector = connector
        let identity = desk.identity(of: token)
        let isRefused = !token.isEmpty && identity == nil
        greeting = isRefused ? .failure(RPCError(.sessionExpired, "unknown token")) : .success(())
        transport = InProcessTransport(router: desk.router, identity: identity)
    }

    func greeted() async throws(RPCError) -> Timestamp? {
        try greeting.get()
        return connector.serverTime
    }

    func ended() async -> RPCError {
        if let error = end.withLock({ $0 }) { return error }
        let error = await ending.value()
        return error
    }

    func close() {
        cut(RPCError(.cancelled, "closed here"))
    }

    func cut(_ error: RPCError) {
        let isFirst = end.withLock { end in
            defer { end = end ?? error }
            return end == nil
        }
        guard isFirst else { return }
        transport.close()
        ending.settle(error)
    }

    func begin(
        _ method: Method,
        options: CallOptions,
        first: [UInt8]?,
        ends: Bool,
        receiver: any MessageReceiver
    ) -> any ClientCall {
        let receiver =
            connector.takesLoss(of: method)
            ? LosingReceiver(receiver, link: self) : receiver
        return transport.begin(
            method,
            options: options,
            first: first,
            ends: ends,
            receiver: receiver
        )
    }
}

/// Keeps the reply of a call back and cuts the connection instead.
private final class LosingReceiver: MessageReceiver {
    private let receiver: any MessageReceiver
    private let link: FaultyLink

    init(_ receiver: any MessageReceiver, link: FaultyLink) {
        self.receiver = receiver
        self.link = link
    }

    func receive(_ bytes: RawSpan, cost: Int) {}

    func finish(_ status: CallStatus) {
        link.cut(RPCError(.connectionLost, "cut before the reply"))
        receiver.finish(CallStatus(RPCError(.connectionLost, "cut before the reply")))
    }
}
