internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketTerminal

/// Tells how tickets stand.
struct StatusCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell how tickets stand, and what agents said in them.",
        discussion: """
            With keys it tells about these tickets, with what agents said. Without keys it
            lists all that were ever pushed, by their keys.

              docket-ticket-push status crm/8841 --key-file key
              docket-ticket-push status --prefix crm/ --open --key-file key
            """
    )
    /// How much of a list comes at once.
    private static let pageLength = 200

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "What you call the tickets.")
    var keys: [String] = []

    @Option(help: "Only tickets whose keys begin so.")
    var prefix = ""

    @Flag(help: "Only tickets that are not closed.")
    var open = false

    func validate() throws {
        guard keys.isEmpty || prefix.isEmpty && !open else {
            throw ValidationError("--prefix and --open choose from all tickets: name no keys")
        }
    }

    func act() async throws -> ExitStatus {
        try await connection.withPartner { client in
            guard !keys.isEmpty else { return try await list(client) }
            var foundAll = true
            for key in keys where try await !tell(key, client) { foundAll = false }
            return foundAll ? .done : .notFound
        }
    }

    private func list(_ client: DocketClient) async throws -> ExitStatus {
        var page: PageToken?
        repeat {
            let list = try await client.tickets.list(
                keyPrefix: prefix,
                limit: Self.pageLength,
                page: page
            )
            for request in list.items where !open || !request.category.isFinal {
                try tell(request)
            }
            page = list.next
        } while page != nil
        return .done
    }

    /// Tells about one ticket; false where there is none.
    private func tell(_ key: String, _ client: DocketClient) async throws -> Bool {
        let request: SupportRequest
        do throws(DocketClientError) {
            request = try await client.tickets.get(externalKey: key)
        } catch  where error.refusal?.reason == "not_found" {
            try OutputWriter.standardError.writeLine(
                "\(TerminalText(untrusted: key, as: .field)): no such ticket was pushed"
            )
            return false
        } catch {
            throw error
        }
        try tell(request)
        var place: UInt64 = 0
        while true {
            let page = try await client.tickets.messages(of: request.id, after: place)
            for said in page.messages {
                place = said.sequence
                guard case .messagePosted(let message) = said.event.fact,
                    let line = TicketLine.comment(
                        message,
                        by: said.event.actor,
                        on: request.number
                    )
                else { continue }
                try OutputWriter.standard.writeLine(line)
            }
            guard page.hasMore, !page.messages.isEmpty else { return true }
        }
    }

    private func tell(_ request: SupportRequest) throws {
        try OutputWriter.standard.writeLine(
            TicketLine.status(
                request.statusName,
                of: request.details.externalKey ?? "",
                number: request.number,
                title: request.title
            )
        )
    }
}
