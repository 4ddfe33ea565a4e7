internal import DocketClient
internal import DocketConsole

/// Keeps what is said in the profile first: what has no verdict in time stays there, and is sent
/// later, by this or any other process.
struct ProfileOutlet: MessageOutlet {
    private struct Delivery: MessageDelivery {
        let message: SharedMessage
        let shared: SharedClient
        let isKept = true

        /// A refusal is told at once, so that it need not hold up what is sent later.
        func standing(
            after limit: Duration
        ) async throws(DocketClientError) -> DeliveryStanding {
            switch await message.outcome(within: limit) {
            case .delivered(let receipt): return .settled(.posted(receipt))
            case .refused(let refusal):
                do throws(EnqueueError) {
                    try await shared.discard(message.id)
                } catch {
                    throw DocketClientError(error)
                }
                return .settled(.refused(refusal))
            case .failed(let refusal):
                throw DocketClientError(.outcomeUnknown, refusal.message, refusal: refusal)
            case .expired: throw DocketClientError(.outcomeUnknown, "it has waited too long")
            case .waiting:
                let words = "it waits behind a message that was not sent"
                return .waits(because: DocketClientError(.blocked, words))
            case .discarded: throw DocketClientError(.refused, "it was taken out of the outbox")
            case .queued(let error?) where error.code == .cancelled: throw error
            case .queued: return .waits(because: nil)
            }
        }
    }

    /// The profile.
    let shared: SharedClient
    let keepsMessages = true

    func send(
        _ message: OutgoingMessage,
        in conversation: Conversation
    ) async throws(DocketClientError) -> any MessageDelivery {
        do throws(EnqueueError) {
            let sent = try await shared.send(
                message.text,
                in: conversation,
                continuing: message.request,
                attachments: message.attachments,
                id: message.id
            )
            return Delivery(message: sent, shared: shared)
        } catch {
            throw DocketClientError(error)
        }
    }

    func waiting(
        in conversation: Conversation
    ) async throws(DocketClientError) -> [QueuedMessage] {
        try await shared.queued().filter { $0.conversationID == conversation.id }
    }
}
