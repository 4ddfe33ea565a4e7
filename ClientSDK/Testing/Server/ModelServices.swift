internal import DocketCalls
internal import DocketClient
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Synchronization

/// Serves the model: gives it the calls of connections with their time, and feeds what it tells.
///
/// All of it happens in one turn under one lock, so that calls are decided in the order in which
/// they come.
final class ModelServices: Sendable {
    /// What a subscription is woken by.
    enum Ring: Sendable {
        /// The log may have grown.
        case news
        /// Nothing was sent for a while.
        case silence
        /// Somebody types, which is in no log.
        case typing(Docket_V1_Event)
    }

    /// A session's token, as connections keep it.
    final class Token: Sendable {
        /// The 32 bytes.
        let bytes: Data

        init(_ bytes: Data) {
            self.bytes = bytes
        }
    }

    /// A connection that the server may end.
    private struct Open {
        let number: Int
        weak var link: ModelLink?
    }

    private struct State {
        var model = Model()
        var lives: UInt64 = 1
        var calls: [MethodName] = []
        var lastNumber = 0
        var bells: [Int: AsyncStream<Ring>.Continuation] = [:]
        var feeds: [ObjectIdentifier: Int] = [:]
        var links: [ObjectIdentifier: Open] = [:]
        var typed: [[Data]: ContinuousClock.Instant] = [:]
        var random = SeededGenerator(seed: 0)
    }

    /// How long a feed is silent before it beats.
    static let silence = Duration.seconds(20)
    /// Feeds that one connection may have open.
    static let feedsPerConnection = 16
    /// How often it is told that somebody types.
    private static let typingInterval = Duration.seconds(3)
    /// What the clock's beginning is by the calendar: a moment in 2027.
    private static let firstMillisecond: UInt64 = 1_800_000_000_000

    /// The time of everything.
    let clock: VirtualClock
    private let state = Mutex(State())

    init(clock: VirtualClock) {
        self.clock = clock
    }

    /// The present moment by the calendar.
    var moment: Timestamp {
        let (seconds, attoseconds) = clock.elapsed.components
        let milliseconds = UInt64(seconds) * 1_000 + UInt64(attoseconds / 1_000_000_000_000_000)
        return Timestamp(millisecondsSinceEpoch: Self.firstMillisecond + milliseconds)
    }

    /// The model as it is.
    var model: Model { state.withLock { $0.model } }

    /// The methods that were called, in order.
    var calls: [MethodName] { state.withLock { $0.calls } }

    /// Does something with the model, then lets the feeds tell of it.
    func change<Value>(
        _ body: (inout Model) throws(RPCError) -> Value
    ) throws(RPCError) -> Value {
        defer { ring(.news) }
        return try state.withLock { state throws(RPCError) in try body(&state.model) }
    }

    /// Puts an earlier model in place, as another life of its log in which nobody is signed in.
    func restore(_ model: Model) {
        state.withLock { state in
            state.lives += 1
            state.model = model
            state.model.epoch = state.lives
            state.model.sessions = [:]
        }
    }

    /// A new id of a party or a command.
    func newID() -> Data {
        let moment = moment
        return state.withLock { Data(PartyID(at: moment, random: &$0.random).bytes) }
    }

    // MARK: Connections

    /// Whom a connection with a token acts as; nil for an empty token.
    func identity(of token: [UInt8]) throws(RPCError) -> CallerIdentity? {
        guard !token.isEmpty else { return nil }
        let principal = try model.holder(of: Data(token), at: moment.millisecondsSinceEpoch)
        return CallerIdentity(principal, Data(token))
    }

    /// A connection was made.
    func opened(_ link: ModelLink) {
        state.withLock { state in
            state.lastNumber += 1
            state.links[ObjectIdentifier(link)] = Open(number: state.lastNumber, link: link)
        }
    }

    /// A connection is over.
    func ended(_ link: ModelLink) {
        state.withLock { $0.links[ObjectIdentifier(link)] = nil }
    }

    /// Ends every connection for which that is right.
    func endConnections(
        _ error: RPCError,
        where isWanted: (ModelLink) -> Bool = { _ in true }
    ) {
        let links = state.withLock { state in
            state.links.values.sorted { $0.number < $1.number }.compactMap(\.link)
        }
        for link in links where isWanted(link) { link.cut(error) }
    }

    // MARK: Calls

    /// Whence a call comes.
    struct Origin {
        let method: Method
        let fingerprint: [UInt8]
        let token: Data?

        /// That of a call that came by itself.
        init(_ context: CallContext) {
            method = context.method
            fingerprint = context.fingerprint
            token = context.token
        }

        /// That of a call that came in a lane.
        init(of method: Method, _ bytes: Data, _ lane: CallContext) {
            self.method = method
            fingerprint = Array(bytes)
            token = lane.token
        }
    }

    /// Asks the model what a call asks for.
    func ask<Call: SwiftProtobuf.Message & Sendable, Reply>(
        _ call: Call,
        _ context: CallContext,
        header: Docket_V1_CommandHeader? = nil,
        _ body: (inout Model, Model.Asked<Call>) throws(RPCError) -> Reply
    ) throws(RPCError) -> Reply {
        try ask(call, Origin(context), header: header, body)
    }

    /// Asks the model what a call asks for.
    func ask<Call: SwiftProtobuf.Message & Sendable, Reply>(
        _ call: Call,
        _ origin: Origin,
        header: Docket_V1_CommandHeader?,
        _ body: (inout Model, Model.Asked<Call>) throws(RPCError) -> Reply
    ) throws(RPCError) -> Reply {
        let now = moment.millisecondsSinceEpoch
        defer { ring(.news) }
        return try state.withLock { state throws(RPCError) in
            state.calls.append(MethodName(origin.method))
            let author = try origin.token.map { token throws(RPCError) in
                try state.model.holder(of: token, at: now)
            }
            let asked = Model.Asked(
                call: call,
                method: origin.method,
                author: author ?? Model.Principal(),
                now: now,
                header: header ?? Docket_V1_CommandHeader(),
                bytes: Array(origin.method.name.utf8) + origin.fingerprint
            )
            return try body(&state.model, asked)
        }
    }

