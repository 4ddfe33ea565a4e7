/// How much a relay keeps, and how it waits.
struct RelayLimits: Hashable, Sendable {
    /// The most incoming messages that are not in the outbox yet.
    var incoming = 20_000
    /// The most bytes of them.
    var incomingBytes = 64 << 20
    /// The most messages of one contact that are not posted yet, so that no contact takes the
    /// places of the others.
    var contact = 1_000
    /// The most bytes of one contact's messages that are not in the outbox yet.
    var contactBytes = 16 << 20
    /// How many contacts' messages are put into the outbox side by side.
    var incomingUnderWay = 8
    /// The most messages of the desk that are not delivered; the feed is not read beyond.
    var outgoing = 10_000
    /// The most bytes of them.
    var outgoingBytes = 64 << 20
    /// How many of the messages that were delivered last are remembered, to know their echoes.
    var settled: UInt64 = 100_000
    /// For how many conversations it is remembered whose they are.
    var places = 10_000
    /// How long a delivery waits that was let go of without an answer.
    var letGo = Duration.seconds(1)
    /// How long to wait before something is tried again that this machine had no room for.
    var room = Duration.seconds(5)
    /// How long a call takes at most before it is made again.
    var call = Duration.seconds(60)
}
