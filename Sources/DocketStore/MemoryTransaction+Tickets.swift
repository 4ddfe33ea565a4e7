internal import DocketDomain

extension MemoryTransaction {
    func insert(_ ticket: TicketRecord) {
        state.tickets[ticket.partner, default: [:]][Array(ticket.externalKey.utf8)] = ticket
    }

    func ticket(of partner: PrincipalID, externalKey: String) -> TicketRecord? {
        state.tickets[partner]?[Array(externalKey.utf8)]
    }

    func tickets(
        of partner: PrincipalID,
        prefix: String,
        after externalKey: String,
        limit: Int
    ) -> [TicketRecord] {
        let start = Array(externalKey.utf8)
        let found = (state.tickets[partner] ?? [:]).filter { key, _ in
            key.starts(with: prefix.utf8) && start.lexicographicallyPrecedes(key)
        }
        return found.sorted { $0.key.lexicographicallyPrecedes($1.key) }.prefix(limit)
            .map(\.value)
    }

    func entries(
        broughtBy partner: PrincipalID,
        after offset: UInt64,
        through last: UInt64,
        limit: Int
    ) -> [LogEntry] {
        tail(after: offset).lazy.filter { item in
            item.entry.offset <= last && item.entry.audience == .conversation
                && self.bringer(of: item) == partner
        }.prefix(limit).map(\.entry)
    }

    private func bringer(of item: MemoryState.Entry) -> PrincipalID? {
        let contact = item.conversation.flatMap { state.conversations[$0] }?.conversation.contact
        guard let contact, let record = state.principals[PrincipalID(contact.id)],
            case .external(let bringer, _) = record.details
        else { return nil }
        return bringer
    }
}
