/// What a mail may have; one that has more is set aside for a person.
struct MailLimits: Hashable, Sendable {
    /// The largest mail, in bytes: what servers usually accept, encoded files included.
    var bytes = 64 << 20
    /// The longest header of a mail, in bytes: a hundred times what usual ones have.
    var headerBytes = 256 << 10
    /// The most header fields.
    ///
    /// A mail with hundreds of Received fields goes round in circles.
    var fields = 500
    /// How deep parts may lie in each other: forwarding in forwardings stays far below.
    var depth = 50
    /// The most parts: more than a person attaches.
    var parts = 500
}
