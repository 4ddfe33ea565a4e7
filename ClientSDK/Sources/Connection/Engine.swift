internal import DocketRPC
internal import Logging
internal import Synchronization

/// Keeps a client connected, and gives its calls the connection that stands.
///
/// `ConnectionMachine` decides; this shell holds the connection, the task that makes it, and those
/// who wait for it. Every change of state happens under one lock, every effect outside of it; only
/// the observers are told under it, since otherwise two changes could be told in the wrong order,
/// and the older one would be the one that stays.
final class Engine: Sendable {
    /// A connection that stands, with a number by which a failed one is told from the next.
    struct Link: Sendable {
        let number: Int
        let connection: any ServerLink
        fileprivate let failure: OneShot<RPCError>
    }

    private typealias Waiter = CheckedContinuation<Result<Link, DocketClientError>, Never>

    /// The wait for the next attempt.
    private struct Rest {
        let until: ContinuousClock.Instant
        /// Gives whether the wait lasted until its end.
        let task: Task<Bool, Never>

        init(until: ContinuousClock.Instant, by clock: EngineClock) {
            self.until = until
            task = Task { await clock.sleep(until: until) }
        }
    }

    private struct Shared {
        var machine = ConnectionMachine()
        /// What an application sees, and since when.
        var standing: Standing
        var signIn: SignIn
        var random: any RandomNumberGenerator & Sendable
        /// The connection being made or standing, to be closed with the client.
        var connection: (any ServerLink)?
        /// The connection that calls may use.
        var link: Link?
        var rest: Rest?
        /// What waits for the network to change.
        var watch: Task<Void, Never>?
        /// The life of the log that the server last told of, and on which connection.
        var heard: (epoch: [UInt8], link: Int)?
        /// What goes on over the connection of a client that was closed.
        var farewell: Task<Void, Never>?
        var waiters: [Int: Waiter] = [:]
        var observers: [Int: AsyncStream<ConnectionState>.Continuation] = [:]
        var lastNumber = 0

        init(_ signIn: SignIn, _ random: any RandomNumberGenerator & Sendable, at now: Timestamp) {
            self.signIn = signIn
            self.random = random
            standing = Standing(state: .connecting, since: now)
        }

        mutating func nextNumber() -> Int {
            lastNumber += 1
            return lastNumber
        }
    }

    /// A state, and the moment at which it began by the wall clock.
    private struct Standing {
        let state: ClientDiagnostics.Connection.State
        let since: Timestamp
    }

    /// Lets who has signed in use the client, or throws why not.
    typealias Admission = @Sendable (Identity?, GuestKey?) async throws(DocketClientError) -> Void

    /// How long a client that is offline goes without looking whether the machine was asleep.
    static let lookTime = Duration.seconds(2)

    let clock: EngineClock
    /// What happens to this client.
    let journal: Journal
    private let connector: any Connector
    private let admit: Admission
    private let shared: Mutex<Shared>

    init(
        _ connector: any Connector,
        _ signIn: SignIn,
        clock: EngineClock,
        random: any RandomNumberGenerator & Sendable,
        logger: Logger? = nil,
        admit: @escaping Admission
    ) {
        journal = Journal(telling: logger)
        self.connector = connector
        self.admit = admit
        self.clock = clock
        shared = Mutex(Shared(signIn, random, at: clock.moment()))
    }

    /// Begins to connect.
    ///
    /// The engine lives until it is closed.
    func start() {
        Task { await run() }
        let watch = Task {
            for await _ in connector.networkChanges { occurred(.network) }
        }
        let isClosed = shared.withLock { shared in
            shared.watch = watch
            return shared.machine.state == .closed
        }
        if isClosed { watch.cancel() }
    }

    private func run() async {
        var action = ConnectionMachine.Action.connect
        while true {
            switch action {
            case .connect: action = await connect()
            case .wait: action = await rest()
            case .stop: return
            }
        }
    }

    // MARK: Connecting

    /// Connects, signs in, and returns when that has failed or the connection is over.
    private func connect() async -> ConnectionMachine.Action {
        change { _ in }
        journal.note(.attempting)
        let signIn = shared.withLock { $0.signIn }
        do throws(RPCError) {
            let connection = try await connector.connect(token: signIn.token)
            return try await use(connection, signIn)
        } catch {
            return failed(error)
        }
    }

