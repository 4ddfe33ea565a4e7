internal import DocketClient
internal import DocketTerminal

/// Requests in a table, with a column for whatever at least one of them has.
struct RequestTable {
    private struct Column {
        let column: TextTable.Column
        /// Whether it stands there even when it is empty.
        var isAlwaysShown = false
        let value: (SupportRequest) -> TerminalText
    }

    let table: TextTable

    /// A table of requests as they are at a moment.
    init(_ requests: [SupportRequest], at now: Timestamp) {
        let columns = Self.columns(at: now).filter { column in
            column.isAlwaysShown || requests.contains { !column.value($0).isEmpty }
        }
        var table = TextTable(columns: columns.map(\.column))
        for request in requests { table.append(columns.map { $0.value(request) }) }
        self.table = table
    }

    private static func columns(at now: Timestamp) -> [Column] {
        [
            Column(
                column: .init("NUMBER", alignment: .trailing, importance: .key),
                isAlwaysShown: true
            ) { "\($0.number)" },
            Column(
                column: .init("WAITS", alignment: .trailing, importance: .useful),
                isAlwaysShown: true
            ) { $0.waitingSince.map { RequestOutput.age($0, at: now) } ?? "-" },
            Column(column: .init("LAST", importance: .detail)) { "\(lastAuthor(of: $0))" },
            Column(column: .init("STATUS"), isAlwaysShown: true) {
                "\($0.status)" + ($0.isLive ? ", live" : "")
            },
            Column(column: .init("PRIORITY", importance: .useful)) {
                "\($0.details.priority ?? "")"
            },
            Column(column: .init("TOPIC", importance: .detail)) { "\($0.details.topic ?? "")" },
            Column(column: .init("TAGS", importance: .detail)) {
                "\($0.details.tags.joined(separator: " "))"
            },
            Column(column: .init("CONTACT"), isAlwaysShown: true) {
                "\($0.contact?.name ?? "")" + ($0.details.isInternal ? " (internal)" : "")
            },
            Column(column: .init("AGENT", importance: .useful)) { "\($0.assignee?.name ?? "")" },
            Column(column: .init("CHANNEL", importance: .detail), isAlwaysShown: true) {
                "\($0.channel)"
            },
            Column(column: .init("ABOUT"), isAlwaysShown: true) {
                "\($0.title.isEmpty ? $0.summary : $0.title)"
            },
        ]
    }

    /// Who wrote last, from where the agent stands.
    private static func lastAuthor(of request: SupportRequest) -> String {
        switch request.lastAuthor {
        case .contact: "contact"
        case .agent: "agent"
        case .integration, .partner, .desk, .unknown, nil: ""
        }
    }
}
