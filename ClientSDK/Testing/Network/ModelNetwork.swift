public import DocketClient
package import DocketRPC
internal import Synchronization

/// What clients connect to a model through, with the faults that a test wants.
///
/// Every fault is asked for by a call, holds for what comes next, and happens exactly then: nothing
/// is left to chance, unless `disturb(_:using:)` gives it a generator. A server has one network of
/// its own and makes more, so that one device can be cut off and another not.
public final class ModelNetwork: Sendable {
    /// What happens to a call.
    enum Fate: Sendable {
        case passes
        case isLost
        case losesReply
        case comesTwice
        case comesLate(Duration)
        case isRefused(RPCError)
    }

    /// What happens to a message from the server.
    enum MessageFate: Sendable {
        case passes
        case isDropped
        case comesTwice
        case cutsConnection
    }

    private struct State {
        var isPartitioned = false
        var attempts = 0
        var links: [ModelLink] = []
        var refusals: [RPCError] = []
        var fates: [MethodName: [Fate]] = [:]
        var entryFates: [MessageFate] = []
        var callsToPass: Int?
        var messagesToPass: Int?
        var odds = 0.0
        var random: (any RandomNumberGenerator & Sendable)?

        /// What befalls a call by chance.
        mutating func accident() -> Fate? {
            guard odds > 0, var random else { return nil }
            defer { self.random = random }
            guard Double.random(in: 0..<1, using: &random) < odds else { return nil }
            switch Int.random(in: 0..<3, using: &random) {
            case 0: return .isLost
            case 1: return .losesReply
            default: return .comesTwice
            }
        }
    }

    let services: ModelServices
    private let state = Mutex(State())

    init(to services: ModelServices) {
        self.services = services
    }

    // MARK: Calls

    /// Loses the next calls of a method on their way: the server does not see them, and each cuts
    /// its connection.
    public func loseCalls(of method: MethodName, next count: Int = 1) {
        plan(.isLost, of: method, count)
    }

    /// Loses the replies to the next calls of a method: the server has done what they ask, and each
    /// cuts its connection.
    ///
    /// Of a feed the next entry is lost so.
    public func loseReplies(of method: MethodName, next count: Int = 1) {
        plan(.losesReply, of: method, count)
    }

    /// Lets the server see the next calls of a method twice, one right after the other.
    ///
    /// The client gets the first answer.
    public func doubleCalls(of method: MethodName, next count: Int = 1) {
        plan(.comesTwice, of: method, count)
    }

    /// Holds the next calls of a method up for a time of the virtual clock.
    ///
    /// The caller may have given up by then: the server sees the call all the same, unless the
    /// connection has ended.
    public func delayCalls(of method: MethodName, next count: Int = 1, by delay: Duration) {
        plan(.comesLate(delay), of: method, count)
    }

    /// Answers the next calls of a method with a refusal, without the server.
    ///
    /// It is no verdict: the same call may succeed when it is repeated. For one that stays see
    /// `ModelServer.refuse(_:next:with:)`.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - count: How many calls.
    ///   - refusal: Its reason is a word of the protocol's registry, such as `overloaded`.
    ///   - delay: When the server asks the caller to come again.
    public func refuseCalls(
        of method: MethodName,
        next count: Int = 1,
        with refusal: Refusal,
        retryAfter delay: Duration? = nil
    ) {
        var error = RPCError(refusal)
        error.retryAfter = delay
        plan(.isRefused(error), of: method, count)
    }

    private func plan(_ fate: Fate, of method: MethodName, _ count: Int) {
        state.withLock {
            $0.fates[method, default: []] += Array(repeating: fate, count: count)
        }
    }

    // MARK: Feeds

    /// Sends the next entries of feeds twice, which breaks their chain.
    public func doubleEntries(next count: Int = 1) {
        state.withLock { $0.entryFates += Array(repeating: .comesTwice, count: count) }
    }

    /// Leaves out the next entries of feeds, which breaks their chain.
    public func dropEntries(next count: Int = 1) {
        state.withLock { $0.entryFates += Array(repeating: .isDropped, count: count) }
    }

