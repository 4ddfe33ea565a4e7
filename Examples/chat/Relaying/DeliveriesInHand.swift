internal import DocketClient
internal import Synchronization

/// The deliveries that the program has and has not answered yet.
///
/// A conversation has one at a time, so there are never more than a relay keeps.
final class DeliveriesInHand: Sendable {
    private let deliveries = Mutex<[MessageID: Delivery]>([:])

    /// The program gets a delivery.
    func take(_ delivery: Delivery) {
        deliveries.withLock { $0[delivery.message.id] = delivery }
    }

    /// The delivery with an id.
    ///
    /// - Throws: `OrderRefusal` where the program has none of that id.
    func delivery(_ id: MessageID) throws(OrderRefusal) -> Delivery {
        guard let delivery = deliveries.withLock({ $0[id] }) else {
            throw OrderRefusal(
                "not_in_hand",
                "no delivery \(id) waits for an answer: it was answered, or will come again"
            )
        }
        return delivery
    }

    /// Answers a delivery, after which it is out of the program's hands.
    ///
    /// It is out of them before, as it may come again at once.
    ///
    /// - Parameters:
    ///   - id: The delivery.
    ///   - answer: Answers it.
    /// - Throws: `OrderRefusal` where the program has none of that id, and what `answer` throws;
    ///   then the program has it still.
    func answer(_ id: MessageID, _ answer: (Delivery) async throws -> Void) async throws {
        let delivery = try delivery(id)
        release(id)
        do {
            try await answer(delivery)
        } catch {
            take(delivery)
            throw error
        }
    }

    /// A delivery needs no answer any more.
    func release(_ id: MessageID) {
        deliveries.withLock { _ = $0.removeValue(forKey: id) }
    }
}
