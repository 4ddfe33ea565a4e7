/// Every bound of a connection, in one place.
///
/// The server's operator may change them; what the peer has to know of them travels in HELLO.
package struct Limits: Equatable, Sendable {
    /// The longest frame payload accepted, in bytes.
    ///
    /// With its header the default fills one TLS record of 16,384 bytes (RFC 8446, section 5.1).
    package var maximumFrame = 16_376
    /// The longest message accepted, in bytes.
    package var maximumMessage = 4 << 20
    /// The credit each stream starts with, in cost units.
    package var streamCredit = 65_536
    /// Streams that a client may open before it has signed in.
    package var streamsBeforeSignIn = 8
    /// Streams that a client may have open once it has signed in.
    package var streams = 100
    /// Bytes of unfinished messages a connection may hold before the newest one is refused.
    package var unfinishedMessages = 8 << 20
    /// The longest message accepted before the client has signed in, in bytes.
    ///
    /// Names and secrets are all that is said before that, and anybody can say it.
    package var maximumMessageBeforeSignIn = 16 << 10
    /// Bytes of unfinished messages a connection may hold before the client has signed in.
    package var unfinishedMessagesBeforeSignIn = 16 << 10
    /// Bytes of unfinished messages on all connections of a server together; beyond it, those of
    /// whoever holds the most are refused.
    package var unfinishedMessagesInAll = 256 << 20
    /// Bytes of replies that may wait for a client's credit or socket on one connection.
    ///
    /// The reply that goes beyond ends its call; five of the longest pages fit.
    package var waitingReplies = 16 << 20
    /// Bytes of replies that may wait on all connections of a server together; beyond it, those of
    /// whoever holds the most end.
    package var waitingRepliesInAll = 256 << 20
    /// How long the reply of a finished call may wait for credit or for the socket, whatever
    /// deadline its caller has set.
    package var replyTime: Duration = .seconds(60)
    /// Connections without a principal; beyond it the oldest of the network that has the most goes.
    package var connectionsWithoutPrincipal = 2_000
    /// Connections without a principal of one IPv4 address or /64 of IPv6; beyond it the oldest
    /// goes.
    package var connectionsWithoutPrincipalOfNetwork = 500
    /// Connections of one contact; beyond it its oldest goes.
    package var connectionsOfContact = 100
    /// Handshakes under way; beyond it the oldest of the network that has the most goes.
    package var handshakesInFlight = 500
    /// Handshakes of one IPv4 address or /64 of IPv6 under way; beyond it the oldest goes.
    package var handshakesInFlightOfNetwork = 200
    /// Bytes that may wait for the socket before messages wait in their streams.
    package var outboundBytes = 256 << 10
    /// Frames that mean nothing, such as credit for a call long gone, that may come at once; one
    /// more is forgiven for every second.
    package var glitches = 200
    /// PINGs that may come at once; one more is allowed for every second.
    package var pingBurst = 10
    /// Frames handled in one turn of the event loop before others get theirs.
    package var framesPerTurn = 256
    /// After so much silence a client sends a PING; after three times as much a peer is dead.
    package var keepalive: Duration = .seconds(30)
    /// How long the TLS handshake may take.
    package var handshakeTime: Duration = .seconds(5)
    /// How long HELLO may take after that.
    package var helloTime: Duration = .seconds(3)
    /// How long the decision on a token may take.
    package var signInTime: Duration = .seconds(5)
    /// How long a connection may be without a principal, counted since it was accepted.
    ///
    /// Neither calls nor PINGs make it longer: it is a multiple of what the slowest sign-in takes.
    package var lifeWithoutPrincipal: Duration = .seconds(30)
    /// How long a frame that has begun may take to end.
    package var frameTime: Duration = .seconds(10)
    /// How long a socket may refuse every byte before its connection ends.
    package var stallTime: Duration = .seconds(30)
    /// How long calls may go on after a drain has begun.
    package var drainTime: Duration = .seconds(30)
    /// How long a draining connection without calls stays, so that a call which crossed the GOAWAY
    /// on its way is still served, and a handshake that was under way may end to be told of it.
    package var drainQuietTime: Duration = .seconds(1)
    /// Calls that a client keeps waiting for a stream before it refuses more.
    package var waitingCalls = 10_000

    /// The defaults.
    package init() {}

    /// The least cost of a frame that carries a message, in cost units, so that small messages
    /// cannot flood a queue.
    package static let minimumFrameCost = 64
    /// The longest Head of a call, in bytes.
    package static let maximumHead = 8_192
    /// The most entries of metadata or trailers.
    package static let maximumMetadata = 32
    /// The longest token, in bytes.
    package static let maximumToken = 256
    /// What a peer may ask as `max_frame`, in bytes.
    package static let frameRange = 1_024...65_536
    /// What a peer may ask as `max_message`, in bytes.
    package static let messageRange = 1_024...(64 << 20)
    /// What a peer may ask as `stream_credit`, in cost units.
    package static let creditRange = 4_096...(1 << 20)
    /// How many streams a server may grant at once.
    ///
    /// A client may open the first 8 before it has read a HELLO, so no server grants fewer.
    package static let streamsRange = 8...(1 << 20)
    /// What a server may ask as `keepalive_milliseconds`: what travels in 32 bits and is not 0.
    package static let keepaliveRange: ClosedRange<Duration> =
        .milliseconds(1) ... .milliseconds(Int64(UInt32.max))
    /// The longest silence that a client bears before it sends a PING, whatever the server says:
    /// a dead peer would go unnoticed, and home routers forget a connection after some minutes.
    package static let longestKeepalive: Duration = .seconds(300)
    /// By how much a client shortens or lengthens the interval of its PINGs, as a fraction, so that
    /// thousands that lost the same server do not beat in step for ever after.
    package static let keepaliveVariation = -0.1...0.1
    /// The longest name of software, in bytes.
    package static let maximumSoftware = 128
    /// The length of a trace context in W3C's binary form, in bytes: a version, and behind a byte
    /// each that names it the trace id of 16, the parent id of 8 and the flags of 1.
    package static let traceLength = 29
    /// The longest key of metadata, in bytes.
    package static let maximumMetadataKey = 64
    /// The longest value of metadata, in bytes.
    package static let maximumMetadataValue = 4_096
    /// The most bytes of all keys and values together.
    ///
    /// With what else a Head or a Status holds they still fit the one frame in which it travels.
    package static let maximumMetadataBytes = 7_680
    /// The length of the hash of a method table, in bytes.
    package static let catalogLength = 8
    /// The most send credit that can pile up on a stream, in cost units: what 31 bits hold.
    package static let maximumCredit = 0x7fff_ffff

    /// What a frame with `length` message bytes costs its sender, in cost units.
    package static func cost(_ length: Int) -> Int {
        max(minimumFrameCost, length)
    }
}
