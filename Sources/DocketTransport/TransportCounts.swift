internal import DocketRPC
internal import DocketTLS
internal import DocketWire
internal import Logging
internal import Synchronization

/// A bound that strangers or callers have met, as the operator's counters name it.
enum TransportLimit: String, CaseIterable {
    /// All connections that the server takes.
    case connections
    /// Connections without a principal.
    case connectionsWithoutPrincipal = "connections_without_principal"
    /// Connections of one network without a principal.
    case connectionsWithoutPrincipalOfNetwork = "connections_without_principal_of_network"
    /// Connections of one contact.
    case connectionsOfContact = "connections_of_contact"
    /// Unfinished messages on all connections: those of the one who holds most of them ended.
    case unfinishedMessagesInAll = "unfinished_messages_in_all"
    /// Handshakes under way.
    case handshakesInFlight = "handshakes_in_flight"
    /// Handshakes of one network under way.
    case handshakesInFlightOfNetwork = "handshakes_in_flight_of_network"
    /// Handshakes of a network in a second.
    case handshakeRate = "handshake_rate"
    /// The time of a handshake.
    case handshakeTime = "handshake_time"
    /// The time in which a socket takes no byte.
    case stallTime = "stall_time"
    /// Replies that wait on one connection.
    case waitingReplies = "waiting_replies"
    /// Replies that wait on all connections: those of the one who holds most of them ended.
    case waitingRepliesInAll = "waiting_replies_in_all"
    /// The time in which a finished reply may wait.
    case replyTime = "reply_time"
    /// Files and sockets that the process may have open.
    case descriptors
}

extension Tally.Kind {
    /// A call was refused before any method began.
    static func refused(_ error: RPCError) -> Tally.Kind {
        Tally.Kind(
            "calls were refused before a method began",
            counter: "calls_refused_total",
            labels: ["reason": error.reason.rawValue],
            level: .info
        )
    }

    /// Counts a bound by its name; descriptors are the operator's to mend, so they are a warning.
    static func limit(_ limit: TransportLimit) -> Tally.Kind {
        Tally.Kind(
            "a limit was met",
            counter: "limits_total",
            labels: ["limit": limit.rawValue],
            level: limit == .descriptors ? .warning : .notice
        )
    }

    /// A connection was closed with a code, for something it was late with or something else.
    static func closed(_ code: GoAwayCode, late: ProtocolViolation.Deadline?) -> Tally.Kind {
        var labels = ["code": "\(code)"]
        labels["late"] = late?.rawValue
        return Tally.Kind(
            "connections were closed",
            counter: "connections_closed_total",
            labels: labels,
            level: .info
        )
    }

    /// TLS failed.
    static func failed(_ error: TLSError) -> Tally.Kind {
        // A peer chooses the number of its alert.
        let cause = if case .peerAlert = error.kind { "peer_alert" } else { error.kind.name }
        return Tally.Kind(
            "TLS failed",
            counter: "tls_failures_total",
            labels: ["cause": cause],
            level: .info
        )
    }

    /// A socket failed, as when a peer resets it: only its kind is of interest.
    static let broken = Tally.Kind(
        "connections broke",
        counter: "connections_broken_total",
        level: .debug
    )
}
