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
    /// The agent whom an assignment names, if there is one; in a merge, the agent of the request
    /// that ends.
    package let agent: Agent?
    /// The login of the agent who is to have the request, where its topic is for members only.
    ///
    /// In a merge the request is the survivor.
    package let login: String?
    /// The contact whom an integration or an agent names, if it is one they may name.
    package let contact: Contact?
    /// The agents whom changes of watchers name, so far as there are such.
    package let agents: [Agent]
    /// The contacts whom changes of participants name, so far as there are such.
    package let contacts: [Contact]
    /// The files that a message names and may have: complete, uploaded by the message's author for
    /// its conversation, and not part of another message.
    package let attachments: [Attachment]
    /// The bounds of attachments.
    package let attachmentLimits: AttachmentLimits
    /// What a mark covers beyond the author's earlier one.
    package let marked: MarkedEntries

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
        login: String? = nil,
        contact: Contact? = nil,
        agents: [Agent] = [],
        contacts: [Contact] = [],
        attachments: [Attachment] = [],
        attachmentLimits: AttachmentLimits = AttachmentLimits(),
        marked: MarkedEntries = MarkedEntries()
    ) {
        self.principal = principal
        self.expectedVersion = expectedVersion
        self.policy = policy
        self.now = now
        self.head = head
        self.newRequestID = newRequestID
        self.newRequestNumber = newRequestNumber
        self.agent = agent
        self.login = login
        self.contact = contact
        self.agents = agents
        self.contacts = contacts
        self.attachments = attachments
        self.attachmentLimits = attachmentLimits
        self.marked = marked
    }
}
