internal import DocketDomain
internal import DocketStore
internal import Foundation

/// Opens a request that a partner pushes, unless it is there; with its contact, where the partner
/// names that one for the first time.
///
/// A request that is refused makes no contact.
extension TicketPush: DeskCommand {
    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        guard case .partner(let partner) = step.submission.principal?.identity,
            let key = step.submission.key
        else { throw .rejected(.notPermitted) }
        try step.check(externalKey, .externalKey, bytes: TextLimits.externalKeyBytes)
        try step.check(contactExternalID, .externalID, bytes: TextLimits.externalIDBytes)
        try step.check(contactName, .name)
        let need = TicketNeed(partner: partner, externalKey: externalKey)
        if let known = try step.workspace.find(need) {
            guard known.digest == key.digest else { throw .keyReused }
            step.noteRepetition()
            return try acceptAgain(known, in: step)
        }
        let contact = try step.workspace.find(
            ExternalContactNeed(broughtBy: partner, externalID: contactExternalID)
        )
        let newContact = contact == nil ? makeContact(broughtBy: partner, in: &step) : nil
        var creation = creation
        creation.contact = (contact ?? newContact).map { ContactID($0.id) }
        let decided = try Creation(creation: creation, newContact: newContact).decide(in: &step)
        step.change(
            .ticket(
                TicketRecord(
                    partner: partner,
                    externalKey: externalKey,
                    request: creation.id,
                    digest: key.digest
                )
            )
        )
        guard let request = decided.decision.after.request else {
            preconditionFailure("whoever may open a request has one then")
        }
        return Acceptance(offset: decided.last, result: .ticket(RequestReference(request)))
    }

    /// The contact whom a ticket names for the first time.
    private func makeContact(
        broughtBy partner: PrincipalID,
        in step: inout Step
    ) -> PrincipalRecord {
        step.useChance()
        return PrincipalRecord(
            id: PrincipalID(step.conditions.chance.beside),
            name: contactName,
            details: .external(integration: partner, externalID: contactExternalID)
        )
    }

    /// The answer to a ticket that was pushed before, under whatever id.
    private func acceptAgain(
        _ ticket: TicketRecord,
        in step: Step
    ) throws(Interruption) -> Acceptance {
        let request = try step.workspace.request(ticket.request)
        let record = try step.workspace.find(RecordNeed(CommandID(ticket.request)))
        guard let request, case .created(let offset)? = record?.answer else {
            throw .unavailable(.outcomeUnknown)
        }
        return Acceptance(
            offset: offset,
            result: .ticket(RequestReference(request)),
            isRepetition: true
        )
    }

    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        try step.workspace.request(creation.id).map { .ticket(RequestReference($0)) }
    }
}

extension RequestReference {
    fileprivate init(_ request: SupportRequest) {
        self.init(id: request.id, number: request.number)
    }
}

extension Identifier {
    /// Another id of the same chance, which no decision makes: those it makes count in the last
    /// bits.
    fileprivate var beside: Identifier { Identifier(high: high, low: low ^ (1 << 32)) }
}
