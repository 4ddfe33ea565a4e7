internal import DocketDomain
internal import DocketMessages
internal import Foundation

extension AdministrativeChange {
    /// The change as a message of the protocol.
    var message: Docket_V1_Administered {
        var message = Docket_V1_Administered()
        (message.subject, message.subjectID) = subject.message
        message.subjectName = name
        message.action = Docket_V1_AdministeredAction(action)
        message.fields = fields.map { field in
            var changed = Docket_V1_FieldChanged()
            changed.field = field.field
            changed.before = field.before
            changed.after = field.after
            return changed
        }
        message.endedSessions = sessionEnds.map { Data($0.session.bytes) }
        message.sessionsEndMilliseconds = sessionEnds.first?.moment?.milliseconds ?? 0
        return message
    }

    /// Takes the change from a message; `nil` where it is none that this version wrote.
    init?(message: Docket_V1_Administered) {
        guard let subject = Subject(message.subject, message.subjectID),
            let action = Action(rawValue: UInt8(clamping: message.action.rawValue))
        else { return nil }
        let end = message.sessionsEndMilliseconds
        let moment = end == 0 ? nil : Timestamp(milliseconds: end)
        let sessions = message.endedSessions.compactMap { SessionID($0) }
        guard sessions.count == message.endedSessions.count else { return nil }
        self.init(
            subject,
            name: message.subjectName,
            action,
            fields: message.fields.map {
                FieldChange(field: $0.field, before: $0.before, after: $0.after)
            },
            sessionEnds: sessions.map { SessionEnd($0, at: moment) }
        )
    }
}

extension AdministrativeChange.Subject {
    fileprivate var message: (kind: Docket_V1_AdministeredSubject, id: Data) {
        switch self {
        case .contact(let id): (.subjectContact, id.data)
        case .agent(let id): (.subjectAgent, id.data)
        case .integration(let id): (.subjectIntegration, id.data)
        case .partner(let id): (.subjectPartner, id.data)
        case .company(let id): (.subjectCompany, id.data)
        }
    }

    fileprivate init?(_ kind: Docket_V1_AdministeredSubject, _ bytes: Data) {
        guard let id = PrincipalID(bytes: bytes) else { return nil }
        switch kind {
        case .subjectContact: self = .contact(ContactID(id))
        case .subjectAgent: self = .agent(AgentID(id))
        case .subjectIntegration: self = .integration(id)
        case .subjectPartner: self = .partner(id)
        case .subjectCompany: self = .company(CompanyID(id))
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension Docket_V1_AdministeredAction {
    fileprivate init(_ action: AdministrativeChange.Action) {
        self =
            switch action {
            case .created: .actionCreated
            case .changed: .actionChanged
            case .removed: .actionRemoved
            case .keysRevoked: .actionKeysRevoked
            case .sessionsEnded: .actionSessionsEnded
            case .locked: .actionLocked
            case .unlocked: .actionUnlocked
            case .passwordSet: .actionPasswordSet
            case .keyAdded: .actionKeyAdded
            case .signedOut: .actionSignedOut
            }
    }
}