    // MARK: Connections

    /// Ends every connection of this network, as if the wire were cut; the client may connect again
    /// at once.
    public func cut() {
        let links = state.withLock { state in
            defer { state.links = [] }
            return state.links
        }
        for link in links { link.cut(.wireCut) }
    }

    /// Cuts the connection instead of passing on a call, once so many more calls have passed.
    public func cut(afterCalls count: Int) {
        state.withLock { $0.callsToPass = count }
    }

    /// Cuts the connection instead of passing on a message of the server, once so many more have
    /// passed: replies and entries of feeds.
    public func cut(afterMessages count: Int) {
        state.withLock { $0.messagesToPass = count }
    }

    /// Cuts every connection and refuses new ones until `heal()`.
    public func partition() {
        state.withLock { $0.isPartitioned = true }
        cut()
    }

    /// Ends a partition.
    public func heal() {
        state.withLock { $0.isPartitioned = false }
    }

    /// Lets the next attempts to connect fail.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - refusal: Why, by a word of the protocol's registry; nil for a server that is not there.
    ///   - delay: When the server asks the client to come again.
    public func refuseConnections(
        next count: Int = 1,
        with refusal: Refusal? = nil,
        retryAfter delay: Duration? = nil
    ) {
        var error = refusal.map { RPCError($0) } ?? .wireCut
        error.retryAfter = delay
        state.withLock { $0.refusals += Array(repeating: error, count: count) }
    }

    /// How often somebody tried to connect.
    public var attempts: Int { state.withLock { $0.attempts } }

    /// Lets any call meet with an accident from now on: it is lost, or its reply is, or it comes
    /// twice.
    ///
    /// - Parameters:
    ///   - odds: The share of calls, from 0 to 1; 0 ends it.
    ///   - random: What decides; the same generator gives the same accidents to the same calls.
    public func disturb(_ odds: Double, using random: some RandomNumberGenerator & Sendable) {
        state.withLock { state in
            state.odds = odds
            state.random = random
        }
    }

    // MARK: What links ask

    /// What becomes of a call, which counts as done.
    func takeFate(of method: MethodName) -> Fate {
        state.withLock { state in
            if let left = state.callsToPass {
                state.callsToPass = left > 0 ? left - 1 : nil
                if left == 0 { return .isLost }
            }
            if let planned = state.fates[method], !planned.isEmpty {
                state.fates[method] = Array(planned.dropFirst())
                return planned[0]
            }
            return state.accident() ?? .passes
        }
    }

    /// What becomes of a message from the server, which counts as done.
    func takeMessageFate(of method: MethodName) -> MessageFate {
        state.withLock { state in
            if let left = state.messagesToPass {
                state.messagesToPass = left > 0 ? left - 1 : nil
                if left == 0 { return .cutsConnection }
            }
            guard method == .subscribe, !state.entryFates.isEmpty else { return .passes }
            return state.entryFates.removeFirst()
        }
    }

    /// Counts an attempt to connect; gives why it fails, if it does.
    fileprivate func countAttempt() -> RPCError? {
        state.withLock { state in
            state.attempts += 1
            if state.isPartitioned { return .wireCut }
            return state.refusals.isEmpty ? nil : state.refusals.removeFirst()
        }
    }

    fileprivate func keep(_ link: ModelLink) {
        state.withLock { state in
            state.links.removeAll { !$0.isOpen }
            state.links.append(link)
        }
    }
}

extension ModelNetwork: Connector {
    package var networkChanges: AsyncStream<Void> { .ended }

    package func connect(token: [UInt8]) async throws(RPCError) -> any ServerLink {
        if let error = countAttempt() { throw error }
        let link = ModelLink(on: self, token: token)
        keep(link)
        services.opened(link)
        return link
    }
}

extension RPCError {
    /// What a client learns when a connection is gone.
    static var wireCut: RPCError { RPCError(.connectionLost, "the connection was cut") }

    /// A refusal by the word of its reason.
    init(_ refusal: Refusal) {
        self.init(Reason(rawValue: refusal.reason), refusal.message)
    }
}
