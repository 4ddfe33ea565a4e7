import DocketClient

/// The listings of the tutorial on a partner's tickets.
private struct PartnerTutorial {
    /// A row of another company's system.
    struct Case {
        let id: Int
        let customer: Int
        let customerName: String
        let subject: String
        let body: String
    }

    private func connect(_ server: Server, _ key: String) async throws {
        let partner = try await DocketClient.connect(to: server, as: .apiKey(key))
        for channel in try await partner.channels() { print(channel.key, channel.requiresTitle) }
    }

    func ticket(for row: Case) -> TicketDraft {
        var ticket = TicketDraft(
            "crm/\(row.id)",
            of: "crm/customer/\(row.customer)",
            named: row.customerName,
            channel: "api",
            text: row.body
        )
        ticket.title = row.subject
        return ticket
    }

    private func push(_ partner: DocketClient, _ tickets: [TicketDraft]) async throws {
        let verdicts = try await partner.tickets.push(tickets)
        for (ticket, verdict) in zip(tickets, verdicts) {
            switch verdict {
            case .pushed(let pushed): print("\(ticket.externalKey) is #\(pushed.number)")
            case .refused(let refusal, mayBeRepeated: false):
                print("\(ticket.externalKey): \(refusal.reason) \(refusal.particulars)")
            case .refused(_, mayBeRepeated: true):
                print("\(ticket.externalKey): push it again in a while")
            }
        }
    }

    private func keep(_ partner: DocketClient, _ ticket: TicketDraft) async throws {
        let pending = try await partner.tickets.send(ticket)
        _ = try await partner.tickets.send(comment: "It smokes now", on: ticket.id)
        switch await pending.outcome(within: .seconds(10)) {
        case .delivered(let pushed): print("\(ticket.externalKey) is #\(pushed.number)")
        case .refused(let refusal): print("\(ticket.externalKey): \(refusal.reason)")
        case let other: print("\(ticket.externalKey) is kept: \(other)")
        }
    }

    private func follow(_ partner: DocketClient, from kept: Cursor?) async throws {
        for try await update in partner.feed(from: kept.map(FeedStart.after) ?? .now) {
            if case .event(let event) = update.content, let request = event.request {
                switch event.fact {
                case .statusChanged(let change):
                    print("#\(request.number): \(change.statusNameForContact ?? change.to)")
                case .messagePosted(let message) where event.actor?.kind == .agent:
                    print("#\(request.number): \(message.text)")
                default: break
                }
            }
            keep(update.cursor)
        }
    }

    /// Keeps a cursor; a real program writes it down.
    private func keep(_ cursor: Cursor) { print(cursor) }

    private func catchUp(_ partner: DocketClient) async throws {
        let place = try await partner.snapshot().cursor
        var page: PageToken?
        repeat {
            let list = try await partner.tickets.list(keyPrefix: "crm/", limit: 200, page: page)
            for request in list.items {
                print(request.details.externalKey ?? "", request.statusName)
            }
            page = list.next
        } while page != nil
        keep(place)
    }

    private func comment(_ partner: DocketClient) async throws {
        let request = try await partner.tickets.get(externalKey: "crm/8841")
        let receipt = try await partner.tickets.comment("It smokes now", on: request.id)
        print("it stands in #\(receipt.requestNumber)")
    }
}
