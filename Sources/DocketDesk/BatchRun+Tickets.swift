internal import DocketDomain
internal import DocketStore

extension BatchRun {
    /// Opens a request that a partner pushes, unless it is there; with its contact, where the
    /// partner names that one for the first time.
    ///
    /// A request that is refused makes no contact.
    mutating func perform(
        _ push: TicketPush,
        of submission: Submission
    ) throws(Interruption) -> Acceptance {
        guard let principal = submission.principal, case .partner(let partner) = principal.identity,
            let key = submission.key
        else { throw .rejected(.notPermitted) }
        do throws(Rejection) {
            try check(push)
        } catch {
            throw .rejected(error)
        }
        let (known, contact) = try read { transaction throws(StoreError) in
            (
                try transaction.ticket(of: partner, externalKey: push.externalKey),
                try transaction.contact(of: partner, externalID: push.contactExternalID)
            )
        }
        if let known {
            guard known.digest == key.digest else { throw .keyReused }
            return try acceptAgain(known, principal)
        }
        let newContact = contact == nil ? makeContact(of: push, broughtBy: partner) : nil
        var creation = push.creation
        creation.contact = (contact ?? newContact).map { ContactID($0.id) }
        let acceptance = try perform(
            .createRequest(creation),
            of: submission,
            by: principal,
            for: newContact
        )
        let ticket = TicketRecord(
            partner: partner,
            externalKey: push.externalKey,
            request: creation.id,
            digest: key.digest
        )
        try storing { () throws(StoreError) in try transaction.insert(ticket) }
        return acceptance
    }

    /// Refuses names that are none.
    private func check(_ push: TicketPush) throws(Rejection) {
        try check(push.externalKey, .externalKey, bytes: TextLimits.externalKeyBytes)
        try check(push.contactExternalID, .externalID, bytes: TextLimits.externalIDBytes)
        try check(push.contactName, .name)
    }

    /// The contact whom a ticket names for the first time.
    private func makeContact(of push: TicketPush, broughtBy partner: PrincipalID) -> PrincipalRecord
    {
        let id = parts.random.nextID(at: now)
        parts.random.useID()
        let details = PrincipalRecord.Details.external(
            integration: partner,
            externalID: push.contactExternalID
        )
        return PrincipalRecord(
            id: PrincipalID(id),
            name: push.contactName,
            details: details
        )
    }

    /// The answer to a ticket that was pushed before, under whatever id.
    private func acceptAgain(
        _ ticket: TicketRecord,
        _ principal: Principal
    ) throws(Interruption) -> Acceptance {
        let (request, record) = try read { transaction throws(StoreError) in
            (
                try transaction.situation(ofRequest: ticket.request).request,
                try transaction.record(of: CommandID(ticket.request))
            )
        }
        guard let request, case .created(let offset)? = record?.answer else {
            throw .unavailable(.outcomeUnknown)
        }
        return Acceptance(
            offset: offset,
            result: .request(message(of: request, for: principal)),
            isRepetition: true
        )
    }
}
