internal import Synchronization

/// The bytes of a kind that all connections of a server hold, such as replies that wait, and who
/// gives way when there are too many.
///
/// Whoever holds the most gives them up: neither a newcomer nor anybody with less pays for somebody
/// who reads or ends nothing. A principal holds what its connections hold together.
final class SharedRoom: Sendable {
    /// Whose bytes they are.
    enum Holder: Hashable {
        /// Somebody who has signed in, by their id.
        case principal([UInt8])
        /// A network without a principal.
        case network(String)
    }

    /// What becomes of the newest bytes.
    enum Answer {
        /// They may stay.
        case stay
        /// Their own holder has the most: they go.
        case go
    }

    private struct Member {
        let holder: Holder
        let connection: ServerConnectionHandler
        var bytes: Int
    }

    private struct State {
        var bytes = 0
        var members: [Places.Number: Member] = [:]
        var held: [Holder: Int] = [:]
        /// Those who have been told to give up what they hold, which is still counted.
        var leaving: Set<Holder> = []

        mutating func change(
            _ number: Places.Number,
            by difference: Int,
            _ newcomer: @autoclosure () -> Member
        ) {
            var member = members[number] ?? newcomer()
            member.bytes += difference
            bytes += difference
            held[member.holder, default: 0] += difference
            members[number] = member.bytes > 0 ? member : nil
            guard let left = held[member.holder], left <= 0 else { return }
            held[member.holder] = nil
            leaving.remove(member.holder)
        }

        /// The bytes of those who have not been told to give them up.
        var staying: Int {
            bytes - leaving.reduce(0) { $0 + (held[$1] ?? 0) }
        }

        /// The one who holds the most and has not been told to give it up.
        var greatest: Holder? {
            held.lazy.filter { !leaving.contains($0.key) }.max { $0.value < $1.value }?.key
        }
    }

    private let limit: Int
    private let giveUp: @Sendable (ServerConnectionHandler) -> Void
    private let state = Mutex(State())

    /// Room for so many bytes.
    ///
    /// - Parameters:
    ///   - limit: How many.
    ///   - giveUp: Has a connection give up all that it holds; called on its event loop.
    init(limit: Int, giveUp: @escaping @Sendable (ServerConnectionHandler) -> Void) {
        self.limit = limit
        self.giveUp = giveUp
    }

    /// How many bytes are held.
    var bytes: Int { state.withLock { $0.bytes } }

    /// A connection holds more bytes, or fewer.
    func change(by difference: Int, on connection: ServerConnectionHandler) {
        state.withLock { state in
            state.change(
                connection.number,
                by: difference,
                Member(holder: connection.holder, connection: connection, bytes: 0)
            )
        }
    }

    /// Decides whether the newest bytes of a connection may stay, which are counted already.
    ///
    /// Where there are too many, the one who holds the most is told to give them up.
    func decide(for connection: ServerConnectionHandler) -> Answer {
        let (answer, told) = state.withLock { state -> (Answer, [ServerConnectionHandler]) in
            guard let own = state.members[connection.number]?.holder,
                !state.leaving.contains(own)
            else { return (.go, []) }
            guard state.staying > limit, let greatest = state.greatest else { return (.stay, []) }
            guard greatest != own else { return (.go, []) }
            state.leaving.insert(greatest)
            let told = state.members.values.filter { $0.holder == greatest }.map(\.connection)
            return (.stay, told)
        }
        for connection in told { connection.onLoop(giveUp) }
        return answer
    }
}