    /// Signs in on a connection, lets it be used, and returns when it is over.
    private func use(
        _ connection: any ServerLink,
        _ signIn: SignIn
    ) async throws(RPCError) -> ConnectionMachine.Action {
        var isDraining = false
        defer { if !isDraining { connection.close() } }
        guard hold(connection) else { return .stop }
        defer { shared.withLock { $0.connection = nil } }
        if let theirs = try await connection.greeted() {
            journal.note(.greeted(theirs, at: clock.moment()))
        }
        change { $0.machine.greeted() }
        let session = try await signIn.run(on: connection)
        do throws(DocketClientError) {
            try await admit(session.identity, signIn.key)
        } catch {
            let isFinal = error.code == .otherPrincipal
            return failed(error, isFinal ? .needsLogin : .repeats(after: nil))
        }
        guard let link = establish(connection, session) else { return .stop }
        let error = await end(of: link)
        // A draining server answers the calls that are under way, and then closes by itself.
        isDraining = error.reason == .draining
        return failed(error)
    }

    /// Keeps the connection so that closing the client ends it; false if the client is closed.
    private func hold(_ connection: any ServerLink) -> Bool {
        shared.withLock { shared in
            guard shared.machine.state != .closed else { return false }
            shared.connection = connection
            return true
        }
    }

    private func establish(_ connection: any ServerLink, _ session: SignIn.Session) -> Link? {
        let (now, moment) = (clock.now(), clock.moment())
        journal.note(.signedIn(session.identity))
        return change { shared in
            shared.signIn.succeeded(with: session, at: moment)
            guard shared.machine.signedIn(at: now) else { return nil }
            let link = Link(
                number: shared.nextNumber(),
                connection: connection,
                failure: OneShot()
            )
            shared.link = link
            return link
        }
    }

    /// Waits until the link's connection ends, or one of its calls has found it unusable.
    private func end(of link: Link) async -> RPCError {
        let watcher = Task { link.failure.settle(await link.connection.ended()) }
        defer { watcher.cancel() }
        return await link.failure.value()
    }

    private func failed(_ error: RPCError) -> ConnectionMachine.Action {
        failed(DocketClientError(error), Disposition(error))
    }

    private func failed(
        _ error: DocketClientError,
        _ disposition: Disposition
    ) -> ConnectionMachine.Action {
        let (now, moment) = (clock.now(), clock.moment())
        if shared.withLock({ $0.machine.state != .closed }) {
            let endsSession = disposition == .signsIn
            journal.note(.connectionFailed(error, endsSession: endsSession, at: moment))
        }
        return change { shared in
            shared.link = nil
            if disposition == .signsIn { shared.signIn.forgetSession() }
            let action = shared.machine.failed(
                error,
                disposition,
                at: now,
                using: &shared.random
            )
            // Whoever sees the client wait finds what an occasion ends.
            if case .wait(let until) = action { shared.rest = Rest(until: until, by: clock) }
            return action
        }
    }

    /// A call has found that the connection is of no use any more.
    func report(_ error: RPCError, on link: Link) {
        shared.withLock { shared in
            if shared.link?.number == link.number { shared.link = nil }
        }
        link.failure.settle(error)
    }

    // MARK: Waiting

    /// Waits until the wait is over, or another has taken its place.
    private func rest() async -> ConnectionMachine.Action {
        guard let rest = shared.withLock({ $0.rest }) else { return .stop }
        let watch = watchSleep()
        let isOver = await rest.task.value
        watch?.cancel()
        // The clock that woke this task is right about the moment.
        let now = isOver ? max(clock.now(), rest.until) : clock.now()
        return change { $0.machine.rested(at: now) }
    }

    /// Looks from time to time whether the machine was asleep; nil where nothing tells.
    private func watchSleep() -> Task<Void, Never>? {
        clock.asleep.map { asleep in
            Task {
                repeat {
                    let total = asleep()
                    shorten { $0.looked(asleep: total, at: clock.now()) }
                } while await clock.sleep(until: clock.now() + Self.lookTime)
            }
        }
    }

