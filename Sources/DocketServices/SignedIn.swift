package import DocketDesk
internal import DocketDomain
package import DocketRPC
package import DocketStore
internal import FoundationEssentials
internal import Synchronization

/// A session in use: what a connection's identity stands for.
final class SignedIn: Sendable {
    private struct State {
        var principal: Principal
        /// When the session ends; `nil` where it has ended before its time.
        var end: Timestamp?
    }

    let token: Digest
    private let state: Mutex<State>

    init(_ record: SessionRecord) {
        token = record.token
        state = Mutex(State(principal: record.principal, end: record.expiresAt))
    }

    /// Who acts through the session, by the name they have now.
    var principal: Principal { state.withLock { $0.principal } }

    /// When the session ends, or the beginning of time where it has ended before its time.
    var expiresAt: Timestamp { state.withLock { $0.end } ?? Timestamp(milliseconds: 0) }

    /// Whether the session goes on at a moment.
    func isValid(at now: Timestamp) -> Bool {
        state.withLock { $0.end.map { now < $0 } ?? false }
    }

    /// Ends the session before its time, at once or at a moment.
    func end(at moment: Timestamp?) {
        state.withLock { state in
            guard let planned = state.end else { return }
            state.end = moment.map { min($0, planned) }
        }
    }

    func rename(_ name: String) {
        state.withLock { $0.principal = Principal($0.principal.identity, name: name) }
    }
}

extension CallContext {
    /// The session through which the call's principal acts.
    var signedIn: SignedIn {
        get throws(RPCError) {
            guard let signedIn = try identity.details as? SignedIn else {
                throw RPCError(.serverError, "the identity is of another kind")
            }
            return signedIn
        }
    }

    /// Who calls.
    var principal: Principal {
        get throws(RPCError) { try signedIn.principal }
    }
}

extension CallerIdentity {
    /// The identity through which a session acts.
    convenience init(_ signedIn: SignedIn) {
        let caller: Caller =
            switch signedIn.principal.identity {
            case .contact: .contact
            case .agent(_, .agent): .agent
            case .agent(_, .supervisor): .supervisor
            case .agent(_, .administrator), .desk: .administrator
            case .integration: .integration
            case .partner: .partner
            }
        self.init(
            caller: caller,
            id: signedIn.principal.id?.bytes ?? [],
            details: signedIn
        )
    }
}

/// The sessions that connections act through, so that ending a session ends them.
package final class SessionRegistry: Sendable {
    private struct Entry {
        weak var signedIn: SignedIn?
    }

    private struct State {
        var entries: [SessionID: Entry] = [:]
        var purgeAt = 1_024
        /// How often principals were renamed: a look-up that began before knows no newer name.
        var renames: UInt64 = 0
    }

    private let identities: Identities
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    /// A registry over the desk's identities, which it listens to.
    package init(identities: Identities, clock: any DeskClock) {
        self.identities = identities
        now = { clock.now() }
        identities.listen { [weak self] news in
            switch news {
            case .ended(let ends): self?.end(ends)
            case .renamed(let names): self?.rename(names)
            }
        }
    }

    /// The identity through which a session acts.
    ///
    /// The session is looked up behind its entry: one that was ended or shortened before the entry
    /// was there would go on as it was, and a name that was changed before it would stay.
    ///
    /// - Throws: `session_expired` where it has ended.
    package func identity(of record: SessionRecord) async throws(RPCError) -> CallerIdentity {
        let signedIn = signedIn(record)
        let renames = state.withLock { $0.renames }
        let found = try await find { identities throws(SignInError) in
            try await identities.session(record.token)
        }
        guard let found else { throw Self.expired }
        signedIn.end(at: found.expiresAt)
        state.withLock { state in
            if state.renames == renames { signedIn.rename(found.principal.name) }
        }
        return CallerIdentity(signedIn)
    }

    /// The session's one entry, shared by its connections.
    private func signedIn(_ record: SessionRecord) -> SignedIn {
        state.withLock { state in
            if let known = state.entries[record.id]?.signedIn, known.token == record.token {
                return known
            }
            let made = SignedIn(record)
            state.entries[record.id] = Entry(signedIn: made)
            if state.entries.count >= state.purgeAt {
                state.entries = state.entries.filter { $0.value.signedIn != nil }
                state.purgeAt = max(1_024, 2 * state.entries.count)
            }
            return made
        }
    }

    private func end(_ ends: [SessionEnd]) {
        let inUse = state.withLock { state in
            ends.map { (state.entries[$0.session]?.signedIn, $0.moment) }
        }
        for (signedIn, moment) in inUse { signedIn?.end(at: moment) }
    }

    private func rename(_ names: [PrincipalID: String]) {
        state.withLock { state in
            state.renames += 1
            for entry in state.entries.values {
                guard let signedIn = entry.signedIn,
                    let name = signedIn.principal.id.flatMap({ names[$0] })
                else { continue }
                signedIn.rename(name)
            }
        }
    }

    /// Finds whom a token of a HELLO stands for.
    package func authenticate(token: [UInt8]) async throws(RPCError) -> CallerIdentity {
        let found = try await find { identities throws(SignInError) in
            try await identities.session(token: Data(token))
        }
        guard let found else { throw Self.expired }
        return try await identity(of: found)
    }

    private static var expired: RPCError { RPCError(.sessionExpired, "sign in again") }

    private func find(
        _ session: (Identities) async throws(SignInError) -> SessionRecord?
    ) async throws(RPCError) -> SessionRecord? {
        do throws(SignInError) {
            return try await session(identities)
        } catch {
            throw RPCError(error)
        }
    }

    /// Whether a connection may go on acting as this identity.
    package func isValid(_ identity: CallerIdentity) -> Bool {
        guard let signedIn = identity.details as? SignedIn else { return false }
        return signedIn.isValid(at: now())
    }
}
