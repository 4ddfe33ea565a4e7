/// Why a command is refused for good: the same command will always be refused so.
package enum Rejection: Error, Hashable, Sendable {
    /// What the command names does not exist, or its author may not know that it does.
    case notFound
    /// A principal of this kind, or with this role, never does this.
    case notPermitted
    /// Only the agent who has the request does this.
    case notAssignee
    /// Somebody has the request already.
    case alreadyAssigned(Agent)
    /// The request has reached a status in which this is no longer done.
    case requestNotOpen
    /// The status cannot follow the present one; these can.
    case invalidTransition(allowed: [StatusKey])
    /// The policy has no such status.
    case unknownStatus
    /// The policy has no such channel.
    case unknownChannel
    /// There is no such agent.
    case unknownAgent
    /// Everything is so already.
    case noChange
    /// The request is not at the version that the author has seen.
    case versionConflict(current: UInt64)
    /// A text that must say something is empty.
    case textEmpty(TextField)
    /// A text is longer than so many bytes of UTF-8.
    case textTooLong(TextField, limit: UInt64)
    /// Another agent signs in with this login.
    case loginTaken
    /// A message names more than so many files.
    case tooManyAttachments(limit: UInt64)
    /// A message names a file that it may not have, or that does not exist.
    case attachmentUnusable(AttachmentID)

    /// The stable word for programs, in lower_snake_case.
    package var reason: String {
        switch self {
        case .notFound: "not_found"
        case .notPermitted: "not_permitted"
        case .notAssignee: "not_assignee"
        case .alreadyAssigned: "already_assigned"
        case .requestNotOpen: "request_not_open"
        case .invalidTransition: "invalid_transition"
        case .unknownStatus: "unknown_status"
        case .unknownChannel: "unknown_channel"
        case .unknownAgent: "unknown_agent"
        case .noChange: "no_change"
        case .versionConflict: "version_conflict"
        case .textEmpty: "text_empty"
        case .textTooLong: "text_too_long"
        case .loginTaken: "login_taken"
        case .tooManyAttachments: "too_many_attachments"
        case .attachmentUnusable: "attachment_unusable"
        }
    }
}