    private func ring(_ ring: Ring) {
        let bells = state.withLock { $0.bells.sorted { $0.key < $1.key }.map(\.value) }
        for bell in bells { bell.yield(ring) }
    }

    /// Lets others know that somebody types, unless they were told a moment ago.
    func signalTyping(
        _ call: Docket_V1_TypingCall,
        _ context: CallContext
    ) throws(RPCError) -> Docket_V1_TypingReply {
        let signal = try ask(call, context) { model, asked throws(RPCError) in
            try Model.check(id: call.conversationID, "conversation_id")
            _ = try model.conversation(call.conversationID, for: asked.author)
            return Docket_V1_Event.with {
                $0.atMilliseconds = asked.now
                $0.actor = asked.author.actor
                $0.conversationID = call.conversationID
                $0.typingStarted = Docket_V1_TypingStarted()
            }
        }
        let now = clock.now
        let isTold = state.withLock { state in
            let key = [signal.actor.id, signal.conversationID]
            guard state.typed[key].map({ now - $0 >= Self.typingInterval }) ?? true else {
                return false
            }
            state.typed[key] = now
            return true
        }
        if isTold { ring(.typing(signal)) }
        return Docket_V1_TypingReply()
    }

    // MARK: Feeds

    /// Sends one feed until its caller gives up.
    func subscribe(
        _ call: Docket_V1_SubscribeCall,
        _ replies: ReplyWriter<Docket_V1_FeedEntry>,
        _ context: CallContext
    ) async throws(RPCError) {
        try count(context)
        defer { uncount(context) }
        let life = state.withLock { $0.lives }
        var subscription = try ask(call, context) { model, asked throws(RPCError) in
            try model.subscribe(asked)
        }
        let (rings, bell) = AsyncStream.makeStream(of: Ring.self)
        let number = state.withLock { state in
            state.lastNumber += 1
            state.bells[state.lastNumber] = bell
            return state.lastNumber
        }
        defer { state.withLock { $0.bells[number] = nil } }
        var iterator = rings.makeAsyncIterator()
        var lastSent = clock.now
        while !Task.isCancelled {
            // A restored server tells nothing to those who read what it was before.
            let entries = try state.withLock { state throws(RPCError) in
                state.lives == life ? try state.model.next(of: &subscription) : []
            }
            for entry in entries { try await replies.write(entry) }
            if !entries.isEmpty { lastSent = clock.now }
            let alarm = alarm(at: lastSent + Self.silence, bell)
            defer { alarm.cancel() }
            switch await iterator.next() {
            case .silence where clock.now - lastSent >= Self.silence:
                // What has happened meanwhile comes before the word that all was sent.
                let told = try state.withLock { state throws(RPCError) in
                    guard state.lives == life else { return [Docket_V1_FeedEntry]() }
                    let entries = try state.model.next(of: &subscription)
                    return entries + [state.model.heartbeat(of: &subscription)]
                }
                for entry in told { try await replies.write(entry) }
                lastSent = clock.now
            case .typing(let signal): try await tell(signal, to: subscription, replies)
            case .news, .silence: continue
            case nil: return
            }
        }
    }

    private func alarm(
        at moment: ContinuousClock.Instant,
        _ bell: AsyncStream<Ring>.Continuation
    ) -> Task<Void, Never> {
        Task { [clock] in
            guard (try? await clock.sleep(until: moment)) != nil else { return }
            bell.yield(.silence)
        }
    }

    private func tell(
        _ signal: Docket_V1_Event,
        to subscription: Model.Subscription,
        _ replies: ReplyWriter<Docket_V1_FeedEntry>
    ) async throws(RPCError) {
        let reader = subscription.principal
        guard signal.actor.id != reader.id,
            (try? model.conversation(signal.conversationID, for: reader)) != nil
        else { return }
        let bytes = try encoded(signal)
        try await replies.write(.with { $0.ephemeral = Data(bytes) })
    }

    private func count(_ context: CallContext) throws(RPCError) {
        let connection = ObjectIdentifier(context.connection)
        let isAllowed = state.withLock { state in
            guard state.feeds[connection, default: 0] < Self.feedsPerConnection else {
                return false
            }
            state.feeds[connection, default: 0] += 1
            return true
        }
        guard isAllowed else {
            throw RPCError(
                .tooManyFeeds,
                "a connection has at most \(Self.feedsPerConnection) feeds",
                isNotProcessed: true
            )
        }
    }

    private func uncount(_ context: CallContext) {
        let connection = ObjectIdentifier(context.connection)
        state.withLock { state in
            state.feeds[connection, default: 1] -= 1
            if state.feeds[connection] == 0 { state.feeds[connection] = nil }
        }
    }
}

extension CallContext {
    /// The token of the session through which the connection acts.
    var token: Data? { (connection.identity?.details as? ModelServices.Token)?.bytes }
}

extension CallerIdentity {
    /// A principal of the model, who acts through a session.
    convenience init(_ principal: Model.Principal, _ token: Data) {
        let caller: Caller =
            switch (principal.kind, principal.role) {
            case (.principalContact, _): .contact
            case (.principalIntegration, _): .integration
            case (_, .administrator): .administrator
            case (_, .supervisor): .supervisor
            default: .agent
            }
        self.init(caller: caller, id: Array(principal.id), details: ModelServices.Token(token))
    }
}