    /// There is an occasion to end the wait for the next attempt, if there is one.
    ///
    /// `ConnectionMachine` decides whether that comes now, soon, or as late as it would have.
    func occurred(_ occasion: ConnectionMachine.Occasion) {
        shorten { $0.occurred(occasion, at: clock.now()) }
    }

    private func shorten(
        _ decide: (inout ConnectionMachine) -> ContinuousClock.Instant?
    ) {
        let earlier = shared.withLock { shared -> Rest? in
            guard let until = decide(&shared.machine) else { return nil }
            defer { shared.rest = Rest(until: until, by: clock) }
            // An attempt that comes at once tells of itself.
            for observer in shared.observers.inOrder where until > clock.now() {
                observer.yield(shared.machine.visibleState)
            }
            return shared.rest
        }
        guard let earlier else { return }
        journal.note(.waitShortened)
        earlier.task.cancel()
    }

    /// Ends everything: calls in progress and to come fail with `closed`.
    ///
    /// - Parameter lastWords: What is still done over the connection that stands, before it is
    ///   closed; told nil where none stands.
    func close(after lastWords: (@Sendable (Link?) async -> Void)? = nil) {
        let end = change { shared -> (Rest?, (any ServerLink)?, Link?)? in
            guard shared.machine.state != .closed else { return nil }
            shared.machine.close()
            return (shared.rest, shared.connection, shared.link)
        }
        guard let (rest, connection, link) = end else { return }
        rest?.task.cancel()
        shared.withLock { $0.watch }?.cancel()
        if let lastWords {
            let farewell = Farewells.begin {
                await lastWords(link)
                connection?.close()
            }
            shared.withLock { $0.farewell = farewell }
        } else {
            connection?.close()
        }
        let observers = shared.withLock { shared in
            defer { shared.observers = [:] }
            return shared.observers.inOrder
        }
        for observer in observers { observer.finish() }
    }

    /// Returns when what goes on after the end is over.
    func ended() async {
        await shared.withLock { $0.farewell }?.value
    }

    // MARK: Telling

    /// Changes the state, then tells the observers and those who wait for a connection.
    @discardableResult
    private func change<Value>(_ body: (inout Shared) -> Value) -> Value {
        let moment = clock.moment()
        let (value, settled) = shared.withLock { shared in
            let value = body(&shared)
            let state = ClientDiagnostics.Connection.State(shared.machine.visibleState)
            if state != shared.standing.state {
                shared.standing = Standing(state: state, since: moment)
            }
            // An observer keeps the newest state, and telling it runs no code of anybody's.
            for observer in shared.observers.inOrder {
                observer.yield(shared.machine.visibleState)
            }
            let result = Self.result(for: shared)
            let settled = result.map { result in
                defer { shared.waiters = [:] }
                return shared.waiters.inOrder.map { ($0, result) }
            }
            return (value, settled ?? [])
        }
        for (waiter, result) in settled { waiter.resume(returning: result) }
        return value
    }

    /// What somebody who wants a connection gets at once; nil means to wait.
    private static func result(for shared: Shared) -> Result<Link, DocketClientError>? {
        switch shared.machine.state {
        case .connecting, .authenticating, .waiting: nil
        case .established: shared.link.map(Result.success)
        case .needsLogin(let error): .failure(error)
        case .closed: .failure(DocketClientError(.closed, "the client was closed"))
        }
    }

