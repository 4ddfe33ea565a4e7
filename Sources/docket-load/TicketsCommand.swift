internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import Foundation

/// Measures how fast a partner's tickets become durable requests.
struct TicketsCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "tickets",
        abstract: "Push tickets as a partner, each of a contact of its own, with the library.",
        discussion: """
            The credentials' administrator makes a partner, whose clients push the tickets in
            batches. pushed_per_second counts tickets with a verdict, which are durable
            requests then. Ends with status 1 if a ticket was refused, or if the desk does
            not list each of them once.
            """
    )

    @Option(help: "The credentials file that docketd serve --dev writes.")
    var credentials: String

    @Option(help: "Tickets to push.")
    var tickets = 20_000

    @Option(help: "Clients that push at the same time.")
    var clients = 8

    @Option(help: "Tickets of one call.")
    var batch = 100

    @Flag(help: "End with one JSON object.")
    var json = false

    func validate() throws {
        guard (1...1_000_000).contains(tickets) else {
            throw ValidationError("--tickets takes 1 to 1000000")
        }
        guard (1...64).contains(clients) else { throw ValidationError("--clients takes 1 to 64") }
        guard (1...Tickets.ticketsInPush).contains(batch) else {
            throw ValidationError("--batch takes 1 to \(Tickets.ticketsInPush)")
        }
    }

    func act() async throws -> ExitStatus {
        let saved = try SavedCredentials(contentsOf: credentials)
        guard let administrator = saved.administrator else {
            throw CommandFailure("The credentials have no administrator.", status: .usage)
        }
        let name = "load-\(UUID().uuidString.prefix(8))"
        let key = try await DocketClient.withClient(to: saved.server, as: administrator) {
            try await $0.administration.createPartner(name: name).text
        }
        guard let key else { throw CommandFailure("The key was not shown.", status: .refused) }
        var report = LoadReport()
        report.rateName = "pushed_per_second"
        let began = ContinuousClock.now
        let refused = try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 0..<clients {
                group.addTask { try await push(as: client, saved.server, .apiKey(key)) }
            }
            return try await group.reduce(0, +)
        }
        report.elapsed = began.duration(to: .now)
        report.count = UInt64(tickets)
        let listed = try await listed(saved.server, .apiKey(key))
        report.errors = UInt64(refused + abs(tickets - listed))
        try report.write(asJSON: json)
        return report.errors == 0 ? .done : .refused
    }

    /// Pushes the tickets of one client, and gives how many were refused.
    private func push(
        as number: Int,
        _ server: Server,
        _ key: Credential
    ) async throws -> Int {
        try await DocketClient.withClient(to: server, as: key) { client in
            let own = Array(stride(from: number, to: tickets, by: clients))
            var refused = 0
            for start in stride(from: 0, to: own.count, by: batch) {
                let part = own[start..<min(start + batch, own.count)]
                let verdicts = try await client.tickets.push(part.map(ticket))
                refused += verdicts.count { verdict in
                    if case .refused = verdict { true } else { false }
                }
            }
            return refused
        }
    }

    private func ticket(_ number: Int) -> TicketDraft {
        TicketDraft(
            "load/\(number)",
            of: "contact/\(number)",
            named: "Contact \(number)",
            channel: "api",
            text: "The printer on floor \(number) does not print. It says that the tray is empty."
        )
    }

    /// How many tickets the desk lists.
    private func listed(_ server: Server, _ key: Credential) async throws -> Int {
        try await DocketClient.withClient(to: server, as: key) { client in
            var keys: Set<String> = []
            var page: PageToken?
            repeat {
                let found = try await client.tickets.list(limit: 200, page: page)
                keys.formUnion(found.items.compactMap(\.details.externalKey))
                page = found.next
            } while page != nil
            return keys.count
        }
    }
}
