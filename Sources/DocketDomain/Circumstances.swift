/// What a decision depends on beside the command and the state it touches.
package struct Circumstances: Sendable {
    /// Who asks.
    package let principal: Principal
    /// The version of the request that the author has seen, if told.
    package let expectedVersion: UInt64?
    /// The rules.
    package let policy: Policy
    /// The moment of the decision; before that of an earlier one only where the clock was wrong.
    package let now: Timestamp
    /// The offset of the log's last entry.
    package let head: UInt64
    /// The id that a request opened by this command gets.
    package let newRequestID: RequestID
    /// The number that a request opened by this command gets.
    package let newRequestNumber: UInt64
    /// The agent whom an assignment names, if there is one.
    package let agent: Agent?
    /// The contact whom an integration names, if it is one of the integration's own.
    package let contact: Contact?
    /// The files that a message names and may have: complete, uploaded by the message's author for
    /// its conversation, and not part of another message.
    package let attachments: [Attachment]
    /// The bounds of attachments.
    package let attachmentLimits: AttachmentLimits

    /// Describes the circumstances of a decision.
    package init(
        principal: Principal,
        expectedVersion: UInt64? = nil,
        policy: Policy,
        now: Timestamp,
        head: UInt64,
        newRequestID: RequestID,
        newRequestNumber: UInt64,
        agent: Agent? = nil,
        contact: Contact? = nil,
        attachments: [Attachment] = [],
        attachmentLimits: AttachmentLimits = AttachmentLimits()
    ) {
        self.principal = principal
        self.expectedVersion = expectedVersion
        self.policy = policy
        self.now = now
        self.head = head
        self.newRequestID = newRequestID
        self.newRequestNumber = newRequestNumber
        self.agent = agent
        self.contact = contact
        self.attachments = attachments
        self.attachmentLimits = attachmentLimits
    }
}
