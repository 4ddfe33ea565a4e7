package import DocketDomain
package import DocketMessages
package import DocketStore

/// The desk's answer to a submission, given after its transaction has ended.
package enum Reply: Sendable {
    /// It took effect, now or when it was first submitted, and is durable.
    case accepted(Acceptance)
    /// It is refused for good: the same submission will always be refused so.
    case refused(Rejection)
    /// Its id was used before, for another content or by another principal. Nothing more is said.
    case keyReused
    /// It did not come to a decision; the same submission may succeed later.
    case unavailable(Unavailability)
}

extension Reply {
    /// Whether it took effect.
    package var isAcceptance: Bool {
        if case .accepted = self { true } else { false }
    }
}

/// Why a submission did not come to a decision.
package enum Unavailability: Error, Hashable, Sendable {
    /// The store has no room left. Nothing took effect.
    case diskFull
    /// Another process holds the store's files, such as somebody who looks into them. Nothing took
    /// effect.
    case busy
    /// Too many commands wait. Nothing took effect.
    case overloaded
    /// The desk is ending. Nothing took effect.
    case stopped
    /// The principal has as many complete files as it may that no message names. Nothing took
    /// effect.
    case tooManyUnusedFiles(limit: Int)
    /// Something of the store that it needs is damaged. Nothing took effect.
    case storeDamaged
    /// One before it in its lane did not take effect, so it was not looked at.
    case notReached
    /// The commit failed: whether it took effect is not known. The desk stops; the same submission
    /// after its return has one effect either way.
    case outcomeUnknown

    /// Whether nothing took effect for certain.
    package var isNotProcessed: Bool {
        switch self {
        case .diskFull, .busy, .overloaded, .stopped, .tooManyUnusedFiles, .storeDamaged,
            .notReached:
            true
        case .outcomeUnknown: false
        }
    }
}

/// How a submission took effect.
package struct Acceptance: Sendable {
    /// What came of it.
    package enum Result: Sendable {
        /// A message was posted.
        case message(PostedMessage)
        /// A note was added, at this place among the notes of its request.
        case note(sequence: UInt64)
        /// A conversation, as it is now.
        case conversation(Docket_V1_Conversation)
        /// A request, as it was after the change; one that was created, as it is now.
        case request(Docket_V1_Request)
        /// A ticket is this request.
        case ticket(RequestReference)
        /// The read mark stands.
        case readMark
        /// Somebody who may sign in.
        case principal(Party)
        /// A contact, as it was after the change; one that was created, as it is now.
        case contact(Docket_V1_Contact)
        /// A company, as it was after the change; one that was created, as it is now.
        case company(Docket_V1_Company)
        /// The company is gone.
        case companyRemoved
        /// So many sessions have ended.
        case sessionsEnded(UInt32)
        /// The policy is in force under this version.
        case policy(version: UInt64)
        /// The session as it was opened.
        case sessionOpened(SessionRecord)
        /// An attachment may be used.
        case attachment(Attachment)
        /// Contents are no longer known as discarded.
        case contentsForgotten
        /// Timers have fired or follow other rules.
        case timersFollowed
    }

    /// Where the effect stands in the log; 0 for what the log does not tell.
    package let offset: UInt64
    /// What came of it.
    package let result: Result
    /// Whether this answers a repetition.
    package let isRepetition: Bool

    /// Describes how a submission took effect.
    package init(offset: UInt64, result: Result, isRepetition: Bool = false) {
        self.offset = offset
        self.result = result
        self.isRepetition = isRepetition
    }
}

/// Where a message came to stand.
package struct PostedMessage: Hashable, Sendable {
    /// The message's place among the public entries of its request, from 1.
    package let sequence: UInt64
    /// The request it went to.
    package let request: RequestID
    /// That request's number.
    package let requestNumber: UInt64
    /// When the desk took it.
    package let acceptedAt: Timestamp
}
