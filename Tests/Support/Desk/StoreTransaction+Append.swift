package import DocketDomain
package import DocketStore
package import Foundation

extension StoreTransaction {
    /// Adds an entry with the digest that a desk of these tests would give it.
    package func append(
        _ event: Data,
        to conversation: ConversationID?,
        audience: Audience
    ) throws(StoreError) -> UInt64 {
        try append(
            event,
            to: conversation,
            audience: audience,
            digest: DeskFixture.digest(event)
        )
    }
}
