internal import DocketDomain
internal import DocketRPC
internal import DocketStore

/// How a verdict of the desk is told.
extension Rejection {
    /// The reason by which the protocol knows it.
    ///
    /// What somebody may not do is answered like what is absent.
    var wireReason: Reason {
        switch self {
        case .notFound, .notPermitted, .unknownAgent: .notFound
        case .notAssignee: .notAssignee
        case .notMember: .notMember
        case .alreadyAssigned: .alreadyAssigned
        case .requestNotOpen: .requestNotOpen
        case .invalidTransition: .invalidTransition
        case .unknownStatus: .unknownStatus
        case .unknownChannel: .unknownChannel
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
        case .textEmpty: .fieldMissing
        case .textTooLong: .fieldTooLong
        case .loginTaken: .loginTaken
        case .wrongPassword: .wrongPassword
        case .lastAdministrator: .lastAdministrator
        case .tooManyAttachments: .tooManyAttachments
        case .attachmentUnusable: .attachmentUnusable
        case .nameTaken: .nameTaken
        }
    }

    /// What a person is told.
    var explanation: String {
        switch self {
        case .notFound, .notPermitted: "not found"
        case .unknownAgent: "no such agent, or the agent is locked"
        case .notAssignee: "only the agent who has the request may do this"
        case .notMember: "only members of the request's topic may have it"
        case .alreadyAssigned(let agent): "\(agent.name) already has the request"
        case .requestNotOpen: "the request is closed"
        case .invalidTransition: "the request cannot go from its status to that one"
        case .unknownStatus: "the policy has no such status"
        case .unknownChannel: "the policy has no such channel"
        case .kindDisabled(let kind): "the desk does not handle requests of the kind \(kind.word)"
        case .missingFields(let fields): "fill in first: \(fields.joined(separator: ", "))"
        case .invalidValue(let field, let allowed):
            allowed.isEmpty
                ? "the policy has nothing for \(field)"
                : "\(field) must be one of: \(allowed.joined(separator: ", "))"
        case .tooMany(let field, let limit): "\(field) may have at most \(limit)"
        case .splitNotOffered: "there are no new messages to split off"
        case .splitLeavesNothing: "a split must leave at least one message"
        case .notMergeable: "these requests cannot be merged"
        case .repliesRefused: "the request takes no more replies"
        case .contactBlocked: "the company takes no messages from this contact"
        case .inUse(let paths): "something depends on \(paths.joined(separator: ", "))"
        case .noChange: "nothing to change: it is already as asked"
        case .versionConflict(_, .nothing):
            "what the command makes or changes has no version; leave expected_version out"
        case .versionConflict(let current, let subject):
            "the \(subject.rawValue) has changed meanwhile and is at version \(current)"
        case .textEmpty(let field): "the field \(field.rawValue) is empty"
        case .textTooLong(let field, let limit):
            "the field \(field.rawValue) is longer than \(limit) bytes"
        case .loginTaken: "another agent has this login"
        case .wrongPassword: "the old password is wrong"
        case .lastAdministrator: "no other administrator can sign in"
        case .tooManyAttachments(let limit): "a message has at most \(limit) attachments"
        case .attachmentUnusable: "the message may not have one of the files it names"
        case .nameTaken: "another company has this name"
        }
    }

    /// What a program is told beside the reason.
    var particulars: [Metadatum] {
        switch self {
        case .invalidTransition(let allowed): [.list("allowed", allowed)]
        case .versionConflict(let current, _): [.text("version", "\(current)")]
        case .missingFields(let fields): [.list("fields", fields)]
        case .inUse(let paths): [.list("in_use", paths)]
        case .kindDisabled: [.text("field", "kind")]
        case .tooManyAttachments(let limit): [.text("limit", "\(limit)")]
        case .attachmentUnusable(let attachment): [.text("attachment", "\(attachment)")]
        case .invalidValue(let field, _), .tooMany(let field, _): [.text("field", field)]
        case .textEmpty(let field), .textTooLong(let field, _): [.text("field", field.rawValue)]
        case .notFound, .notPermitted, .unknownAgent, .notAssignee, .notMember, .alreadyAssigned,
            .requestNotOpen, .unknownStatus, .unknownChannel, .splitNotOffered,
            .splitLeavesNothing, .notMergeable, .repliesRefused, .contactBlocked, .noChange,
            .loginTaken, .wrongPassword, .lastAdministrator, .nameTaken:
            []
        }
    }
}
