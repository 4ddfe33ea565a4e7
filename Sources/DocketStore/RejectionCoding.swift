package import DocketDomain

extension Rejection {
    /// What a refusal says beside its reason, as a stored verdict keeps it.
    package var detail: String {
        switch self {
        case .alreadyAssigned(let agent): "\(agent.id) \(agent.name)"
        case .invalidTransition(let allowed): allowed.joined(separator: " ")
        case .versionConflict(let current): String(current)
        case .textEmpty(let field): field.rawValue
        case .textTooLong(let field, let limit): "\(limit) \(field.rawValue)"
        case .tooManyAttachments(let limit): String(limit)
        case .attachmentUnusable(let attachment): attachment.description
        case .notFound, .notPermitted, .notAssignee, .requestNotOpen, .unknownStatus,
            .unknownChannel, .unknownAgent, .noChange, .loginTaken:
            ""
        }
    }

    /// Takes a refusal from a stored verdict; `nil` for a reason that this version does not know.
    package init?(reason: String, detail: String) {
        if let plain = Self.plain.first(where: { $0.reason == reason }) {
            self = plain
            return
        }
        switch reason {
        case "already_assigned":
            let parts = detail.split(separator: " ", maxSplits: 1)
            guard let id = parts.first.flatMap({ AgentID(String($0)) }) else { return nil }
            self = .alreadyAssigned(
                Agent(id: id, name: parts.count > 1 ? String(parts[1]) : "")
            )
        case "invalid_transition":
            self = .invalidTransition(allowed: detail.split(separator: " ").map(String.init))
        case "version_conflict":
            guard let current = UInt64(detail) else { return nil }
            self = .versionConflict(current: current)
        case "text_empty":
            guard let field = TextField(rawValue: detail) else { return nil }
            self = .textEmpty(field)
        case "text_too_long":
            let parts = detail.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let limit = UInt64(parts[0]),
                let field = TextField(rawValue: String(parts[1]))
            else { return nil }
            self = .textTooLong(field, limit: limit)
        case "too_many_attachments":
            guard let limit = UInt64(detail) else { return nil }
            self = .tooManyAttachments(limit: limit)
        case "attachment_unusable":
            guard let attachment = AttachmentID(detail) else { return nil }
            self = .attachmentUnusable(attachment)
        default:
            return nil
        }
    }

    /// The refusals that say nothing beside their reason.
    private static let plain: [Rejection] = [
        .notFound, .notPermitted, .notAssignee, .requestNotOpen, .unknownStatus,
        .unknownChannel, .unknownAgent, .noChange, .loginTaken,
    ]
}
