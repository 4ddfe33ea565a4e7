/// Why a message of a peer is refused.
///
/// It ends the message's call and not the connection.
package enum MessageRefusal: Equatable, Sendable {
    /// The message is longer than the receiver's `max_message`: `message_too_large`.
    case tooLarge
    /// The unfinished messages of the connection together are longer than the receiver keeps:
    /// `too_many_incomplete_bytes`.
    case tooManyUnfinishedBytes
}
