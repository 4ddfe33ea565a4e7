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
        guard let kind = Kind(rawValue: reason) else { return nil }
        let parts = detail.split(separator: " ", maxSplits: 1).map(String.init)
        switch kind {
        case .alreadyAssigned:
            guard let id = parts.first.flatMap({ AgentID($0) }) else { return nil }
            self = .alreadyAssigned(
                Agent(id: id, name: parts.count > 1 ? parts[1] : "")
            )
        case .invalidTransition:
            self = .invalidTransition(allowed: detail.split(separator: " ").map(String.init))
        case .versionConflict:
            guard let current = parts.first.flatMap({ UInt64($0) }) else { return nil }
            // An older verdict does not say what it is about.
            let subject = parts.count > 1 ? Versioned(rawValue: parts[1]) : .request
            guard let subject else { return nil }
            self = .versionConflict(current: current, of: subject)
        case .textEmpty:
            guard let field = TextField(rawValue: detail) else { return nil }
            self = .textEmpty(field)
        case .textTooLong:
            guard parts.count == 2, let limit = UInt64(parts[0]),
                let field = TextField(rawValue: parts[1])
            else { return nil }
            self = .textTooLong(field, limit: limit)
        case .kindDisabled:
            guard let kind = UInt8(detail).flatMap(RequestKind.init) else { return nil }
            self = .kindDisabled(kind)
        case .missingFields: self = .missingFields(Self.list(detail))
        case .invalidValue:
            let words = Self.list(detail)
            guard let field = words.first else { return nil }
            self = .invalidValue(field: field, allowed: Array(words.dropFirst()))
        case .tooMany:
            guard parts.count == 2, let limit = UInt64(parts[0]) else { return nil }
            self = .tooMany(field: parts[1], limit: limit)
        case .inUse: self = .inUse(Self.list(detail))
        case .tooManyAttachments:
            guard let limit = UInt64(detail) else { return nil }
            self = .tooManyAttachments(limit: limit)
        case .attachmentUnusable:
            guard let attachment = AttachmentID(detail) else { return nil }
            self = .attachmentUnusable(attachment)
        case .notFound: self = .notFound
        case .notPermitted: self = .notPermitted
        case .notAssignee: self = .notAssignee
        case .notMember: self = .notMember
        case .requestNotOpen: self = .requestNotOpen
        case .unknownStatus: self = .unknownStatus
        case .unknownChannel: self = .unknownChannel
        case .unknownAgent: self = .unknownAgent
        case .splitNotOffered: self = .splitNotOffered
        case .splitLeavesNothing: self = .splitLeavesNothing
        case .notMergeable: self = .notMergeable
        case .repliesRefused: self = .repliesRefused
        case .contactBlocked: self = .contactBlocked
        case .noChange: self = .noChange
        case .loginTaken: self = .loginTaken
        case .wrongPassword: self = .wrongPassword
        case .lastAdministrator: self = .lastAdministrator
        case .nameTaken: self = .nameTaken
        }
    }

    /// What parts the elements of a list: no key, path or description has a line end.
    private static let separator = "\n"

    private static func list(_ detail: String) -> [String] {
        detail.split(separator: separator).map(String.init)
    }
}
