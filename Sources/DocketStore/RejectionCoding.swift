package import DocketDomain

extension Rejection {
    /// What a refusal says beside its reason, as a stored verdict keeps it.
    package var detail: String {
        switch self {
        case .alreadyAssigned(let agent): "\(agent.id) \(agent.name)"
        case .invalidTransition(let allowed): allowed.joined(separator: " ")
        case .versionConflict(let current, let subject): "\(current) \(subject.rawValue)"
        case .textEmpty(let field): field.rawValue
        case .textTooLong(let field, let limit): "\(limit) \(field.rawValue)"
        case .kindDisabled(let kind): String(kind.rawValue)
        case .missingFields(let fields): fields.joined(separator: Self.separator)
        case .invalidValue(let field, let allowed):
            ([field] + allowed).joined(separator: Self.separator)
        case .tooMany(let field, let limit): "\(limit) \(field)"
        case .inUse(let paths): paths.joined(separator: Self.separator)
        case .tooManyAttachments(let limit): String(limit)
        case .attachmentUnusable(let attachment): attachment.description
        case .notFound, .notPermitted, .notAssignee, .notMember, .requestNotOpen,
            .unknownStatus, .unknownChannel, .unknownAgent, .splitNotOffered,
            .splitLeavesNothing, .notMergeable, .repliesRefused, .contactBlocked, .noChange,
            .loginTaken, .wrongPassword, .lastAdministrator, .nameTaken:
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
            let parts = detail.split(separator: " ", maxSplits: 1)
            guard let current = parts.first.flatMap({ UInt64($0) }) else { return nil }
            // An older verdict does not say what it is about.
            let subject = parts.count > 1 ? Versioned(rawValue: String(parts[1])) : .request
            guard let subject else { return nil }
            self = .versionConflict(current: current, of: subject)
        case "text_empty":
            guard let field = TextField(rawValue: detail) else { return nil }
            self = .textEmpty(field)
        case "text_too_long":
            let parts = detail.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let limit = UInt64(parts[0]),
                let field = TextField(rawValue: String(parts[1]))
            else { return nil }
            self = .textTooLong(field, limit: limit)
        case "kind_disabled":
            guard let kind = UInt8(detail).flatMap(RequestKind.init) else { return nil }
            self = .kindDisabled(kind)
        case "missing_fields": self = .missingFields(Self.parts(detail))
        case "invalid_value":
            let parts = Self.parts(detail)
            guard let field = parts.first else { return nil }
            self = .invalidValue(field: field, allowed: Array(parts.dropFirst()))
        case "too_many":
            let parts = detail.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let limit = UInt64(parts[0]) else { return nil }
            self = .tooMany(field: String(parts[1]), limit: limit)
        case "in_use": self = .inUse(Self.parts(detail))
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

    /// What parts the elements of a list: no key, path or description has a line end.
    private static let separator = "\n"

    private static func parts(_ detail: String) -> [String] {
        detail.split(separator: separator).map(String.init)
    }

    /// The refusals that say nothing beside their reason.
    private static let plain: [Rejection] = [
        .notFound, .notPermitted, .notAssignee, .notMember, .requestNotOpen, .unknownStatus,
        .unknownChannel, .unknownAgent, .splitNotOffered, .splitLeavesNothing, .notMergeable,
        .repliesRefused, .contactBlocked, .noChange, .loginTaken, .wrongPassword,
        .lastAdministrator, .nameTaken,
    ]
}
