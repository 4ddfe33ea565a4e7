internal import DocketClient
internal import DocketCommandLine

extension JSONLine {
    /// A message that waits.
    struct QueuedFields: Encodable, Sendable {
        let id: String
        let conversation: String
        let text: String
        let queuedAt: String
        let mayBeSent: Bool
        let state: String
        var reason: String?
        var message: String?
        var behind: String?

        init(_ message: QueuedMessage) {
            id = "\(message.id)"
            conversation = "\(message.conversationID)"
            text = message.text
            queuedAt = LocalCalendar.rfc3339(message.queuedAt)
            mayBeSent = message.mayBeSent
            state = QueueWords(message.state).key
            switch message.state {
            case .waiting, .sending, .expired: break
            case .refused(let refusal), .failed(let refusal):
                reason = refusal.reason
                self.message = refusal.message
            case .blocked(let obstacle): behind = "\(obstacle)"
            }
        }
    }
}
