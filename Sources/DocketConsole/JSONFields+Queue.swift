internal import DocketClient
internal import DocketCommandLine

extension JSONLine {
    /// What waits.
    struct QueuedFields: Encodable, Sendable {
        let id: String
        let kind: String
        var conversation: String?
        var request: String?
        var externalKey: String?
        var title: String?
        let text: String
        let queuedAt: String
        let mayBeSent: Bool
        let state: String
        var reason: String?
        var message: String?
        var behind: String?

        init(_ message: QueuedMessage) {
            id = "\(message.id)"
            kind = "message"
            conversation = "\(message.conversationID)"
            text = message.text
            queuedAt = LocalCalendar.rfc3339(message.queuedAt)
            mayBeSent = message.mayBeSent
            state = QueueWords(message.state).key
            tell(message.state)
        }

        init(_ queued: QueuedRequest) {
            id = "\(queued.id)"
            switch queued.content {
            case .request: kind = "request"
            case .ticket(_, let key):
                kind = "ticket"
                externalKey = key
            case .comment(_, on: let request):
                kind = "comment"
                self.request = "\(request)"
            }
            title = queued.title.isEmpty ? nil : queued.title
            text = queued.text
            queuedAt = LocalCalendar.rfc3339(queued.queuedAt)
            mayBeSent = queued.mayBeSent
            state = QueueWords(queued.state).key
            tell(queued.state)
        }

        private mutating func tell(_ state: QueueState) {
            switch state {
            case .waiting, .sending, .expired: break
            case .refused(let refusal), .failed(let refusal):
                reason = refusal.reason
                message = refusal.message
            case .blocked(let obstacle): behind = "\(obstacle)"
            }
        }
    }
}
