internal import DocketWire
internal import Synchronization

/// The connections of a server, and who of them has a place.
///
/// A connection is one of those without a principal until it acts for somebody, and one of the
/// handshakes until TLS stands.
final class ConnectionRegistry: Sendable {
    /// What a new connection is to do.
    enum Admission {
        /// Serve calls.
        case serve
        /// Go away: the server stops.
        ///
        /// The client is to come back after those that were there before it.
        case drain(retryAfterMilliseconds: UInt32)
        /// Close: it has given its place up already.
        case giveWay
    }

    /// A bound that a newcomer has met, and the connection that gives way for it.
    struct GivingWay {
        let limit: TransportLimit
        /// The connection; nil where it has not begun yet, and learns of it then.
        let connection: ServerConnectionHandler?
    }

    private struct Member {
        var connection: ServerConnectionHandler?
        var hasGivenWay = false
    }

    private struct State {
        let maximum: Int
        var next: Places.Number = 1
        var members: [Places.Number: Member] = [:]
        var withoutPrincipal: Places
        var handshakes: Places
        /// The connections of contacts: their number is nobody's choice but their own.
        var contacts: Places
        /// Once the server stops, what connections that still come are told.
        var lateReturnMilliseconds: UInt32?

        mutating func admit(
            _ network: String
        ) -> (number: Places.Number, gone: [GivingWay])? {
            var gone: [GivingWay] = []
            if members.count >= maximum {
                // One connection is every contact's own, however many others there are.
                guard let oldest = withoutPrincipal.dropOldest() ?? contacts.dropOldest(beyond: 1)
                else { return nil }
                gone.append(giveWay(oldest, .connections))
            }
            let number = next
            next += 1
            members[number] = Member()
            switch withoutPrincipal.take(number, of: network) {
            case .free: break
            case .replacedOfNetwork(let oldest):
                gone.append(giveWay(oldest, .connectionsWithoutPrincipalOfNetwork))
            case .replaced(let oldest):
                gone.append(giveWay(oldest, .connectionsWithoutPrincipal))
            }
            switch handshakes.take(number, of: network) {
            case .free: break
            case .replacedOfNetwork(let oldest):
                gone.append(giveWay(oldest, .handshakesInFlightOfNetwork))
            case .replaced(let oldest): gone.append(giveWay(oldest, .handshakesInFlight))
            }
            return (number: number, gone: gone)
        }

        private mutating func giveWay(
            _ number: Places.Number,
            _ limit: TransportLimit
        ) -> GivingWay {
            leave(number)
            members[number]?.hasGivenWay = true
            return GivingWay(limit: limit, connection: members[number]?.connection)
        }

        mutating func signIn(_ number: Places.Number, contact: String?) -> GivingWay? {
            withoutPrincipal.leave(number)
            guard let contact, members[number]?.hasGivenWay == false else { return nil }
            switch contacts.take(number, of: contact) {
            case .free: return nil
            case .replacedOfNetwork(let oldest), .replaced(let oldest):
                return giveWay(oldest, .connectionsOfContact)
            }
        }

        private mutating func leave(_ number: Places.Number) {
            withoutPrincipal.leave(number)
            handshakes.leave(number)
            contacts.leave(number)
        }

        mutating func remove(_ number: Places.Number) {
            leave(number)
            members[number] = nil
        }
    }

    private let state: Mutex<State>

    /// A registry without connections, which takes so many of them.
    init(maximum: Int, limits: Limits) {
        state = Mutex(
            State(
                maximum: maximum,
                withoutPrincipal: Places(
                    ofNetwork: limits.connectionsWithoutPrincipalOfNetwork,
                    inAll: limits.connectionsWithoutPrincipal
                ),
                handshakes: Places(
                    ofNetwork: limits.handshakesInFlightOfNetwork,
                    inAll: limits.handshakesInFlight
                ),
                contacts: Places(ofNetwork: limits.connectionsOfContact, inAll: maximum)
            )
        )
    }

    /// Has a place for a connection that a network opens; gives its number and who gives way for
    /// it, or nil where all places are taken by connections with a principal, and no contact has
    /// more than one.
    func admit(_ network: String) -> (number: Places.Number, gone: [GivingWay])? {
        state.withLock { $0.admit(network) }
    }

    /// The connection of a number is there.
    func add(_ connection: ServerConnectionHandler) -> Admission {
        state.withLock { state in
            guard let member = state.members[connection.number], !member.hasGivenWay else {
                return .giveWay
            }
            state.members[connection.number]?.connection = connection
            return state.lateReturnMilliseconds.map(Admission.drain) ?? .serve
        }
    }

    /// The handshake of a connection is done.
    func established(_ number: Places.Number) {
        state.withLock { $0.handshakes.leave(number) }
    }

    /// A connection acts for somebody from now on; gives who gives way for it.
    ///
    /// - Parameters:
    ///   - number: The connection.
    ///   - contact: The contact for whom it acts; nil for anybody else.
    /// - Returns: The contact's connection that gives way, where it has too many.
    func hasPrincipal(_ number: Places.Number, contact: String?) -> GivingWay? {
        state.withLock { $0.signIn(number, contact: contact) }
    }

    /// A connection is gone.
    func remove(_ number: Places.Number) {
        state.withLock { $0.remove(number) }
    }

    /// How many connections there are.
    var count: Int { state.withLock { $0.members.count } }

    /// How many of them have no principal, and how many of those no TLS yet.
    var strangers: (withoutPrincipal: Int, handshakes: Int) {
        state.withLock { ($0.withoutPrincipal.count, $0.handshakes.count) }
    }

    var all: [ServerConnectionHandler] {
        state.withLock { $0.members.values.compactMap(\.connection) }
    }

    /// Has every later connection go away for so long; gives those that are there.
    func drain(lateReturnMilliseconds: UInt32) -> [ServerConnectionHandler] {
        state.withLock { state in
            state.lateReturnMilliseconds = lateReturnMilliseconds
            return state.members.values.compactMap(\.connection)
        }
    }
}
