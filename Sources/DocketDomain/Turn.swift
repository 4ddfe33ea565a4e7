/// Whose turn it is in what is said in public.
package struct Turn: Hashable, Sendable {
    /// Who wrote last.
    package var lastAuthor: LiveSession.Author
    /// Since when the contact waits for an answer: the moment of the first message that nobody has
    /// answered yet; `nil` where it does not wait.
    package var waitingSince: Timestamp?

    /// Describes whose turn it is.
    package init(lastAuthor: LiveSession.Author, waitingSince: Timestamp?) {
        self.lastAuthor = lastAuthor
        self.waitingSince = waitingSince
    }
}

extension Turn {
    /// The turn of a request that has taken the messages of another.
    ///
    /// Whoever waits in one of the two waits in the one that is left, since the earlier moment.
    ///
    /// - Parameters:
    ///   - source: The turn of the request whose messages were taken.
    ///   - survivor: The turn of the request that has taken them.
    /// - Returns: The turn that is left; `nil` where neither has messages.
    static func merged(_ source: Turn?, into survivor: Turn?) -> Turn? {
        guard let source else { return survivor }
        let waiting = [source.waitingSince, survivor?.waitingSince].compactMap { $0 }.min()
        return Turn(lastAuthor: source.lastAuthor, waitingSince: waiting)
    }

    /// The turn of a request that has some of the messages of one, after they were parted.
    ///
    /// - Parameters:
    ///   - messages: The messages that it has, in order.
    ///   - whole: The turn before they were parted.
    /// - Returns: The turn; `nil` where it has no messages.
    static func part(_ messages: [RequestMessage], of whole: Turn?) -> Turn? {
        guard let last = messages.last else { return nil }
        return last.isFromContact
            ? Turn(lastAuthor: .contact, waitingSince: whole?.waitingSince)
            : Turn(lastAuthor: .agent, waitingSince: nil)
    }
}
