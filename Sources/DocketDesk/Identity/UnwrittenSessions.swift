internal import DocketDomain
internal import DocketStore
internal import Synchronization

/// Sessions for which the disk has had no room, kept in memory until it has.
///
/// Signing in must not need a write that can fail: whoever may read goes on reading while the disk
/// is full, and whoever is to make room gets in. A session in here is as good as a stored one but
/// for one thing: it ends with the process, and then its owner signs in again.
///
/// What strangers can make of it is bounded. A principal has so many of them, and a further one
/// ends its oldest; beyond the bound for all, contacts are refused before the staff is.
final class UnwrittenSessions: Sendable {
    /// What became of an attempt to add a session.
    enum Admission: Equatable {
        /// It is kept; these older ones of the same principal ended for it.
        case kept(ended: [Digest])
        /// There are too many.
        case full
    }

    private struct State {
        var sessions: [Digest: (session: SessionRecord, ordinal: UInt64)] = [:]
        var nextOrdinal: UInt64 = 0
    }

    private let state = Mutex(State())
    private let limits: DeskLimits

    init(limits: DeskLimits) { self.limits = limits }

    /// Whether none waits to be written.
    var isEmpty: Bool { state.withLock { $0.sessions.isEmpty } }

    /// How many there are.
    var count: Int { state.withLock { $0.sessions.count } }

    /// The session of a token's digest, if it is one of these.
    func find(_ token: Digest) -> SessionRecord? {
        state.withLock { $0.sessions[token]?.session }
    }

    /// Those that have not expired at a moment, the oldest first; the others are forgotten.
    func sessions(at now: Timestamp) -> [SessionRecord] {
        state.withLock { state in
            state.sessions = state.sessions.filter { now < $0.value.session.expiresAt }
            return state.sessions.values.sorted { $0.ordinal < $1.ordinal }.map(\.session)
        }
    }

    /// Keeps a session that could not be written.
    func add(_ session: SessionRecord) -> Admission {
        state.withLock { state in
            let own = state.sessions.values
                .filter { $0.session.principal.id == session.principal.id }
                .sorted { $0.ordinal < $1.ordinal }
            let ended = own.dropLast(limits.unwrittenSessionsOfPrincipal - 1).map(\.session.token)
            let room = room(for: session.principal)
            guard state.sessions.count - ended.count < room else { return .full }
            for token in ended { state.sessions[token] = nil }
            state.sessions[session.token] = (session, state.nextOrdinal)
            state.nextOrdinal += 1
            return .kept(ended: ended)
        }
    }

    private func room(for principal: Principal) -> Int {
        switch principal.identity {
        case .contact: limits.unwrittenSessions - limits.unwrittenSessionsOfStaff
        case .agent, .integration, .partner, .desk: limits.unwrittenSessions
        }
    }

    /// Gives the sessions of those who have another name now that name.
    func rename(_ names: [PrincipalID: String]) {
        state.withLock { state in
            for (token, kept) in state.sessions {
                guard let renamed = kept.session.renamed(names) else { continue }
                state.sessions[token]?.session = renamed
            }
        }
    }

    /// Forgets sessions that were written, or ended by a commit.
    func remove(_ tokens: [Digest]) {
        state.withLock { state in
            for token in tokens { state.sessions[token] = nil }
        }
    }
}