    /// The state now and whenever it changes.
    ///
    /// A slow reader misses states in between.
    var states: AsyncStream<ConnectionState> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ConnectionState.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let number = shared.withLock { $0.nextNumber() }
        continuation.onTermination = { [weak self] _ in
            self?.shared.withLock { _ = $0.observers.removeValue(forKey: number) }
        }
        let isClosed = shared.withLock { shared in
            let state = shared.machine.visibleState
            continuation.yield(state)
            if state != .closed { shared.observers[number] = continuation }
            return state == .closed
        }
        if isClosed { continuation.finish() }
        return stream
    }

    /// Why there is no connection; nil while there is one, or nothing has failed yet.
    var trouble: DocketClientError? {
        shared.withLock { shared in
            switch shared.machine.state {
            case .waiting(_, let error), .needsLogin(let error): error
            case .connecting, .authenticating, .established, .closed: nil
            }
        }
    }

    /// How the client stands with its server, with what was counted.
    func diagnostics(_ counts: ClientCounts.Connections) -> ClientDiagnostics.Connection {
        let now = clock.now()
        return shared.withLock { shared in
            var retryIn: Duration?
            if case .waiting(let until, _) = shared.machine.state {
                retryIn = max(.zero, until - now)
            }
            return ClientDiagnostics.Connection(
                shared.standing.state,
                since: shared.standing.since,
                retryIn: retryIn,
                counts
            )
        }
    }

    /// Who is signed in.
    var identity: Identity? { shared.withLock { $0.signIn.identity } }

    /// What signs the guest in again.
    var guestKey: GuestKey? { shared.withLock { $0.signIn.guestKey } }

    /// The session that stands.
    var session: SessionToken? { shared.withLock { $0.signIn.session } }

    /// Chance, for the repetitions of calls and feeds.
    func withRandom<Value>(
        _ body: (inout any RandomNumberGenerator & Sendable) -> Value
    ) -> Value {
        shared.withLock { body(&$0.random) }
    }

    /// A new id, of the client's time and chance.
    func newID<Subject>() -> Identifier<Subject> {
        let moment = clock.moment()
        return withRandom { Identifier(at: moment, random: &$0) }
    }

    // MARK: Lives of the log

    /// The life of the log that the server last told of; nil before it told of any.
    var epoch: [UInt8]? { shared.withLock { $0.heard?.epoch } }

    /// The life of the log that a connection is of; nil where nothing has told it.
    func epoch(of link: Link) -> [UInt8]? {
        shared.withLock { $0.heard?.link == link.number ? $0.heard?.epoch : nil }
    }

    /// The server has told on a connection of which life of the log its answers are.
    func heard(_ epoch: [UInt8], on link: Int) {
        shared.withLock { shared in
            guard shared.heard.map({ $0.link <= link }) ?? true else { return }
            shared.heard = (epoch, link)
        }
    }

    // MARK: Feeds

    /// Registers a feed, which is behind until it has caught up.
    func openFeed() -> Int {
        change { shared in
            let number = shared.nextNumber()
            shared.machine.feedIsBehind(number)
            return number
        }
    }

    func feedIsBehind(_ feed: Int) {
        change { $0.machine.feedIsBehind(feed) }
    }

    func feedCaughtUp(_ feed: Int) {
        change { $0.machine.feedCaughtUp(feed) }
    }

    func closeFeed(_ feed: Int) {
        change { $0.machine.feedClosed(feed) }
    }

    // MARK: The connection

    /// The connection that stands; waits for one until `deadline`.
    func link(by deadline: ContinuousClock.Instant?) async throws(DocketClientError) -> Link {
        let number = shared.withLock { $0.nextNumber() }
        let timer = deadline.map { deadline in
            Task { if await clock.sleep(until: deadline) { expire(number) } }
        }
        defer { timer?.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in wait(number, until: deadline, waiter) }
        } onCancel: {
            give(number, .failure(DocketClientError(.cancelled, "the caller gave up")))
        }
        return try result.get()
    }

    private func wait(
        _ number: Int,
        until deadline: ContinuousClock.Instant?,
        _ waiter: Waiter
    ) {
        let result = shared.withLock { shared -> Result<Link, DocketClientError>? in
            if Task.isCancelled {
                return .failure(DocketClientError(.cancelled, "the caller gave up"))
            }
            let result = Self.result(for: shared)
            if result == nil { shared.waiters[number] = waiter }
            return result
        }
        if let result { waiter.resume(returning: result) }
        // A timer that has rung already found nobody here.
        if let deadline, clock.now() >= deadline { expire(number) }
    }

    private func expire(_ number: Int) {
        let reason = shared.withLock { shared in
            guard case .waiting(_, let error) = shared.machine.state else { return "" }
            return ": \(error.message)"
        }
        give(number, .failure(DocketClientError(.unreachable, "no connection in time\(reason)")))
    }

    private func give(_ number: Int, _ result: Result<Link, DocketClientError>) {
        shared.withLock { $0.waiters.removeValue(forKey: number) }?.resume(returning: result)
    }
}
