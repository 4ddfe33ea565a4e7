internal import DocketDomain
internal import DocketStore

extension SQLiteReading {
    func ticket(
        of partner: PrincipalID,
        externalKey: String
    ) throws(StoreError) -> TicketRecord? {
        try storedTicket(of: partner, externalKey: externalKey)
    }

    func storedTicket(
        of partner: PrincipalID,
        externalKey: String
    ) throws(StoreError) -> TicketRecord? {
        try row(Statements.ticket, [.id(partner), .text(externalKey)]) { try $0.ticket() }
    }

    func tickets(
        of partner: PrincipalID,
        prefix: String,
        after externalKey: String,
        limit: Int
    ) throws(StoreError) -> [TicketRecord] {
        let values: [4 of SQLValue] = [
            .id(partner), .text(externalKey), .text(prefix), .number(limit),
        ]
        // Keys that begin alike stand together.
        let found = try rows(Statements.tickets, values) { try $0.ticket() }
        return Array(found.prefix { $0.externalKey.utf8.starts(with: prefix.utf8) })
    }

    func entries(
        broughtBy partner: PrincipalID,
        after offset: UInt64,
        through last: UInt64,
        limit: Int
    ) throws(StoreError) -> [LogEntry] {
        try rows(
            Statements.entriesBroughtBy,
            [.number(offset), .number(last), .id(partner), .number(limit)]
        ) { try $0.entry() }
    }
}

extension SQLiteTransaction {
    func insert(_ ticket: TicketRecord) throws(StoreError) {
        let known = newRows.number(of: ticket.request)
        let number =
            if let known { known } else { try situation(ofRequest: ticket.request).request?.number }
        newRows.add(
            ticket: [
                .number(try key(of: ticket.partner)), .text(ticket.externalKey), .number(number),
                .digest(ticket.digest),
            ],
            named: ExternalName(owner: ticket.partner, name: ticket.externalKey)
        )
    }

    func ticket(
        of partner: PrincipalID,
        externalKey: String
    ) throws(StoreError) -> TicketRecord? {
        let name = ExternalName(owner: partner, name: externalKey)
        if newRows.hasTicket(name) { try writeNewRows() }
        return try storedTicket(of: partner, externalKey: externalKey)
    }
}

extension StatementRow {
    fileprivate func ticket() throws -> TicketRecord {
        TicketRecord(
            partner: try id(0),
            externalKey: text(1),
            request: try id(2),
            digest: try digest(3)
        )
    }
}
