package import DocketDomain
package import Foundation

/// Changes the store.
///
/// Everything of one transaction becomes durable together, or nothing does.
package protocol StoreTransaction: StoreReading {
    /// Adds an entry to the log, with the digest of its event, and gives its offset, the one after
    /// the head.
    ///
    /// Without a conversation it concerns the desk as a whole.
    func append(
        _ event: Data,
        to conversation: ConversationID?,
        audience: Audience,
        digest: Digest
    ) throws(StoreError) -> UInt64
    /// Keeps how far the chain goes.
    func keep(_ chain: AuditChain) throws(StoreError)
    /// Keeps a value of the chain for good.
    func keep(checkpoint chain: AuditChain) throws(StoreError)
    /// Gives an entry its digest that was written before there were any.
    func setDigest(_ digest: Digest, at offset: UInt64) throws(StoreError)
    /// Keeps something, as of a moment.
    func write(_ change: StoreChange, at moment: Timestamp) throws(StoreError)

    /// Forgets the oldest verdicts from before a moment, and gives how many there were.
    func purgeVerdicts(before moment: Timestamp, limit: Int) throws(StoreError) -> Int
    /// Forgets sessions that expired before a moment, and gives how many there were.
    func purgeSessions(before moment: Timestamp, limit: Int) throws(StoreError) -> Int
    /// Forgets the oldest attachments from before a moment that no message names, and gives how
    /// many there were.
    ///
    /// The commands that created them are forgotten too, so that their ids are as if they had never
    /// been used, and their contents are known as discarded `now`.
    func purgeUnusedAttachments(
        before moment: Timestamp,
        at now: Timestamp,
        limit: Int
    ) throws(StoreError) -> Int
    /// Sets every timer back by a span of whole milliseconds, as the clock was, and keeps what the
    /// clock shows since. A negative span takes that back from each, as far as it was set back.
    func setTimersBack(by span: Duration, at moment: Timestamp) throws(StoreError)
    /// Makes the text at an offset unknown to searches; it has to be the very text that was said.
    /// Nothing happens where the index has not come so far.
    func removeFromIndex(_ offset: UInt64, text: String) throws(StoreError)
}
