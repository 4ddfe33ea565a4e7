/// Why a command is refused for good: the same command will always be refused so.
package enum Rejection: Error, Hashable, Sendable {
    /// What the command names does not exist, or its author may not know that it does.
    case notFound
    /// A principal of this kind, or with this role, never does this.
    case notPermitted
    /// Only the agent who has the request does this.
    case notAssignee
    /// Only members of the request's topic have its requests.
    case notMember
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
    /// The desk does not handle requests of this kind.
    case kindDisabled(RequestKind)
    /// These fields have to be filled first.
    case missingFields([String])
    /// A value is not one that may stand there; what is allowed.
    case invalidValue(field: String, allowed: [String])
    /// There may be so many at most.
    case tooMany(field: String, limit: UInt64)
    /// No messages can be split off now.
    case splitNotOffered
    /// A split has to take some messages and leave some.
    case splitLeavesNothing
    /// The two requests cannot become one: they are one already, or of two conversations, or one of
    /// them is gone, or a chat between them would take the contact's next message, or the older one
    /// is over for good and the newer one is open work.
    case notMergeable
    /// The contact may write nothing more to the request.
    case repliesRefused
    /// The company takes nothing from the contact.
    case contactBlocked
    /// Requests use what the policy lacks or has otherwise; contacts speak for the company.
    case inUse([String])
    /// There is nothing to change.
    case noChange
    /// Something is not at the version that the author has seen.
    case versionConflict(current: UInt64, of: Versioned = .request)
    /// A text that must say something is empty.
    case textEmpty(TextField)
    /// A text is longer than so many bytes of UTF-8.
    case textTooLong(TextField, limit: UInt64)
    /// Another agent signs in with this login.
    case loginTaken
    /// The old password of a change is not the agent's.
    case wrongPassword
    /// No other administrator can sign in.
    case lastAdministrator
    /// Another company has this name, in whatever case.
    case nameTaken
    /// A message names more than so many files.
    case tooManyAttachments(limit: UInt64)
    /// A message names a file that it may not have, or that does not exist.
    case attachmentUnusable(AttachmentID)

    /// Its case alone, by the stable word for programs in lower_snake_case.
    package enum Kind: String, Sendable, CaseIterable {
        case notFound = "not_found"
        case notPermitted = "not_permitted"
        case notAssignee = "not_assignee"
        case notMember = "not_member"
        case alreadyAssigned = "already_assigned"
        case requestNotOpen = "request_not_open"
        case invalidTransition = "invalid_transition"
        case unknownStatus = "unknown_status"
        case unknownChannel = "unknown_channel"
        case unknownAgent = "unknown_agent"
        case kindDisabled = "kind_disabled"
        case missingFields = "missing_fields"
        case invalidValue = "invalid_value"
        case tooMany = "too_many"
        case splitNotOffered = "split_not_offered"
        case splitLeavesNothing = "split_leaves_nothing"
        case notMergeable = "not_mergeable"
        case repliesRefused = "replies_refused"
        case contactBlocked = "contact_blocked"
        case inUse = "in_use"
        case noChange = "no_change"
        case versionConflict = "version_conflict"
        case textEmpty = "text_empty"
        case textTooLong = "text_too_long"
        case loginTaken = "login_taken"
        case wrongPassword = "wrong_password"
        case lastAdministrator = "last_administrator"
        case nameTaken = "name_taken"
        case tooManyAttachments = "too_many_attachments"
        case attachmentUnusable = "attachment_unusable"
    }

    /// Which case it is.
    package var kind: Kind {
        switch self {
        case .notFound: .notFound
        case .notPermitted: .notPermitted
        case .notAssignee: .notAssignee
        case .notMember: .notMember
        case .alreadyAssigned: .alreadyAssigned
        case .requestNotOpen: .requestNotOpen
        case .invalidTransition: .invalidTransition
        case .unknownStatus: .unknownStatus
        case .unknownChannel: .unknownChannel
        case .unknownAgent: .unknownAgent
        case .kindDisabled: .kindDisabled
        case .missingFields: .missingFields
        case .invalidValue: .invalidValue
        case .tooMany: .tooMany
        case .splitNotOffered: .splitNotOffered
        case .splitLeavesNothing: .splitLeavesNothing
        case .notMergeable: .notMergeable
        case .repliesRefused: .repliesRefused
        case .contactBlocked: .contactBlocked
        case .inUse: .inUse
        case .noChange: .noChange
        case .versionConflict: .versionConflict
        case .textEmpty: .textEmpty
        case .textTooLong: .textTooLong
        case .loginTaken: .loginTaken
        case .wrongPassword: .wrongPassword
        case .lastAdministrator: .lastAdministrator
        case .nameTaken: .nameTaken
        case .tooManyAttachments: .tooManyAttachments
        case .attachmentUnusable: .attachmentUnusable
        }
    }

    /// The stable word for programs, in lower_snake_case.
    package var reason: String { kind.rawValue }
}
