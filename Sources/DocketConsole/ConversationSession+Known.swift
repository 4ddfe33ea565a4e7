public import DocketClient

extension ConversationSession {
    /// What is known of a conversation before there is a connection.
    public struct Known: Sendable {
        let conversation: Conversation
        let reader: Identity?
        let page: HistoryPage
        let earlier: Int?
        let queued: [QueuedMessage]

        /// Describes what is known.
        ///
        /// - Parameters:
        ///   - conversation: The conversation.
        ///   - reader: Who reads.
        ///   - page: The newest events that are stored here.
        ///   - earlier: How many messages stand before those; nil where that is not known.
        ///   - queued: What waits to be sent.
        public init(
            _ conversation: Conversation,
            reader: Identity?,
            page: HistoryPage,
            earlier: Int? = nil,
            queued: [QueuedMessage]
        ) {
            self.conversation = conversation
            self.reader = reader
            self.page = page
            self.earlier = earlier
            self.queued = queued
        }
    }
}
